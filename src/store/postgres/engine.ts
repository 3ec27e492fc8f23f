import { setTimeout as wait } from 'node:timers/promises'
import { systemClock, type Clock } from '../../clock.js'
import type { Currency } from '../../domain/currency.js'
import type { Change, Context, Engine, GroupedChange, GroupedReading, LongChange, Memory, Reading } from '../engine.js'
import type { StoreObserver } from '../port/observer.js'
import { beginningOf } from './begin.js'
import type { ConnectionPool } from './connections.js'
import { isRepeatable, storeErrorOf } from './errors.js'
import { makeGroup, type Group } from './group.js'
import { readMigrations } from './migrate.js'
import { makeDrawNumbers, makeDrawUnseen } from './numbers.js'
import { readSlices } from './slices.js'
import { transact, type End, type TransactionOptions, type Work } from './transaction.js'

/** The connections of one store. Those who hold one of `short` never wait for another of it. */
export interface Pools {
  readonly short: ConnectionPool
  /** For what takes long and may wait for somebody: readings in slices, and long changes. */
  readonly long: ConnectionPool
  /** For the drawing of numbers beside a transaction. */
  readonly numbers: ConnectionPool
}

/** What PostgreSQL runs operations with. */
export interface PostgresEngineOptions {
  readonly pools: Pools
  /** ISO 4217 numeric code of the currency that a cross rate may go through. */
  readonly pivotCurrency: string
  readonly clock: Clock
  readonly observer: StoreObserver
  readonly currencyOf: (numericCode: string) => Currency
  /** How long one statement may take, milliseconds. */
  readonly statementTimeoutMs: number
  /**
   * Of changes. READ COMMITTED is enough on PostgreSQL, because the rows of accounts are locked before anything is read
   * from them.
   */
  readonly isolation?: 'READ COMMITTED' | 'SERIALIZABLE'
}

export interface PostgresEngine extends Engine {
  /** Waits for the grouped changes that are under way. */
  settle (): Promise<void>
}

/** How one operation's transaction differs from others'. */
type Ways = Omit<TransactionOptions, 'transacted' | 'statementTimeoutMs'>

/** How often an operation runs at most, when other transactions are in its way. */
const ATTEMPTS = 5

/** How long the first wait before a repetition lasts at most. Each further one may last twice as long. */
const REPEAT_WAIT_MS = 10

/** Makes the engine on pools of connections. */
export function makePostgresEngine ({
  pools, pivotCurrency, clock, observer, currencyOf, statementTimeoutMs, isolation = 'READ COMMITTED'
}: PostgresEngineOptions): PostgresEngine {
  const draw = makeDrawNumbers(pools.numbers, statementTimeoutMs)
  const drawUnseen = makeDrawUnseen(draw)
  const groups: Array<Group<never, unknown>> = []
  /** The clocks of processes differ, and the server's holds for all of them. */
  const contextAt = (serverMs: number | undefined): Context => ({
    nowMs: clock === systemClock && serverMs !== undefined ? serverMs : clock().getTime(), pivotCurrency, currencyOf
  })

  const schema = readMigrations().length
  const beginning = (mode: string): string => beginningOf({ mode, statementTimeoutMs, schema })
  const beginReading = beginning('REPEATABLE READ READ ONLY')
  const beginChange = beginning(isolation)
  /** Others may write meanwhile, and it sees nothing of that. */
  const beginLongChange = beginning(isolation === 'SERIALIZABLE' ? isolation : 'REPEATABLE READ')

  /** There is nothing to be kept. */
  const askingOnce: Ways = { pool: pools.short, draw, beginning: undefined, end: 'ROLLBACK' }
  const change = (end: End) => ({
    pool: pools.short, draw: end === 'COMMIT' ? draw : drawUnseen, beginning: beginChange, end
  })

  /** Runs work, and again from its beginning when other transactions were in its way. */
  async function repeatedly<Result> (
    work: Work<Result>, options: Ways, attempt = 1
  ): Promise<Result> {
    try {
      return await transact(work, { ...options, statementTimeoutMs, transacted: observer.transacted })
    } catch (error) {
      if (attempt === ATTEMPTS || !isRepeatable(error)) throw storeErrorOf(error)
      observer.retried(String(error.code))
      await wait(Math.random() * REPEAT_WAIT_MS * 2 ** attempt)
      return await repeatedly(work, options, attempt + 1)
    }
  }

  async function write<Parameters extends readonly unknown[], Result> (
    { kind, work }: Change<Parameters, Result> | LongChange<Parameters, Result>, parameters: Parameters,
    end: End
  ): Promise<Result> {
    const how = kind === 'change' ? change(end) : { ...change(end), pool: pools.long, beginning: beginLongChange }
    return await repeatedly((serverMs) => work(contextAt(serverMs), ...parameters), how)
  }

  async function read<Parameters extends readonly unknown[], Result> (
    { work, asksOnce = false }: Reading<Parameters, Result>, ...parameters: Parameters
  ): Promise<Result> {
    return await repeatedly((serverMs) => work(contextAt(serverMs), ...parameters), {
      ...askingOnce, beginning: asksOnce ? undefined : beginReading
    })
  }

  function grouping<Request, Result, Remembered extends Memory> (
    { work, makeMemory }: GroupedChange<Request, Result, Remembered>
  ): (request: Request) => Promise<Result> {
    const group = makeGroup<Request, Result>(async (requests) => await repeatedly(
      // Other processes write, too: nothing is remembered from the group before.
      (serverMs) => work(contextAt(serverMs), makeMemory(), requests),
      { ...change('COMMIT'), committed: (commitMs) => { observer.committed(requests.length, commitMs) } }))
    groups.push(group)
    return group.run
  }

  function groupingReads<Request, Result> (
    { work }: GroupedReading<Request, Result>
  ): (request: Request) => Promise<Result> {
    const group = makeGroup<Request, Result>(async (requests) =>
      await repeatedly(() => work(requests), askingOnce))
    groups.push(group)
    return group.run
  }

  return {
    isNumberedInOrder: false,
    read,
    change: async (operation, ...parameters) => await write(operation, parameters, 'COMMIT'),
    rehearse: async (operation, ...parameters) => await write(operation, parameters, 'ROLLBACK'),
    grouping,
    groupingReads,
    readSlices: (operation, ...parameters) => readSlices({
      pool: pools.long, draw, beginning: beginReading, contextAt, operation, parameters
    }),
    settle: async () => { for (const group of groups) await group.settle() }
  }
}
