import { findCurrency, type Currency } from '../../domain/currency.js'

/**
 * Gives the currency of a stored code.
 *
 * @throws Error when ISO 4217, as this version knows it, no longer has the code: a balance whose decimals are
 *   not known must not be shown or changed
 */
export function currencyOf (numericCode: string): Currency {
  const currency = findCurrency(numericCode)
  if (currency === undefined) throw new Error(`the database holds currency ${numericCode}, which is no current ISO 4217 currency with a minor unit`)
  return currency
}
