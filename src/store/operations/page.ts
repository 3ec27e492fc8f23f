import type { Page } from '../port/page.js'

/**
 * Makes a page of rows that were read for it.
 *
 * @param rows one more than the limit where there are more
 * @param numberOf gives the number that a page can begin with
 */
export function pageOf<Row, Item> (
  rows: readonly Row[], limit: number, numberOf: (row: Row) => bigint, itemOf: (row: Row) => Item
): Page<Item> {
  const following = rows[limit]
  return { items: rows.slice(0, limit).map(itemOf), next: following === undefined ? undefined : numberOf(following) }
}
