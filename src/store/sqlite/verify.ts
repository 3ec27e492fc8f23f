import Database from 'better-sqlite3'
import type { SqliteDatabase } from './database.js'
import { DatabaseError, migrate, readMigrations, refuseForeign, requireCurrent } from './migrate.js'
import { ACCOUNT_FAULT, FAULTY_ACCOUNTS, RULES } from './verification-rules.js'

/** For whoever has a damaged database. */
export const WHAT_TO_DO_ABOUT_DAMAGE = '"stip-sandbox verify" names all that is wrong; "stip-sandbox restore" puts a backup in its place'

interface ForeignKeyFault {
  table: string
  rowid: bigint | null
  parent: string
}

interface SchemaObject {
  name: string
  sql: string | null
}

/**
 * Checks a database file against its own rules, as of one moment, and changes nothing in it. A service may be using it.
 *
 * @returns every fault in words, one by one, as they are found; nothing when the database is sound
 * @throws DatabaseError when there is no such file, or it is none of ours
 */
export function * verifyDatabase (path: string): Generator<string> {
  const database = openToRead(path)
  try {
    database.exec('BEGIN')
    yield * verifyOpen(database)
  } catch (error) {
    if (!isDamage(error)) throw error
    yield `the file is damaged: ${(error as Error).message}`
  } finally {
    database.close()
  }
}

/** Opens a database file that is there and ours, to read it. */
export function openToRead (path: string): SqliteDatabase {
  const database = openExisting(path)
  database.defaultSafeIntegers(true)
  return database
}

function openExisting (path: string): SqliteDatabase {
  try {
    return new Database(path, { readonly: true, fileMustExist: true })
  } catch (error) {
    throw new DatabaseError(`${path} cannot be opened: ${(error as Error).message}`)
  }
}

/** Tells whether an error says that the file's content is not what SQLite has written. */
export function isDamage (error: unknown): boolean {
  return error instanceof Database.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code)
}

function * verifyOpen (database: SqliteDatabase): Generator<string> {
  const faults = [...findFileFaults(database)]
  yield * faults
  // Other rules would only tell the consequences, and stumble on the damage.
  if (faults.length > 0) return
  refuseForeign(database)
  const schemaFaults = [...findSchemaFaults(database)]
  yield * schemaFaults
  if (schemaFaults.length > 0) return
  yield * findForeignKeyFaults(database)
  yield * findAccountFaults(database)
  for (const rule of RULES) yield * database.prepare<[], string>(rule).pluck().iterate()
}

/** Finds what is wrong with the file as SQLite has it: its pages, its indexes and its constraints. */
export function * findFileFaults (database: SqliteDatabase): Generator<string> {
  for (const fault of database.prepare<[], string>('PRAGMA integrity_check').pluck().iterate()) {
    if (fault !== 'ok') yield `the file is damaged: ${fault}`
  }
}

function * findAccountFaults (database: SqliteDatabase): Generator<string> {
  const describe = database.prepare<[{ accountId: bigint }], string>(ACCOUNT_FAULT).pluck()
  for (const accountId of database.prepare<[], bigint>(FAULTY_ACCOUNTS).pluck().iterate()) yield describe.get({ accountId }) as string
}

function * findForeignKeyFaults (database: SqliteDatabase): Generator<string> {
  for (const { table, rowid, parent } of database.prepare<[], ForeignKeyFault>('PRAGMA foreign_key_check').iterate()) {
    yield `${table}: ${rowid === null ? 'a row' : `row ${rowid}`} refers to a row of ${parent} that is not there`
  }
}

/** Compares the tables, indexes and triggers with those that the migrations make. */
function * findSchemaFaults (database: SqliteDatabase): Generator<string> {
  const migrations = readMigrations()
  try {
    requireCurrent(database, migrations)
  } catch (error) {
    yield (error as DatabaseError).message
    return
  }
  const model = new Database(':memory:')
  migrate(model.defaultSafeIntegers(true), migrations)
  const [wanted, found] = [readSchema(model), readSchema(database)]
  model.close()
  for (const [name, sql] of wanted) if (found.get(name) !== sql) yield `${name} is ${found.has(name) ? 'not what the migrations make' : 'missing'}`
}

function readSchema (database: SqliteDatabase): ReadonlyMap<string, string | null> {
  const objects = database.prepare<[], SchemaObject>('SELECT type || \' \' || name AS name, sql FROM sqlite_schema').all()
  return new Map(objects.map(({ name, sql }) => [name, sql]))
}

/**
 * Refuses a database whose tables are other ones, or in which a balance is not what the history says, before anybody is
 * answered from it. It takes as long as there are accounts, and not as long as there is history.
 *
 * @throws DatabaseError with what to do
 */
export function requireSound (database: SqliteDatabase): void {
  const [schemaFault] = findSchemaFaults(database)
  const [fault] = schemaFault === undefined ? findAccountFaults(database) : [schemaFault]
  if (fault !== undefined) throw new DatabaseError(`${database.name} is damaged: ${fault}. ${WHAT_TO_DO_ABOUT_DAMAGE}`)
}
