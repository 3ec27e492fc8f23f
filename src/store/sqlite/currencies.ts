import * as operations from '../operations/currencies.js'
import type { SqliteDatabase } from './connection.js'
import { DatabaseError } from './database-error.js'
import { makePerform } from './statements.js'

/**
 * Lets the database remember the decimals of each currency. To be called when the database is opened.
 *
 * @throws DatabaseError when it remembers a currency with other decimals than this version knows
 */
export function rememberCurrencies (database: SqliteDatabase): void {
  const perform = makePerform(database)
  const changed = database.transaction(() => perform(operations.rememberCurrencies())).immediate()
  if (changed !== undefined) {
    throw new DatabaseError(operations.describeChanged(changed, database.name, 'DATABASE_PATH'))
  }
}

export function readCurrencies (database: SqliteDatabase): operations.CurrencyOf {
  return makePerform(database)(operations.readCurrencies())
}
