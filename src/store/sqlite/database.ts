import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { migrate, readMigrations, refuseForeign } from './migrate.js'

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
 * @throws DatabaseError when the file is not ours or comes from a newer version, and SQLite's own errors
 */
export function openDatabase (path: string): SqliteDatabase {
  mkdirSync(dirname(path), { recursive: true })
  const database = new Database(path, { timeout: BUSY_TIMEOUT_MS })
  try {
    database.defaultSafeIntegers(true)
    refuseForeign(database)
    database.pragma('journal_mode = WAL')
    database.pragma('synchronous = FULL')
    database.pragma('foreign_keys = ON')
    migrate(database, readMigrations())
  } catch (error) {
    database.close()
    throw error
  }
  return database
}
