import { Type } from '@sinclair/typebox';
import { BooleanText } from './address.js';
/**
 * The query of every call that changes balances. Any other parameter is refused, because a misspelt `dry_run`
 * would write.
 */
export const DryRunQuery = Type.Object({
    dry_run: Type.Optional(BooleanText({
        description: '`true` applies the request and rolls it back. The answer is the same, with the header `dry-run: ' +
            'true`, and nothing is written.'
    }))
}, { additionalProperties: false });
//# sourceMappingURL=dry-run.js.map