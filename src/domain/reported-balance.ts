import type { Currency } from './currency.js'
import { countDecimals, decimalOfUnits, readDecimal, subtractDecimals, type Decimal } from './decimal.js'
import type { Instant } from './instant.js'
import type { AmountFault } from './money.js'

/** A balance that a client reports to its AML monitor. It says what was, and changes no balance. */
export interface ReportedBalance {
  /** Names the report. Each is used once per client. */
  readonly communicationNumber: string
  /** The name of the reporting system. */
  readonly requester: string
  /** The external reference of the account within the client. */
  readonly externalReference: string
  readonly balanceType: string | undefined
  readonly businessUnit: string | undefined
  /** The moment of the balance. */
  readonly balanceAt: Instant
  /** Major units of the account's currency, as the sender wrote the number: `200.00` is not made `200`. */
  readonly value: string
  /** The value in the institution's base currency, in major units, as the sender wrote it. */
  readonly equivalentValue: string | undefined
}

/** The lists that a client's reports are held against. */
export interface ReportLists {
  readonly balanceTypes: readonly string[]
  /**
   * Undefined for a client that has none. It may leave the business unit out, and one that it sends is kept as sent.
   */
  readonly businessUnits: readonly string[] | undefined
}

/** Why a report is rejected. A dialect puts it into words. */
export type ReportFault =
  | 'balance-type-unknown'
  | 'business-unit-missing'
  | 'business-unit-unknown'
  | 'communication-number-used'
  | 'account-unknown'

/** What the rules have to know of the state that a report meets. */
export interface ReportCircumstances {
  /** Whether the client's communication number was used before. */
  readonly isNumberUsed: boolean
  readonly isAccountKnown: boolean
}

/** How large a reported value may be: as many digits before the point as the greatest balance without decimals has. */
export const VALUE_WHOLE_DIGITS = 19
export const VALUE_DECIMALS = 18

/**
 * Finds what keeps a value from being kept as it is written. Decimals count as they are written, also the zeros at
 * their end, because they are kept.
 *
 * @param text a number as JSON writes it
 * @returns undefined when it has at most 19 digits before the point and 18 behind it
 */
export function findValueFault (text: string): AmountFault | undefined {
  if (countDecimals(text) > VALUE_DECIMALS) return 'too-many-decimals'
  const { coefficient, exponent } = readDecimal(text)
  const digits = coefficient.toString().replace('-', '').length
  return digits + exponent > VALUE_WHOLE_DIGITS ? 'out-of-range' : undefined
}

/**
 * Finds why a report is to be rejected, the first of: its balance type is not in the list, its business unit is
 * missing or not in the list, its number was used before, its account is unknown. (AMLYZE publishes the faults
 * but not their order; that is our ruling.)
 *
 * @returns undefined when it is to be accepted
 */
export function findReportFault (
  report: ReportedBalance, lists: ReportLists, { isNumberUsed, isAccountKnown }: ReportCircumstances
): ReportFault | undefined {
  const { balanceType, businessUnit } = report
  if (balanceType !== undefined && !lists.balanceTypes.includes(balanceType)) return 'balance-type-unknown'
  if (lists.businessUnits !== undefined) {
    if (businessUnit === undefined) return 'business-unit-missing'
    if (!lists.businessUnits.includes(businessUnit)) return 'business-unit-unknown'
  }
  if (isNumberUsed) return 'communication-number-used'
  return isAccountKnown ? undefined : 'account-unknown'
}

/**
 * Tells how far a reported value is from the stand-in balance, exactly: reported − held.
 *
 * @param value in major units, a number as JSON writes it in which `findValueFault` finds no fault
 * @param heldMinorUnits the actual balance, in minor units of `currency`, which must be the value's currency as well
 */
export function driftOf (value: string, heldMinorUnits: bigint, currency: Currency): Decimal {
  return subtractDecimals(readDecimal(value), decimalOfUnits(heldMinorUnits, currency.minorUnitDecimals))
}
