import Database from 'better-sqlite3'
import type { Clock } from '../../clock.js'
import {
  change, type Change, type ChangeNature, type Context, type Engine, type GroupedChange, type LongChange, type Memory,
  type Slice, type SlicedReading
} from '../engine.js'
import type { StoreObserver } from '../port/observer.js'
import { run, sql, type Operation } from '../sql.js'
import { serveOthers } from '../../turns.js'
import { makeCommitGroup, type CommitGroup } from './commit-group.js'
import type { SqliteDatabase } from './connection.js'
import { readCurrencies } from './currencies.js'
import { makeLockWaiting, storeErrorOf } from './lock-waiting.js'
import { transactAtLength } from './long-change.js'
import { makePerform, type Perform } from './statements.js'

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
  /** Carries out what still waits, and closes the database. */
  close (): void
}

/** It needs room in the log, like every write. */
const WRITE_NOTHING = change(function * (): Operation<void> {
  yield * run(sql`UPDATE sequences SET last_number = last_number WHERE name = 'change'`)
}, { leavesAccounts: true })

/** How a transaction ends: kept, or taken back as a dry run. */
type End = 'COMMIT' | 'ROLLBACK'

/** A memory with more than this is left for an empty one. */
const MEMORY_MAX = 100_000

/**
 * Makes the engine on an open database, which has one writer at a time: this connection, or another process.
 *
 * A change is a transaction of its own, behind the grouped changes that wait, so that its errors are its own.
 */
export function makeSqliteEngine (
  database: SqliteDatabase,
  { pivotCurrency, clock, observer, assertSameFiles = () => {}, wrote = () => {} }: SqliteEngineOptions
): SqliteEngine {
  const perform = makePerform(database)
  const begin = database.prepare('BEGIN')
  const beginToWrite = database.prepare('BEGIN IMMEDIATE')
  const commit = database.prepare('COMMIT')
  const rollback = database.prepare('ROLLBACK')
  const dataVersion = database.prepare<[], bigint>('PRAGMA data_version').pluck()
  const waiting = makeLockWaiting()
  const currencyOf = readCurrencies(database)
  const groups: Array<CommitGroup<never, unknown>> = []
  /** How often this connection has written past the groups' memories. */
  let writtenPast = 0

  let isSameThisTurn = false

  /** What only reads looks at the files once a turn of the event loop: each request looks up a key. */
  function assertSameFilesThisTurn (): void {
    if (isSameThisTurn) return
    assertSameFiles()
    isSameThisTurn = true
    setImmediate(() => { isSameThisTurn = false })
  }

  const contextNow = (): Context => ({ nowMs: clock().getTime(), pivotCurrency, currencyOf })

  function takeBack (): void {
    if (database.inTransaction) rollback.run() // SQLite itself rolls back after some errors, such as a full disk.
  }

  /** Works in one transaction, which `end` commits or takes back. */
  function transact<Result> (start: Database.Statement, work: () => Result, end: Database.Statement): Result {
    start.run()
    try {
      const result = work()
      end.run()
      return result
    } finally {
      takeBack()
    }
  }

  /** Lets the grouped changes that wait go first. They may find other accounts after a change that is kept. */
  function comeBehindGroups ({ leavesAccounts = false }: ChangeNature, end: End): void {
    if (leavesAccounts) return
    for (const group of groups) group.flush()
    if (end === 'COMMIT') writtenPast += 1
  }

  /**
   * Gives the memory of the group before, or an empty one when it may not be true any more. To be called in the
   * transaction.
   */
  function makeRemembering<Remembered extends Memory> (makeMemory: () => Remembered): () => Remembered {
    let [memory, seen] = [makeMemory(), '']
    return () => {
      const version = `${dataVersion.get()} ${writtenPast}`
      if (version !== seen || memory.size > MEMORY_MAX) [memory, seen] = [makeMemory(), version]
      return memory
    }
  }

  function makeGroup<Request, Result, Remembered extends Memory> (
    { work, makeMemory }: GroupedChange<Request, Result, Remembered>
  ): CommitGroup<Request, Result> {
    const memoryNow = makeRemembering(makeMemory)
    return makeCommitGroup<Request, Result>({
      begin: () => { beginToWrite.run() },
      work: (requests) => perform(work(contextNow(), memoryNow(), requests)),
      commit: () => {
        commit.run()
        wrote()
        assertSameFiles()
      },
      rollback: () => {
        takeBack()
        writtenPast += 1
      },
      committed: (groupSize, commitMs) => { observer.committed(groupSize, commitMs) }
    })
  }

  async function write<Parameters extends readonly unknown[], Result> (
    operation: Change<Parameters, Result> | LongChange<Parameters, Result>, parameters: Parameters, end: End
  ): Promise<Result> {
    const { kind, work } = operation
    return await waiting.write(async () => {
      comeBehindGroups(operation, end)
      wrote()
      if (kind === 'long-change') {
        assertSameFiles() // It opens the file anew.
        const result = await transactAtLength(database, work(contextNow(), ...parameters), end)
        assertSameFiles()
        return result
      }
      const last = end === 'COMMIT' ? commit : rollback
      const result = transact(beginToWrite, () => perform(work(contextNow(), ...parameters)), last)
      assertSameFiles()
      return result
    })
  }

  return {
    read: async ({ work, asksOnce = false }, ...parameters) => await waiting.read(() => {
      const asked = work(contextNow(), ...parameters)
      const result = asksOnce ? perform(asked) : transact(begin, () => perform(asked), commit)
      assertSameFilesThisTurn()
      return result
    }),
    change: async (operation, ...parameters) => await write(operation, parameters, 'COMMIT'),
    rehearse: async (operation, ...parameters) => await write(operation, parameters, 'ROLLBACK'),
    grouping: (operation) => {
      const group = makeGroup(operation)
      groups.push(group)
      return async (request) => await waiting.write(async () => await group.run(request))
    },
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
