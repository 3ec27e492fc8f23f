import { allCurrencies, findCurrency, type Currency } from '../../domain/currency.js'
import { all, eachRun, int8, sql, statement, text, type Operation } from '../sql.js'

interface CurrencyRow {
  numeric_code: string
  alpha_code: string
  minor_unit_decimals: bigint
}

/** A currency whose amounts in the database would be shown with another value by this version. */
export interface ChangedCurrency {
  readonly remembered: Currency
  readonly known: Currency
}

/** What another process has remembered first stays. */
const REMEMBER = statement`INSERT INTO currencies (numeric_code, alpha_code, minor_unit_decimals)
  VALUES (${text}, ${text}, ${int8}) ON CONFLICT (numeric_code) DO NOTHING`

/**
 * Lets the database remember how many decimals the minor unit of each currency has, so that the amounts in it keep
 * their value whatever a later ISO 4217 says. For the opening of a store.
 *
 * Nothing here changes decimals that are remembered, also where no amount has them yet: another process may just be
 * about to store one. A version whose ISO 4217 has other decimals brings a migration. Behind a migration PostgreSQL
 * begins no transaction of an older version any more.
 *
 * @returns the first currency that is remembered with other decimals than this version knows
 */
export function * rememberCurrencies (): Operation<ChangedCurrency | undefined> {
  const remembered = yield * readRemembered()
  const changed = findChanged(remembered)
  const missing = allCurrencies.filter(({ numericCode }) => !remembered.has(numericCode))
  if (changed !== undefined || missing.length === 0) return changed
  yield * eachRun(REMEMBER, missing.map(({ numericCode, alphaCode, minorUnitDecimals }) =>
    [numericCode, alphaCode, BigInt(minorUnitDecimals)]))
  return findChanged(yield * readRemembered())
}

function findChanged (remembered: ReadonlyMap<string, Currency>): ChangedCurrency | undefined {
  for (const known of allCurrencies) {
    const earlier = remembered.get(known.numericCode) ?? known
    if (earlier.minorUnitDecimals !== known.minorUnitDecimals) return { remembered: earlier, known }
  }
  return undefined
}

/** Gives the currency of a stored code. Throws for a code that the database does not remember. */
export type CurrencyOf = (numericCode: string) => Currency

/**
 * Reads the currencies that the database remembers. One that ISO 4217 has withdrawn since is among them, with the
 * decimals that its amounts were stored with.
 */
export function * readCurrencies (): Operation<CurrencyOf> {
  const remembered = yield * readRemembered()
  return (numericCode) => {
    const currency = remembered.get(numericCode)
    if (currency !== undefined) return currency
    throw new Error(`the database holds amounts in currency ${numericCode}, whose decimals it does not remember`)
  }
}

function * readRemembered (): Operation<ReadonlyMap<string, Currency>> {
  const rows = yield * all<CurrencyRow>(sql`SELECT numeric_code, alpha_code, minor_unit_decimals FROM currencies`)
  return new Map(rows.map((row) => [row.numeric_code, currencyOfRow(row)]))
}

/** What ISO 4217 has withdrawn has no name here any more but its letters. */
function currencyOfRow (
  { numeric_code: numericCode, alpha_code: alphaCode, minor_unit_decimals: decimals }: CurrencyRow
): Currency {
  const name = findCurrency(numericCode)?.name ?? alphaCode
  return { numericCode, alphaCode, name, minorUnitDecimals: Number(decimals) }
}

/**
 * Says why a database that remembers other decimals is refused.
 *
 * @param database what it is called
 * @param setting the setting that names it
 */
export function describeChanged ({ remembered, known }: ChangedCurrency, database: string, setting: string): string {
  return `${database} keeps amounts in ${remembered.alphaCode} with ${remembered.minorUnitDecimals} decimals, ` +
    `and this version knows ${known.alphaCode} with ${known.minorUnitDecimals}: they would be shown with another ` +
    `value. Install the version of stip-sandbox that wrote them, or use another ${setting}`
}
