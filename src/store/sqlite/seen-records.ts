import Database from 'better-sqlite3'

/** Remembers which records one file has had. */
export interface SeenRecords {
  /** @returns whether the record is new */
  add (recordId: string): boolean
  close (): void
}

/**
 * Makes an empty memory for the records of one file. It is a temporary database of SQLite's own, which goes to disk
 * when it grows, so that a file of a million records needs little memory.
 */
export function makeSeenRecords (): SeenRecords {
  const database = new Database('')
  database.pragma('journal_mode = OFF')
  database.exec('CREATE TABLE seen (record_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID')
  const insert = database.prepare('INSERT INTO seen VALUES (?) ON CONFLICT DO NOTHING')
  return {
    add: (recordId) => insert.run(recordId).changes === 1,
    close: () => { database.close() }
  }
}
