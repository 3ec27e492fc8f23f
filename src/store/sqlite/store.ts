import type { Clock } from '../../clock.js'
import type { Store } from '../store.js'
import { prepareReadAccount } from './accounts.js'
import { prepareBalanceUpdate } from './balance-update.js'
import { openDatabase } from './database.js'
import { readMigrations, requireCurrent } from './migrate.js'
import { prepareLoadScenario } from './scenario.js'

/** What the SQLite store is made with. */
export interface SqliteStoreOptions {
  /** The database file; made where there is none. */
  readonly path: string
  /** ISO 4217 numeric code of the currency that a cross rate may go through. */
  readonly pivotCurrency: string
  readonly clock: Clock
}

/**
 * Opens the store on a SQLite file.
 *
 * @throws DatabaseError when the file cannot be used, with what to do about it
 */
export function openSqliteStore ({ path, pivotCurrency, clock }: SqliteStoreOptions): Store {
  const database = openDatabase(path)
  const migrations = readMigrations()
  const updateBalances = prepareBalanceUpdate(database, pivotCurrency)
  const readAccount = prepareReadAccount(database)
  const loadScenario = prepareLoadScenario(database)
  const findClientByKey = database.prepare<[Buffer], bigint>('SELECT client_id FROM api_keys WHERE key_hash = ?').pluck()

  return {
    updateBalances: async (update) => updateBalances(update, clock().getTime()),
    readAccount: async (accountId) => readAccount(accountId),
    findClientByKey: async (keyHash) => {
      const clientId = findClientByKey.get(keyHash)
      return clientId === undefined ? undefined : Number(clientId)
    },
    loadScenario: async (scenario) => loadScenario(scenario, clock().getTime()),
    check: async () => { requireCurrent(database, migrations) },
    close: async () => { database.close() }
  }
}
