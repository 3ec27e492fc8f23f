import type { SqliteDatabase } from './connection.js'

/** How a transaction ends: kept, or taken back as a dry run. */
export type End = 'COMMIT' | 'ROLLBACK'

/** The transactions of one connection, one at a time. */
export interface Transactions {
  /** Works in one transaction. What `work` or the commit throws takes it back. */
  readonly transact: <Result>(begin: 'BEGIN' | 'BEGIN IMMEDIATE', work: () => Result, end: End) => Result
  /** Begins one that writes. @throws SqliteError when another connection holds the lock */
  readonly beginToWrite: () => void
  readonly commit: () => void
  /** Takes back the one that was begun, if one was. */
  readonly takeBack: () => void
}

/** Makes the transactions of a connection. */
export function makeTransactions (database: SqliteDatabase): Transactions {
  const statements = {
    BEGIN: database.prepare('BEGIN'),
    'BEGIN IMMEDIATE': database.prepare('BEGIN IMMEDIATE'),
    COMMIT: database.prepare('COMMIT'),
    ROLLBACK: database.prepare('ROLLBACK')
  }

  function takeBack (): void {
    // SQLite itself rolls back after some errors, such as a full disk.
    if (database.inTransaction) statements.ROLLBACK.run()
  }

  return {
    transact: (begin, work, end) => {
      statements[begin].run()
      try {
        const result = work()
        statements[end].run()
        return result
      } finally {
        takeBack()
      }
    },
    beginToWrite: () => { statements['BEGIN IMMEDIATE'].run() },
    commit: () => { statements.COMMIT.run() },
    takeBack
  }
}
