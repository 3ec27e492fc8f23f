import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { rememberCurrencies } from './currencies.js'
import { DatabaseError, migrate, readMigrations, refuseForeign } from './migrate.js'
import { requireSoundBalances } from './verify.js'

export type SqliteDatabase = Database.Database

/** How long a statement waits for another process that holds the database's lock. */
const BUSY_TIMEOUT_MS = 5000

/**
 * Opens the database file, makes it where there is none, and brings it up to the newest migration.
 *
 * Every commit is synced before it returns (`synchronous = FULL`): better-sqlite3 is compiled so that WAL
 * mode would else fall back to NORMAL, and an answered update could be lost in a power cut. Whole numbers are
 * read as bigint, because a double changes those above 2^53.
 *
 * @param path the file's path; its folder is made where there is none
 * @throws DatabaseError when the file cannot be opened, is not ours, comes from a newer version, or holds amounts whose
 *   decimals are other ones now
 */
export function openDatabase (path: string): SqliteDatabase {
  try {
    mkdirSync(dirname(path), { recursive: true })
    return prepareFile(new Database(path, { timeout: BUSY_TIMEOUT_MS }))
  } catch (error) {
    if (error instanceof DatabaseError) throw error
    throw new DatabaseError(`${path} cannot be used as the database: ${(error as Error).message}. Set DATABASE_PATH to a new file or to one of stip-sandbox`, { cause: error })
  }
}

function prepareFile (database: SqliteDatabase): SqliteDatabase {
  try {
    database.defaultSafeIntegers(true)
    refuseForeign(database)
    database.pragma('journal_mode = WAL')
    database.pragma('synchronous = FULL')
    database.pragma('foreign_keys = ON')
    migrate(database, readMigrations())
    rememberCurrencies(database)
    requireSoundBalances(database)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}
