import Database from 'better-sqlite3'
import { DatabaseError, driverErrorOf } from './database-error.js'
import { isFolder } from './files.js'

export type SqliteDatabase = Database.Database

/**
 * Opens a database file that is there, to read it. Whole numbers are read as bigint, because a double changes those
 * above 2^53.
 *
 * @throws DatabaseError when there is no such file
 */
export function openToRead (path: string): SqliteDatabase {
  try {
    if (isFolder(path)) throw new Error('it is a folder')
    return new Database(path, { readonly: true, fileMustExist: true }).defaultSafeIntegers(true)
  } catch (error) {
    throw driverErrorOf(error) ?? new DatabaseError(`${path} cannot be opened: ${(error as Error).message}`)
  }
}

/** Tells whether an error says that the file's content is not what SQLite has written. */
export function isDamage (error: unknown): boolean {
  return error instanceof Database.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code)
}
