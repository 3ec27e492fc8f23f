import { statSync } from 'node:fs'
import type { Clock } from '../../clock.js'
import { observeUpdate, UNOBSERVED, type StoreObserver } from '../observer.js'
import type { Store } from '../store.js'
import { prepareAccounts } from './accounts.js'
import { makeAvailability } from './availability.js'
import { makeBalanceAccess, type BalanceAccess } from './balance-access.js'
import { prepareBalanceFiles } from './balance-files.js'
import { prepareBalanceUpdate } from './balance-update.js'
import { prepareClients } from './clients.js'
import { openDatabase, type SqliteDatabase } from './database.js'
import { rememberFiles } from './file-identity.js'
import { prepareReadHistory } from './history-reading.js'
import { readMigrations, requireCurrent } from './migrate.js'
import { occupy, type Occupancy } from './occupancy.js'
import { preparePruning } from './pruning.js'
import { prepareRates } from './rates.js'
import { prepareReportedBalances } from './reported-balances.js'
import { prepareScenarios } from './scenario.js'
import { prepareSnapshots } from './snapshots.js'

/** What the SQLite store is made with. */
export interface SqliteStoreOptions {
  /** The database file; made where there is none. */
  readonly path: string
  /** ISO 4217 numeric code of the currency that a cross rate may go through. */
  readonly pivotCurrency: string
  readonly clock: Clock
  /** Told what is to be counted. */
  readonly observer?: StoreObserver
}

/** The methods that change accounts or what hangs on them, past the cache of accounts. */
const CHANGING_METHODS = [
  'createAccounts', 'deleteAccount', 'attachToken', 'detachToken', 'loadScenario', 'saveSnapshot', 'restoreSnapshot', 'prune'
] as const satisfies Array<keyof Store>

/** The methods that read balances in the table itself, where the rows must be true. */
const READING_METHODS = ['listDifferences'] as const satisfies Array<keyof Store>

/** The methods that read balances, or how far a history goes, and know what an account's row does not say yet. */
const AHEAD_READING_METHODS = ['readAccount', 'listAccounts', 'readHistory', 'readReportedBalances', 'exportScenario'] as const satisfies Array<keyof Store>

/**
 * Opens the store on a SQLite file.
 *
 * @throws DatabaseError when the file cannot be used, with what to do about it
 */
export function openSqliteStore ({ path, pivotCurrency, clock, observer = UNOBSERVED }: SqliteStoreOptions): Store {
  const database = openDatabase(path)
  const occupancy = occupyFor(database)
  const migrations = readMigrations()
  const balances = makeBalanceAccess(database, observer)
  const { readAhead } = balances.accounts
  // After a crash the rows may be behind by a million changes and more, for which no request is to wait.
  balances.catchUp()
  const updateBalances = prepareBalanceUpdate(database, balances, pivotCurrency)
  const { whenAvailable, waitingForDatabase } = makeAvailability(rememberFiles(database))
  const now = (): number => clock().getTime()

  const store = {
    ...prepareClients(database, now),
    ...prepareAccounts(database, now, readAhead),
    ...prepareReadHistory(database, readAhead),
    ...prepareBalanceFiles(database, { balances, pivotCurrency, now, observer, whenAvailable }),
    ...prepareReportedBalances(database, clock, readAhead),
    ...prepareRates(database, pivotCurrency, now),
    ...prepareSnapshots(database, now),
    ...prepareScenarios(database, now, readAhead),
    ...preparePruning(database),
    updateBalances: async (update) => {
      const outcome = await updateBalances(update, now())
      observeUpdate(observer, update, outcome)
      return outcome
    },
    check: async () => { requireCurrent(database, migrations) },
    countOtherProcesses: async () => occupancy.countOthers(),
    readLogBytes: async () => statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0,
    close: async () => {
      balances.close()
      database.close()
      occupancy.release()
    }
  } satisfies Store
  // From now on operations wait for locks themselves, so that the service is not held up meanwhile.
  database.pragma('busy_timeout = 0')
  const { readLogBytes, countOtherProcesses } = store
  return {
    ...waitingForDatabase<Store>({
      ...store,
      ...through(balances.change, store, CHANGING_METHODS),
      ...through(balances.read, store, READING_METHODS),
      ...through(balances.readAhead, store, AHEAD_READING_METHODS)
    }),
    // These two say how it stands, also when the files are not the right ones any more.
    readLogBytes,
    countOtherProcesses
  }
}

/** @throws DatabaseError, with the database closed, when there is no place for this process */
function occupyFor (database: SqliteDatabase): Occupancy {
  try {
    return occupy(database.name)
  } catch (error) {
    database.close()
    throw error
  }
}

type Method = (...parameters: never[]) => Promise<unknown>

/** Leads some methods of the store through one of the ways to balances. */
function through<Name extends keyof Store> (way: BalanceAccess['change'], store: Store, names: readonly Name[]): Pick<Store, Name> {
  return Object.fromEntries(names.map((name) => {
    const method = store[name] as Method
    return [name, async (...parameters: never[]) => await way(() => {
      const result = method(...parameters)
      result.catch(() => {}) // Whoever called is told, unless the transaction around it fails first.
      return result
    })]
  })) as unknown as Pick<Store, Name>
}
