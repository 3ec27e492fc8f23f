import assert from 'node:assert/strict'
import type { AmountField, ItemFailure } from './balance-update.js'

/** How a dialect names the parts of an item. */
export interface ItemNames extends Readonly<Record<AmountField, string>> {
  readonly subject: 'Account' | 'Token'
  readonly currency: string
  /** Undefined for a dialect whose items have none. */
  readonly externalReference?: string
}

/** Puts the reason of a failed item into words: Paymentology's own where it has any. None holds a semicolon. */
export function describeItemFailure (failure: ItemFailure, names: ItemNames): string {
  switch (failure.code) {
    case 'account-unknown':
      return `${names.subject} does not exist`
    case 'external-reference-mismatch':
      assert(names.externalReference !== undefined, 'an item without an external reference never has another one')
      return `${names.externalReference} is not the external reference of the account`
    case 'currency-unknown':
      return `${names.currency} ${failure.currency} is not a current ISO 4217 currency with a minor unit`
    case 'amount-invalid':
      return failure.fault === 'too-many-decimals'
        ? `${names[failure.field]} has more decimals than ${failure.currency.alphaCode} has ` +
          `(${failure.currency.minorUnitDecimals})`
        : `${names[failure.field]} is outside the range of a balance`
    case 'blocked-negative':
      return `${names.blocked} is negative`
    case 'rate-missing':
      return `No exchange rate from ${failure.from.alphaCode} to ${failure.to.alphaCode}`
    case 'converted-out-of-range':
      return `${names[failure.field]} converted to ${failure.currency.alphaCode} is outside the range of a balance`
    case 'conflicting-items':
      return 'Items of this request set different balances for the same account'
  }
}
