import { parseDecimal } from '../../domain/decimal.js'
import type { RateLookup } from '../../domain/exchange.js'
import type { SqliteDatabase } from './database.js'

/** Prepares the look-up of a published rate, for use inside the transaction that converts with it. */
export function prepareRates (database: SqliteDatabase): RateLookup {
  const find = database.prepare<[string, string], string>('SELECT rate FROM rates WHERE base = ? AND quote = ?').pluck()
  return (base, quote) => {
    const rate = find.get(base, quote)
    return rate === undefined ? undefined : parseDecimal(rate)
  }
}
