import { Type, type Static } from '@sinclair/typebox'
import { Nullable } from '../nullable.js'

/** How many items a page has when nothing is said. */
export const DEFAULT_PAGE_LIMIT = 100

/** How many items a page has at most. */
export const MAX_PAGE_LIMIT = 1000

/** The parameters of every list. A query holds only strings, and none is turned into a number for the check. */
export const PageQuery = Type.Object({
  limit: Type.Optional(Type.String({
    pattern: '^([1-9][0-9]{0,2}|1000)$',
    description: `How many items the page may have, 1 to ${MAX_PAGE_LIMIT}; ${DEFAULT_PAGE_LIMIT} where it is left out.`
  })),
  cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'The `next_cursor` of the page before; left out for the first page.' }))
}, { additionalProperties: false })
export type PageQuery = Static<typeof PageQuery>

/** Where a list goes on. */
export const NextCursor = Nullable(Type.String(), 'Sent as `cursor`, it gives the next page. Null on the last one. What it holds is nobody\'s business.')
