import Database from 'better-sqlite3'
import { isDamage, openToRead, type SqliteDatabase } from './connection.js'
import { rememberCurrencies } from './currencies.js'
import { DatabaseError, driverErrorOf, WHAT_TO_DO_ABOUT_DAMAGE } from './database-error.js'
import { isFolder, makeFolderOf, makePrivateFile } from './files.js'
import { migrate, readMigrations, refuseForeign } from './migrate.js'
import { requireSound } from './start-check.js'

/** How long the opening waits for another process that holds the database's lock. */
const OPENING_TIMEOUT_MS = 5000

/**
 * How many pages the log may have before a commit brings it into the database file: 32 MiB. An update of 25 accounts
 * writes some 30 pages, so that fewer than one in 200 waits for it. An idle service does so earlier.
 */
export const LOG_PAGES = 8000

/**
 * Opens the database file, makes it where there is none, and brings it up to the newest migration.
 *
 * Every commit is synced before it returns (`synchronous = FULL`): better-sqlite3 is compiled so that WAL mode would
 * else fall back to NORMAL, and an answered update could be lost in a power cut. The opening syncs the
 * log before anybody is answered from it, unless another process just then reads what was before it. Whole numbers
 * are read as bigint, because a double changes those above 2^53.
 *
 * @param path the file's path; file and folder are made where there are none, for their user only
 * @throws DatabaseError when the file cannot be read and written, is not ours, comes from a newer version, is damaged,
 *   or remembers other decimals of a currency
 */
export function openDatabase (path: string): SqliteDatabase {
  try {
    if (isFolder(path)) throw new Error('it is a folder')
    makeFolderOf(path)
    makePrivateFile(path)
    refuseUntouched(path)
    return prepareFile(new Database(path, { timeout: OPENING_TIMEOUT_MS }))
  } catch (error) {
    if (error instanceof DatabaseError) throw error
    throw driverErrorOf(error) ?? new DatabaseError(
      `${path} cannot be used as the database: ${(error as Error).message}. ${whatToDo(error)}`, { cause: error })
  }
}

/** Refuses a file of another program by a look that writes nothing, not even what stands in its own log. */
function refuseUntouched (path: string): void {
  const database = openToRead(path)
  try {
    refuseForeign(database)
  } catch (error) {
    // A look cannot go past what a crash has left in a journal or a log. Then the opening itself refuses.
    if (error instanceof DatabaseError || isDamage(error)) throw error
  } finally {
    database.close()
  }
}

function prepareFile (database: SqliteDatabase): SqliteDatabase {
  try {
    database.defaultSafeIntegers(true)
    refuseForeign(database)
    database.pragma('synchronous = FULL')
    database.pragma('foreign_keys = ON')
    database.pragma(`wal_autocheckpoint = ${LOG_PAGES}`)
    // A new file gets its tables before its log, so that a copy of the file alone never looks like an empty one.
    migrate(database, readMigrations())
    database.pragma('journal_mode = WAL')
    // A process that was killed may have left a commit in the log that it did not sync any more. A checkpoint syncs it.
    database.pragma('wal_checkpoint(PASSIVE)')
    requireSound(database)
    rememberCurrencies(database)
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
  [/^SQLITE_(READONLY|CANTOPEN|IOERR|FULL)/, 'If it is the right file, let the user who runs stip-sandbox write the ' +
    `file and its folder, and make room on the disk. If it is not: ${OTHER_FILE}`]
]

function whatToDo (error: unknown): string {
  const code = error instanceof Database.SqliteError ? error.code : ''
  const [, advice] = ADVICE.find(([pattern]) => pattern.test(code)) ?? []
  return advice ?? OTHER_FILE
}
