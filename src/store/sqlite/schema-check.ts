import Database from 'better-sqlite3'
import type { SqliteDatabase } from './connection.js'
import type { DatabaseError } from './database-error.js'
import { migrate, readMigrations, requireCurrent, type Migration } from './migrate.js'

interface SchemaObject {
  name: string
  sql: string | null
}

/** SQL by kind and name. */
type Schema = ReadonlyMap<string, string | null>

/** What the migrations make. They are those of the package: their schema stays the same as long as the process runs. */
let wanted: Schema | undefined

/** Compares the tables, indexes and triggers with those that the migrations make. */
export function * findSchemaFaults (database: SqliteDatabase): Generator<string> {
  const migrations = readMigrations()
  try {
    requireCurrent(database, migrations)
  } catch (error) {
    yield (error as DatabaseError).message
    return
  }
  wanted ??= makeSchema(migrations)
  const found = readSchema(database)
  for (const [name, sql] of wanted) {
    if (found.get(name) !== sql) yield `${name} is ${found.has(name) ? 'not what the migrations make' : 'missing'}`
  }
}

function makeSchema (migrations: readonly Migration[]): Schema {
  const model = new Database(':memory:')
  migrate(model.defaultSafeIntegers(true), migrations)
  const schema = readSchema(model)
  model.close()
  return schema
}

function readSchema (database: SqliteDatabase): Schema {
  const objects =
    database.prepare<[], SchemaObject>('SELECT type || \' \' || name AS name, sql FROM sqlite_schema').all()
  return new Map(objects.map(({ name, sql }) => [name, sql]))
}
