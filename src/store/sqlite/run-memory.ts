import Database from 'better-sqlite3'
import { prepareFileAccounts, type FileAccounts } from './file-accounts.js'

/** Remembers what one run of a file has had, and is forgotten with it. */
export interface RunMemory {
  /** @returns whether the record is new */
  addRecord (recordId: string): boolean
  /** What a dry run would have set accounts to. */
  readonly accounts: FileAccounts
  close (): void
}

/**
 * Makes an empty memory for one run. It is a temporary database of SQLite's own, which goes to disk when it grows, so
 * that a file of a million records needs little memory.
 */
export function makeRunMemory (): RunMemory {
  const database = new Database('')
  database.defaultSafeIntegers(true)
  database.pragma('journal_mode = OFF')
  database.exec(`
    CREATE TABLE seen (record_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
    CREATE TABLE balance_file_accounts (
      file_id INTEGER, account_id INTEGER, actual INTEGER, blocked INTEGER, job_id INTEGER, line INTEGER,
      PRIMARY KEY (file_id, account_id)
    ) STRICT, WITHOUT ROWID`)
  const insertRecord = database.prepare('INSERT INTO seen VALUES (?) ON CONFLICT DO NOTHING')
  return {
    addRecord: (recordId) => insertRecord.run(recordId).changes === 1,
    accounts: prepareFileAccounts(database),
    close: () => { database.close() }
  }
}
