import type { BalanceUpdateItem, ItemFailure, PlannedItem } from '../../domain/balance-update.js'
import { formatEffectiveAt, formatRate } from '../../domain/exchange.js'
import { availableBalance, formatAmount, type Balances } from '../../domain/money.js'
import type { Currency } from '../../domain/currency.js'
import { describeItemFailure } from '../../domain/item-failure.js'

/** How the request names the parts of an item. */
const FIELD_NAMES = {
  actual: 'act_balance',
  blocked: 'blk_balance',
  currency: 'bill_ccy',
  externalReference: 'account_ext_ref'
} as const

const INPUT_NAMES = { account: 'Account', token: 'Token' } as const

/** The body of an answer that counts the failed items (Paymentology). */
export interface FailedItems {
  readonly total_failed: number
  /** Grammar of an entry: `Account: 987654321, Reason: Account does not exist`. No reason holds a semicolon. */
  readonly failed_note: string
}

/** Counts and describes the items that failed. */
export function describeFailedItems (items: readonly PlannedItem[]): FailedItems {
  const notes = items.filter((entry) => entry.status === 'failed').map(({ item, failure }) =>
    `${INPUT_NAMES[item.inputType]}: ${item.inputId}, Reason: ${describeFailure(failure, item)}`)
  return { total_failed: notes.length, failed_note: notes.join('; ') }
}

/**
 * Writes the answer to an update that was applied.
 *
 * @param representation whether `body.results` is wanted
 * @returns the JSON text that goes out and is kept for replays
 */
export function writeAnswer (items: readonly PlannedItem[], representation: boolean): string {
  return JSON.stringify({
    header: { error_id: 0, error_desc: 'success' },
    body: { ...describeFailedItems(items), ...representation ? { results: items.map(describeItem) } : {} }
  })
}

function describeItem (entry: PlannedItem, index: number): object {
  const { item } = entry
  const subject = { index, input_type: item.inputType === 'account' ? 'a' : 't', input_id: item.inputId.toString() }
  if (entry.status === 'failed') return { ...subject, status: 'failed', reason: describeFailure(entry.failure, item) }
  const { account: { accountId, currency }, previous, next, conversion } = entry
  const before = describeBalances(previous, currency)
  const after = describeBalances(next, currency)
  return {
    ...subject,
    status: 'updated',
    account_id: accountId.toString(),
    currency: currency.numericCode,
    previous_actual: before.actual,
    previous_blocked: before.blocked,
    previous_available: before.available,
    ...after,
    rate: formatRate(conversion),
    rate_effective_at: formatEffectiveAt(conversion)
  }
}

function describeBalances (balances: Balances, currency: Currency): {
  actual: string
  blocked: string
  available: string
} {
  return {
    actual: formatAmount(balances.actual, currency),
    blocked: formatAmount(balances.blocked, currency),
    available: formatAmount(availableBalance(balances), currency)
  }
}

function describeFailure (failure: ItemFailure, item: BalanceUpdateItem): string {
  return describeItemFailure(failure, { ...FIELD_NAMES, subject: INPUT_NAMES[item.inputType] })
}
