import Database from 'better-sqlite3'
import { rememberCurrencies } from './currencies.js'
import { makeFolderOf, makePrivateFile } from './files.js'
import { DatabaseError, migrate, readMigrations, refuseForeign } from './migrate.js'
import { requireSound, WHAT_TO_DO_ABOUT_DAMAGE } from './verify.js'

export type SqliteDatabase = Database.Database

/** How long the opening waits for another process that holds the database's lock. */
const OPENING_TIMEOUT_MS = 5000

/**
 * Opens the database file, makes it where there is none, and brings it up to the newest migration.
 *
 * Every commit is synced before it returns (`synchronous = FULL`): better-sqlite3 is compiled so that WAL
 * mode would else fall back to NORMAL, and an answered update could be lost in a power cut. What is found in the log is made
 * durable at the opening, before anyone is told of it, unless another process just then reads what was before it. Whole numbers are
 * read as bigint, because a double changes those above 2^53.
 *
 * @param path the file's path; file and folder are made where there are none, for their user only
 * @throws DatabaseError when the file cannot be read and written, is not ours, comes from a newer version, is damaged, or
 *   holds amounts whose decimals are other ones now
 */
export function openDatabase (path: string): SqliteDatabase {
  try {
    makeFolderOf(path)
    makePrivateFile(path)
    return prepareFile(new Database(path, { timeout: OPENING_TIMEOUT_MS }))
  } catch (error) {
    if (error instanceof DatabaseError) throw error
    throw new DatabaseError(`${path} cannot be used as the database: ${(error as Error).message}. ${whatToDo(error)}`, { cause: error })
  }
}

function prepareFile (database: SqliteDatabase): SqliteDatabase {
  try {
    database.defaultSafeIntegers(true)
    refuseForeign(database)
    database.pragma('journal_mode = WAL')
    database.pragma('synchronous = FULL')
    // A process that was killed may have left a commit in the log that it did not sync any more. A checkpoint syncs it.
    database.pragma('wal_checkpoint(PASSIVE)')
    database.pragma('foreign_keys = ON')
    migrate(database, readMigrations())
    rememberCurrencies(database)
    requireSound(database)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

const OTHER_FILE = 'Set DATABASE_PATH to a new file or to one of stip-sandbox'

/** What to do about SQLite's result codes. */
const ADVICE: ReadonlyArray<readonly [code: RegExp, advice: string]> = [
  [/^SQLITE_(CORRUPT|NOTADB)/, `${WHAT_TO_DO_ABOUT_DAMAGE}. If it never was a database: ${OTHER_FILE}`],
  [/^SQLITE_BUSY/, 'Another process has locked it: end that process'],
  [/^SQLITE_ERROR$/, `It is not what its schema number says. ${WHAT_TO_DO_ABOUT_DAMAGE}`],
  [/^SQLITE_(READONLY|CANTOPEN|IOERR|FULL)/, `If it is the right file, let the user who runs stip-sandbox write the file and its folder, and make room on the disk. If it is not: ${OTHER_FILE}`]
]

function whatToDo (error: unknown): string {
  const code = error instanceof Database.SqliteError ? error.code : ''
  const [, advice] = ADVICE.find(([pattern]) => pattern.test(code)) ?? []
  return advice ?? OTHER_FILE
}
