import Database from 'better-sqlite3'

/** Reads rows past the service, as plain objects with bigints. */
export function rowsOf (path: string, sql: string): unknown[] {
  const database = new Database(path, { readonly: true })
  try {
    return database.defaultSafeIntegers(true).prepare(sql).all()
  } finally {
    database.close()
  }
}

/** Writes past the service, what no call of it would do. */
export function execute (path: string, sql: string): void {
  const database = new Database(path)
  try {
    database.exec(sql)
  } finally {
    database.close()
  }
}

/** What the journal writes a second behind the answers, at a moment that no test knows. */
const OF_JOURNAL: ReadonlyMap<string, string> = new Map([['requests', 'false'], ['sequences', 'name <> \'request\'']])

/** Everything that is in the database but the journal, so that a test can tell whether anything was written. */
export function everythingIn (path: string): unknown {
  const tables =
    rowsOf(path, 'SELECT name FROM sqlite_schema WHERE type = \'table\' ORDER BY name') as Array<{ name: string }>
  return tables.map(({ name }) =>
    [name, rowsOf(path, `SELECT * FROM ${name} WHERE ${OF_JOURNAL.get(name) ?? 'true'}`)])
}

/** The whole database as it stands in a file. */
export function bytesOf (path: string): Buffer {
  const database = new Database(path, { readonly: true })
  try {
    return database.serialize()
  } finally {
    database.close()
  }
}
