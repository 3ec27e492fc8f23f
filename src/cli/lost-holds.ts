import type { Transaction } from '../../schemas/sandbox/payments.js'
import type { Column } from './table.js'

/** How many payments a cell of a table names. */
const NAMED = 3

/** Names payments: `payment 7`, or `payments 7, 8`. Nothing for none. */
export function namePayments (tids: readonly string[]): string {
  if (tids.length === 0) return ''
  return `payment${tids.length === 1 ? '' : 's'} ${tids.join(', ')}`
}

/**
 * The payments whose holds a change of balances wiped, for a table that shows the column only where there is one. A
 * long list is cut, so that the table stays narrow.
 */
export function lostHoldColumn<Row> (lostHoldsOf: (row: Row) => readonly string[]): Column<Row> {
  return {
    title: 'Lost holds',
    optional: true,
    value: (row) => {
      const tids = lostHoldsOf(row)
      const more = tids.length - NAMED
      return `${namePayments(tids.slice(0, NAMED))}${more > 0 ? ` and ${more} more` : ''}`
    }
  }
}

/** Tells in a line which holds were lost, all of them. Nothing where none was. */
export function describeLostHolds (tids: readonly string[]): string {
  return tids.length === 0 ? '' : `Lost holds: ${namePayments(tids)}\n`
}

/** @returns the remaining amount of a hold that the blocked balance does not contain; undefined where none was lost */
export function lostHoldOf ({ hold }: Transaction): string | undefined {
  return hold === null || hold.counted || !/[1-9]/.test(hold.remaining) ? undefined : hold.remaining
}
