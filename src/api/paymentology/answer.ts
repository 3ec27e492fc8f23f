import type { AmountField, BalanceUpdateItem, ItemFailure, PlannedItem } from '../../domain/balance-update.js'
import { formatRate } from '../../domain/exchange.js'
import { availableBalance, formatAmount, type Balances } from '../../domain/money.js'
import type { Currency } from '../../domain/currency.js'

/** How the request names the amounts of an item. */
const FIELD_NAMES: Readonly<Record<AmountField, string>> = { actual: 'act_balance', blocked: 'blk_balance' }

const INPUT_NAMES = { account: 'Account', token: 'Token' } as const

/** The body of an answer that counts the failed items (Paymentology). */
export interface FailedItems {
  readonly total_failed: number
  /** Grammar of an entry: `Account: 987654321, Reason: Account does not exist`. No reason holds a semicolon. */
  readonly failed_note: string
}

/** Counts and describes the items that failed. */
export function describeFailedItems (items: readonly PlannedItem[]): FailedItems {
  const notes = items.flatMap((entry) => entry.status === 'updated'
    ? []
    : [`${INPUT_NAMES[entry.item.inputType]}: ${entry.item.inputId}, Reason: ${describeFailure(entry.failure, entry.item)}`])
  return { total_failed: notes.length, failed_note: notes.join('; ') }
}

/**
 * Writes the answer to an update that was carried out.
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
    rate: formatRate(conversion)
  }
}

function describeBalances (balances: Balances, currency: Currency): { actual: string, blocked: string, available: string } {
  return {
    actual: formatAmount(balances.actual, currency),
    blocked: formatAmount(balances.blocked, currency),
    available: formatAmount(availableBalance(balances), currency)
  }
}

/** The reason of a failed item, in the words of Paymentology's own messages where there are any. */
function describeFailure (failure: ItemFailure, item: BalanceUpdateItem): string {
  switch (failure.code) {
    case 'account-unknown':
      return `${INPUT_NAMES[item.inputType]} does not exist`
    case 'external-reference-mismatch':
      return 'account_ext_ref is not the external reference of the account'
    case 'currency-unknown':
      return `bill_ccy ${failure.currency} is not a current ISO 4217 currency with a minor unit`
    case 'amount-invalid':
      return failure.fault === 'too-many-decimals'
        ? `${FIELD_NAMES[failure.field]} has more decimals than ${failure.currency.alphaCode} has (${failure.currency.minorUnitDecimals})`
        : `${FIELD_NAMES[failure.field]} is outside the range of a balance`
    case 'blocked-negative':
      return 'blk_balance is negative'
    case 'rate-missing':
      return `No exchange rate from ${failure.from.alphaCode} to ${failure.to.alphaCode}`
    case 'converted-out-of-range':
      return `${FIELD_NAMES[failure.field]} converted to ${failure.currency.alphaCode} is outside the range of a balance`
    case 'conflicting-items':
      return 'Items of this request set different balances for the same account'
  }
}
