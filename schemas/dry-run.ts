import { Type, type Static } from '@sinclair/typebox'

/**
 * The query of every call that changes balances. Any other parameter is refused, because a misspelt `dry_run`
 * would write.
 */
export const DryRunQuery = Type.Object({
  dry_run: Type.Optional(Type.Unsafe<'true' | 'false'>({
    type: 'string',
    enum: ['true', 'false'],
    description: '`true` carries the request out in full, answers as it would without, with the header `dry-run: true`, and takes everything back.'
  }))
}, { additionalProperties: false })
export type DryRunQuery = Static<typeof DryRunQuery>
