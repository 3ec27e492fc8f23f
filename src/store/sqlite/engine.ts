import Database from 'better-sqlite3'
import type { Clock } from '../../clock.js'
import {
  change, type Change, type ChangeNature, type Context, type Engine, type GroupedChange, type GroupedReading,
  type LongChange, type Memory, type Slice, type SlicedReading
} from '../engine.js'
import type { StoreObserver } from '../port/observer.js'
import { run, sql, type Operation } from '../sql.js'
import { serveOthers } from '../../turns.js'
import { makeCommitGroup, type CommitGroup, type GroupTransaction } from './commit-group.js'
import type { SqliteDatabase } from './connection.js'
import { readCurrencies } from './currencies.js'
import { makeLockWaiting, storeErrorOf } from './lock-waiting.js'
import { transactAtLength } from './long-change.js'
import { makeMemories, type Memories } from './memories.js'
import { makePerform, type Perform } from './statements.js'
import { makeTransactions, type End, type Transactions } from './transactions.js'

/** What SQLite carries operations out with. */
export interface SqliteEngineOptions {
  /** ISO 4217 numeric code of the currency that a cross rate may go through. */
  readonly pivotCurrency: string
  readonly clock: Clock
  readonly observer: StoreObserver
  /** Throws when the files are not those of the database any more. Called before a result is given. */
  readonly assertSameFiles?: () => void
  /** Called with each transaction that may write. */
  readonly wrote?: () => void
}

export interface SqliteEngine extends Engine {
  /** After a write that failed, tries one that changes nothing. @throws StoreUnavailableError when it fails, too */
  assertCanWrite (): Promise<void>
  /** Runs what still waits, and closes the database. */
  close (): void
}

/** It needs room in the log, like every write. */
const WRITE_NOTHING = change(function * (): Operation<void> {
  yield * run(sql`UPDATE sequences SET last_number = last_number WHERE name = 'change'`)
}, { leavesAccounts: true })

/**
 * Makes the engine on an open database, which has one writer at a time: this connection, or another process.
 *
 * A change is a transaction of its own, behind the grouped changes that wait, so that its errors are its own. Changes
 * that share a commit are a group.
 */
export function makeSqliteEngine (database: SqliteDatabase, options: SqliteEngineOptions): SqliteEngine {
  const { pivotCurrency, clock, observer, assertSameFiles = () => {}, wrote = () => {} } = options
  const perform = makePerform(database)
  const transactions = makeTransactions(database)
  const memories = makeMemories(database)
  const waiting = makeLockWaiting()
  const currencyOf = readCurrencies(database)
  /** What only reads looks at the files once a turn of the event loop: each request looks up a key. */
  const assertSameFilesThisTurn = onceATurn(assertSameFiles)
  const contextNow = (): Context => ({ nowMs: clock().getTime(), pivotCurrency, currencyOf })
  const parts = { transactions, memories, perform, contextNow, observer, wrote, assertSameFiles }
  const sharing = makeCommitGroup(sharedTransactionOf(parts))
  const groups: Array<CommitGroup<never, unknown>> = [sharing]

  /** Lets the grouped changes that wait go first. They may find other accounts after a change that is kept. */
  function comeBehindGroups ({ leavesAccounts = false }: ChangeNature, end: End): void {
    if (leavesAccounts) return
    for (const group of groups) group.flush()
    if (end === 'COMMIT') memories.forget()
  }

  async function write<Parameters extends readonly unknown[], Result> (
    operation: Change<Parameters, Result> | LongChange<Parameters, Result>, parameters: Parameters, end: End
  ): Promise<Result> {
    return await waiting.write(async () => {
      comeBehindGroups(operation, end)
      wrote()
      if (operation.kind === 'long-change') assertSameFiles() // It opens the file anew.
      const work = operation.work(contextNow(), ...parameters)
      const result = operation.kind === 'long-change'
        ? await transactAtLength(database, work, end)
        : transactions.transact('BEGIN IMMEDIATE', () => perform(work), end)
      assertSameFiles()
      return result
    })
  }

  async function share<Parameters extends readonly unknown[], Result> (
    { work }: Change<Parameters, Result>, parameters: Parameters
  ): Promise<Result> {
    let result: Result | undefined
    await waiting.write(async () => {
      await sharing.run(function * (context) { result = yield * work(context, ...parameters) })
    })
    return result as Result
  }

  return {
    isNumberedInOrder: true,
    read: async ({ work, asksOnce = false }, ...parameters) => await waiting.read(() => {
      const asked = work(contextNow(), ...parameters)
      const result = asksOnce ? perform(asked) : transactions.transact('BEGIN', () => perform(asked), 'COMMIT')
      assertSameFilesThisTurn()
      return result
    }),
    change: async (operation, ...parameters) => operation.kind === 'change' && operation.sharesCommit === true
      ? await share(operation, parameters)
      : await write(operation, parameters, 'COMMIT'),
    rehearse: async (operation, ...parameters) => await write(operation, parameters, 'ROLLBACK'),
    grouping: (operation) => {
      const group = makeCommitGroup(groupTransactionOf(operation, parts))
      groups.push(group)
      return async (request) => await waiting.write(async () => await group.run(request))
    },
    // Readings do not wait for each other here.
    groupingReads: <Request, Result>({ work }: GroupedReading<Request, Result>) =>
      async (request: Request) => await waiting.read(() => {
        const [result] = perform(work([request]))
        assertSameFilesThisTurn()
        return result as Result
      }),
    readSlices: (operation, ...parameters) =>
      readSlices(database.name, contextNow(), operation, parameters, assertSameFiles),
    assertCanWrite: async () => {
      if (waiting.hasFailed()) await write(WRITE_NOTHING, [], 'COMMIT')
    },
    close: () => {
      try {
        for (const group of groups) group.flush()
      } finally {
        database.close()
      }
    }
  }
}

interface GroupParts {
  readonly transactions: Transactions
  readonly memories: Memories
  readonly perform: Perform
  readonly contextNow: () => Context
  readonly observer: StoreObserver
  readonly wrote: () => void
  readonly assertSameFiles: () => void
}

function groupTransactionOf<Request, Result, Remembered extends Memory> (
  { work, makeMemory }: GroupedChange<Request, Result, Remembered>,
  { transactions, memories, perform, contextNow, observer, wrote, assertSameFiles }: GroupParts
): GroupTransaction<Request, Result> {
  const memoryNow = memories.remember(makeMemory)
  return {
    begin: transactions.beginToWrite,
    work: (requests) => perform(work(contextNow(), memoryNow(), requests)),
    commit: () => {
      transactions.commit()
      wrote()
      assertSameFiles()
    },
    rollback: () => {
      transactions.takeBack()
      memories.forget()
    },
    committed: (groupSize, commitMs) => { observer.committed(groupSize, commitMs) }
  }
}

/** One of the changes that share a commit. */
type SharedWork = (context: Context) => Operation<void>

/** Changes behind one another. What grouped changes remember may not be true any more behind them. */
function sharedTransactionOf (
  { transactions, memories, perform, contextNow, wrote, assertSameFiles }: GroupParts
): GroupTransaction<SharedWork, void> {
  return {
    begin: transactions.beginToWrite,
    work: (works) => works.map((work) => perform(work(contextNow()))),
    commit: () => {
      transactions.commit()
      memories.forget()
      wrote()
      assertSameFiles()
    },
    rollback: () => {
      transactions.takeBack()
      memories.forget()
    },
    committed: () => {}
  }
}

/** Lets a check through once a turn of the event loop. One that throws is made again. */
function onceATurn (check: () => void): () => void {
  let isChecked = false
  return () => {
    if (isChecked) return
    check()
    isChecked = true
    setImmediate(() => { isChecked = false })
  }
}

/** Reads on a connection of its own, so that its one moment is nobody else's. */
async function * readSlices<Parameters extends readonly unknown[], Cursor, Item> (
  path: string, context: Context, { work }: SlicedReading<Parameters, Cursor, Item>, parameters: Parameters,
  assertSameFiles: () => void
): AsyncGenerator<readonly Item[]> {
  let connection: Database.Database | undefined
  try {
    connection = new Database(path, { readonly: true, timeout: 0 }).defaultSafeIntegers(true)
    const perform: Perform = makePerform(connection)
    connection.exec('BEGIN')
    let cursor: Cursor | undefined
    do {
      const { items, next }: Slice<Cursor, Item> = perform(work(context, cursor, ...parameters))
      assertSameFiles()
      yield items
      cursor = next
      await serveOthers()
    } while (cursor !== undefined)
  } catch (error) {
    throw storeErrorOf(error)
  } finally {
    connection?.close()
  }
}
