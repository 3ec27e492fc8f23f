import { findCurrency, type Currency } from './currency.js'
import type { Decimal } from './decimal.js'
import { convert, findConversion, type Conversion, type RateLookup } from './exchange.js'
import { containedAsOf, onceMore, setBeside, type Contains, type SetBeside, type UnawareHolds } from './holds.js'
import { toMinorUnits, type AmountFault, type Balances } from './money.js'

/** How an item names its account: by the account's number, or by the public token of one of its cards. */
export type InputType = 'account' | 'token'

/** One item of a balance update: which account, and what its two balances shall be. Balances are set, not added to. */
export interface BalanceUpdateItem {
  readonly inputType: InputType
  /** Account number or public token, 1 to 9223372036854775807. */
  readonly inputId: bigint
  /** Major units of `currency`. */
  readonly actual: Decimal
  /** Major units of `currency`. */
  readonly blocked: Decimal
  /** ISO 4217 numeric code, three digits. */
  readonly currency: string
  /** Must be the account's own where both are there. */
  readonly externalReference?: string | undefined
}

/** What the planning of an update has to know of an account. */
export interface Account {
  readonly accountId: bigint
  readonly currency: Currency
  readonly externalReference: string | undefined
  readonly balances: Balances
  /** The open holds that its issuer does not know of; undefined where there are none. */
  readonly unaware?: UnawareHolds | undefined
}

/** The two amounts that an item carries. */
export type AmountField = 'actual' | 'blocked'

/** Why an item fails. A dialect puts it into words. */
export type ItemFailure =
  | { readonly code: 'account-unknown' }
  | { readonly code: 'external-reference-mismatch' }
  | { readonly code: 'currency-unknown', readonly currency: string }
  | {
    readonly code: 'amount-invalid'
    readonly field: AmountField
    readonly fault: AmountFault
    readonly currency: Currency
  }
  | { readonly code: 'blocked-negative' }
  | { readonly code: 'rate-missing', readonly from: Currency, readonly to: Currency }
  | { readonly code: 'converted-out-of-range', readonly field: AmountField, readonly currency: Currency }
  | { readonly code: 'conflicting-items' }

/** An item that is to be written. */
export interface PlannedUpdate {
  readonly status: 'updated'
  readonly item: BalanceUpdateItem
  readonly account: Account
  readonly previous: Balances
  readonly next: Balances
  /** What the sender wants the balances to be: `next`, before holds that the sender does not know are added to it. */
  readonly asked: Balances
  /** The balances as sent, in minor units of `sentCurrency`. */
  readonly sent: Balances
  readonly sentCurrency: Currency
  readonly conversion: Conversion
  /** What it does with holds that the sender may not know of; undefined where there are none. */
  readonly beside: SetBeside | undefined
}

/** An item that is not written, and why. */
export interface PlannedFailure {
  readonly status: 'failed'
  readonly item: BalanceUpdateItem
  readonly failure: ItemFailure
}

export type PlannedItem = PlannedUpdate | PlannedFailure

/** What the rules look up. Both answers must stand still while an update is planned. */
export interface PlanningContext {
  /** Finds an account of the requesting client; another client's account is not found. */
  readonly findAccount: (inputType: InputType, inputId: bigint) => Account | undefined
  readonly findRate: RateLookup
  /** ISO 4217 numeric code of the currency that a cross rate may go through. */
  readonly pivotCurrency: string
  /** Tells which holds the balances contain; undefined where the sender does not say. */
  readonly contains?: Contains
}

/**
 * Decides for each item of a balance update which balances to write, or why it fails. Writes nothing.
 *
 * An item fails for the first of these that holds: its account is unknown, its external reference is
 * another one, its currency is none, an amount does not fit the currency, the blocked balance is negative,
 * no rate leads to the account's currency, the converted amount does not fit. Items that reach the same
 * account with different results all fail, so that no balance depends on the order of a list
 * (Paymentology publishes no order; this is our ruling). Items that failed for a reason of their own do not count
 * there.
 *
 * @returns one planned item an item, in the order of the items
 */
export function planBalanceUpdate (items: readonly BalanceUpdateItem[], context: PlanningContext): PlannedItem[] {
  const planned = items.map((item) => planItem(item, context))
  const lastByAccount = new Map<bigint, PlannedUpdate>()
  const contested = new Set<bigint>()
  for (const entry of planned) {
    if (entry.status === 'failed') continue
    const { accountId } = entry.account
    const earlier = lastByAccount.get(accountId)
    if (earlier !== undefined && !sameBalances(earlier.next, entry.next)) contested.add(accountId)
    lastByAccount.set(accountId, entry)
  }
  return lastByAccount.size === planned.length ? planned : settleRepeats(planned, contested)
}

/** Fails the items of contested accounts, and lets a repeated item start from what the one before it left. */
function settleRepeats (planned: readonly PlannedItem[], contested: ReadonlySet<bigint>): PlannedItem[] {
  const written = new Set<bigint>()
  return planned.map((entry) => {
    if (entry.status === 'failed') return entry
    const { accountId } = entry.account
    if (contested.has(accountId)) return failed(entry.item, { code: 'conflicting-items' })
    const { beside, next } = entry
    if (written.has(accountId)) return { ...entry, previous: next, beside: beside && onceMore(beside) }
    written.add(accountId)
    return entry
  })
}

function planItem (item: BalanceUpdateItem, context: PlanningContext): PlannedItem {
  const account = context.findAccount(item.inputType, item.inputId)
  if (account === undefined) return failed(item, { code: 'account-unknown' })
  if (!externalReferenceMatches(item, account)) return failed(item, { code: 'external-reference-mismatch' })
  const sentCurrency = findCurrency(item.currency)
  if (sentCurrency === undefined) return failed(item, { code: 'currency-unknown', currency: item.currency })

  const actual = toMinorUnits(item.actual, sentCurrency)
  if (typeof actual === 'string') {
    return failed(item, { code: 'amount-invalid', field: 'actual', fault: actual, currency: sentCurrency })
  }
  const blocked = toMinorUnits(item.blocked, sentCurrency)
  if (typeof blocked === 'string') {
    return failed(item, { code: 'amount-invalid', field: 'blocked', fault: blocked, currency: sentCurrency })
  }
  if (blocked < 0n) return failed(item, { code: 'blocked-negative' })

  const { currency } = account
  const conversion =
    findConversion(sentCurrency.numericCode, currency.numericCode, context.findRate, context.pivotCurrency)
  if (conversion === undefined) return failed(item, { code: 'rate-missing', from: sentCurrency, to: currency })
  const nextActual = convert(actual, sentCurrency, currency, conversion)
  if (nextActual === undefined) return failed(item, { code: 'converted-out-of-range', field: 'actual', currency })
  const nextBlocked = convert(blocked, sentCurrency, currency, conversion)
  if (nextBlocked === undefined) return failed(item, { code: 'converted-out-of-range', field: 'blocked', currency })

  const converted = { actual: nextActual, blocked: nextBlocked }
  const beside = account.unaware && setBeside(converted, account.unaware, context.contains ?? containedAsOf(undefined))
  if (beside === 'out-of-range') return failed(item, { code: 'converted-out-of-range', field: 'blocked', currency })
  return {
    status: 'updated',
    item,
    account,
    previous: account.balances,
    next: beside?.next ?? converted,
    asked: converted,
    beside,
    sent: { actual, blocked },
    sentCurrency,
    conversion
  }
}

function externalReferenceMatches (item: BalanceUpdateItem, account: Account): boolean {
  return item.externalReference === undefined ||
    account.externalReference === undefined ||
    item.externalReference === account.externalReference
}

/** Tells whether two accounts of one currency hold the same. */
export function sameBalances (left: Balances, right: Balances): boolean {
  return left.actual === right.actual && left.blocked === right.blocked
}

function failed (item: BalanceUpdateItem, failure: ItemFailure): PlannedFailure {
  return { status: 'failed', item, failure }
}
