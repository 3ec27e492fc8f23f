import { statSync } from 'node:fs'
import type { Clock } from '../../clock.js'
import { endLeases } from '../operations/balance-file-leases.js'
import { endDeliveries } from '../operations/advices.js'
import { endUndecided } from '../operations/payment-endings.js'
import { removeUnnamed } from '../operations/snapshot-staging.js'
import { UNOBSERVED, type StoreObserver } from '../port/observer.js'
import type { Store } from '../port/store.js'
import { makeStore } from '../store-of.js'
import type { SqliteDatabase } from './connection.js'
import { openDatabase } from './database.js'
import { makeSqliteEngine } from './engine.js'
import { rememberFiles } from './file-identity.js'
import { makeIdleCheckpoint } from './idle-checkpoint.js'
import { readMigrations, requireCurrent } from './migrate.js'
import { occupy, type Occupancy } from './occupancy.js'
import { makePerform } from './statements.js'

/** What the SQLite store is made with. */
export interface SqliteStoreOptions {
  /** The database file; made where there is none. */
  readonly path: string
  /** ISO 4217 numeric code of the currency that a cross rate may go through. */
  readonly pivotCurrency: string
  readonly clock: Clock
  /** Counts the events of the store. */
  readonly observer?: StoreObserver
}

/**
 * Opens the store on a SQLite file.
 *
 * @throws DatabaseError when the file cannot be used, with what to do about it
 */
export function openSqliteStore ({ path, pivotCurrency, clock, observer = UNOBSERVED }: SqliteStoreOptions): Store {
  const database = openDatabase(path)
  const occupancy = occupyFor(database)
  const assertSameFiles = rememberFiles(database)
  const migrations = readMigrations()
  const idle = makeIdleCheckpoint(database)
  const engine = makeSqliteEngine(database, { pivotCurrency, clock, observer, assertSameFiles, wrote: idle.wrote })
  if (occupancy.countOthers() === 0) clearUp(database, clock().getTime())
  // From now on operations wait for locks themselves, so that the service is not held up meanwhile.
  database.pragma('busy_timeout = 0')
  const version = database.prepare<[], string>('SELECT sqlite_version()').pluck().get() as string
  return {
    ...makeStore(engine, observer),
    check: async () => {
      requireCurrent(database, migrations)
      assertSameFiles()
      await engine.assertCanWrite()
      return { engine: 'SQLite', version, readOnly: false, waitsForStandby: false }
    },
    countOtherProcesses: async () => occupancy.countOthers(),
    gauges: [{
      name: 'stip_wal_bytes',
      help: 'Size of the write-ahead log beside the database file.',
      read: async () => statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0
    }],
    close: async () => {
      idle.stop()
      try {
        engine.close()
      } finally {
        occupancy.release()
      }
    }
  }
}

/**
 * Ends what a process left in its middle that is gone: balance files, payments, deliveries of advices, and snapshots
 * without a name. Another process may be at work on those.
 */
function clearUp (database: SqliteDatabase, nowMs: number): void {
  const perform = makePerform(database)
  database.transaction(() => {
    perform(endLeases(nowMs))
    perform(endUndecided(nowMs))
    perform(endDeliveries(nowMs))
    perform(removeUnnamed())
  }).immediate()
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
