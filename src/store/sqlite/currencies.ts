import { allCurrencies, findCurrency, type Currency } from '../../domain/currency.js'
import type { SqliteDatabase } from './connection.js'
import { DatabaseError } from './database-error.js'

interface CurrencyRow {
  numeric_code: string
  alpha_code: string
  minor_unit_decimals: bigint
}

/** Gives the currency of a stored code. Throws for a code that the database does not remember. */
export type CurrencyOf = (numericCode: string) => Currency

/**
 * Lets the database remember how many decimals the minor unit of each currency has, so that the amounts in it keep
 * their value whatever a later ISO 4217 says. To be called when the database is opened.
 *
 * @throws DatabaseError when a currency that amounts are stored in has other decimals now
 */
export function rememberCurrencies (database: SqliteDatabase): void {
  const isUsed = database.prepare<{ code: string }, bigint>(
    `SELECT EXISTS (SELECT 1 FROM accounts WHERE currency = @code)
       OR EXISTS (SELECT 1 FROM deleted_accounts WHERE currency = @code)
       OR EXISTS (SELECT 1 FROM snapshot_balances WHERE currency = @code)
       OR EXISTS (SELECT 1 FROM balance_changes WHERE @code IN (currency, sent_currency))`).pluck()
  const remember = database.prepare<CurrencyRow>(
    `INSERT INTO currencies (numeric_code, alpha_code, minor_unit_decimals)
     VALUES (@numeric_code, @alpha_code, @minor_unit_decimals)
     ON CONFLICT DO UPDATE SET minor_unit_decimals = excluded.minor_unit_decimals`)

  database.transaction(() => {
    const remembered = readRemembered(database)
    for (const { numericCode, alphaCode, minorUnitDecimals } of allCurrencies) {
      const earlier = remembered.get(numericCode)
      if (earlier?.minorUnitDecimals === minorUnitDecimals) continue
      if (earlier !== undefined && isUsed.get({ code: numericCode }) === 1n) {
        throw new DatabaseError(
          `${database.name} holds amounts in ${earlier.alphaCode} with ${earlier.minorUnitDecimals} decimals, ` +
          `and this version knows ${alphaCode} with ${minorUnitDecimals}: they would be shown with another value. ` +
          'Install the version of stip-sandbox that wrote them, or use another DATABASE_PATH')
      }
      remember.run({ numeric_code: numericCode, alpha_code: alphaCode, minor_unit_decimals: BigInt(minorUnitDecimals) })
    }
  }).immediate()
}

/**
 * Reads the currencies that the database remembers. One that ISO 4217 has withdrawn since is among them, with the
 * decimals that its amounts were stored with.
 */
export function readCurrencies (database: SqliteDatabase): CurrencyOf {
  const remembered = readRemembered(database)
  return (numericCode) => {
    const currency = remembered.get(numericCode)
    if (currency !== undefined) return currency
    throw new Error(`the database holds amounts in currency ${numericCode}, whose decimals it does not remember`)
  }
}

function readRemembered (database: SqliteDatabase): ReadonlyMap<string, Currency> {
  const rows =
    database.prepare<[], CurrencyRow>('SELECT numeric_code, alpha_code, minor_unit_decimals FROM currencies').all()
  return new Map(rows.map((row) => [row.numeric_code, currencyOfRow(row)]))
}

/** What ISO 4217 has withdrawn has no name here any more but its letters. */
function currencyOfRow (
  { numeric_code: numericCode, alpha_code: alphaCode, minor_unit_decimals: decimals }: CurrencyRow
): Currency {
  return {
    numericCode,
    alphaCode,
    name: findCurrency(numericCode)?.name ?? alphaCode,
    minorUnitDecimals: Number(decimals)
  }
}
