import { divideHalfToEven } from '../domain/exchange.js'
import { shiftLeft } from '../domain/decimal.js'
import type { Merchant, Money } from '../domain/payment.js'

/** The greatest amount that FAST can carry, in minor units: DE4, DE5 and DE6 have twelve digits. */
export const FAST_AMOUNT_MAX = 999_999_999_999n

/**
 * Writes an amount in minor units as DE4, DE5 and DE6 have it.
 *
 * @throws RangeError for an amount that is negative or above {@link FAST_AMOUNT_MAX}. To cut it would state a wrong one
 */
export function formatAmountElement (minorUnits: bigint): string {
  if (minorUnits < 0n || minorUnits > FAST_AMOUNT_MAX) {
    throw new RangeError(`FAST carries amounts from 0 to ${FAST_AMOUNT_MAX} minor units, and not ${minorUnits}`)
  }
  return String(minorUnits).padStart(12, '0')
}

/** DE10 where there is no conversion: 1.000000. */
const NO_CONVERSION = '61000000'

/** DE10 where no rate can be told: nothing is paid, or the rate has more than seven digits before the point. */
const NO_RATE = '00000000'

const RATE_DIGITS_END = 10n ** 7n

/**
 * Writes the rate from a transaction amount to its billing amount as DE10 has it: one digit that says how many decimals
 * the seven others have. Of the forms of a rate, this is the one with the most digits: 162.5 is `41625000`.
 *
 * The rate is the one of both amounts, so that DE6 is DE4 times DE10. It is rounded half to even.
 */
export function formatConversionRate (from: Money, to: Money): string {
  if (from.currency.numericCode === to.currency.numericCode) return NO_CONVERSION
  if (from.amount === 0n) return NO_RATE
  const dividend = shiftLeft(to.amount, from.currency.minorUnitDecimals)
  const divisor = shiftLeft(from.amount, to.currency.minorUnitDecimals)
  for (let decimals = 9; decimals >= 0; decimals -= 1) {
    const digits = divideHalfToEven(shiftLeft(dividend, decimals), divisor)
    if (digits < RATE_DIGITS_END) return digits === 0n ? NO_RATE : `${decimals}${String(digits).padStart(7, '0')}`
  }
  return NO_RATE
}

/** Fits a text into so many characters: filled up with spaces on the right, or cut off. */
export function fitText (text: string, width: number): string {
  const characters = Array.from(text.toWellFormed()).slice(0, width)
  return characters.join('') + ' '.repeat(width - characters.length)
}

/** DE43: 23 characters of name, 13 of city and 2 of country, with a space between them. */
export function formatMerchantPlace ({ name, city, country }: Merchant): string {
  return [fitText(name, 23), fitText(city, 13), fitText(country, 2)].join(' ')
}

/** The parts of a time, UTC. */
export interface TimeElements {
  /** `dd-MM-yyyy HH:mm:ss`, as SUMMARY has it. */
  readonly dateTime: string
  /** MMdd. */
  readonly date: string
  /** HHmmss. */
  readonly time: string
  /** The last digit of the year, the day of the year in three digits, and the hour: how DE37 begins. */
  readonly referencePrefix: string
}

const DAY_MS = 24 * 60 * 60 * 1000

/** The whole, year, month, day, hour, minute and second of a time that Node has written. */
type Fields = readonly [string, string, string, string, string, string, string]

/** Takes a time apart for the elements of a message. */
export function timeElements (atMs: number): TimeElements {
  const at = new Date(atMs)
  const [, year, month, day, hour, minute, second] =
    /^(\d+)-(\d+)-(\d+)T(\d+):(\d+):(\d+)/.exec(at.toISOString()) as unknown as Fields
  const dayOfYear = Math.floor((atMs - Date.UTC(at.getUTCFullYear(), 0)) / DAY_MS) + 1
  return {
    dateTime: `${day}-${month}-${year} ${hour}:${minute}:${second}`,
    date: `${month}${day}`,
    time: `${hour}${minute}${second}`,
    referencePrefix: `${year.slice(-1)}${String(dayOfYear).padStart(3, '0')}${hour}`
  }
}
