import { Type } from '@sinclair/typebox';
import { DEFAULT_PAGE_LIMIT, MAX_PAGE_LIMIT, PageLimitText } from '../address.js';
import { Nullable } from '../nullable.js';
import { ruled } from '../rule.js';
/** The parameters of every list. */
export const PageQuery = Type.Object({
    limit: Type.Optional(PageLimitText({
        description: `How many items the page may have, 1 to ${MAX_PAGE_LIMIT}; ${DEFAULT_PAGE_LIMIT} where it is left out.`
    })),
    cursor: Type.Optional(Type.String({
        minLength: 1,
        maxLength: 100,
        description: 'The `next_cursor` of the previous page. The first page needs none.'
    }))
}, { additionalProperties: false });
/** Where a list goes on. */
export const NextCursor = Nullable(Type.String(), 'Sent as `cursor`, it gives the next page. Null on the last one. What it holds is nobody\'s business.');
/** No stored text has U+0000: the reader of JSON refuses it, and not every engine can keep it. So no query has it. */
export const WITHOUT_NUL = ruled('^[^\\u0000]*$', 'a text without the character U+0000');
//# sourceMappingURL=pages.js.map