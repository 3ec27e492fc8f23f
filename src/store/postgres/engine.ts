import { setTimeout as wait } from 'node:timers/promises'
import { systemClock, type Clock } from '../../clock.js'
import type { Currency } from '../../domain/currency.js'
import type { Change, Context, Engine, GroupedChange, GroupedReading, LongChange, Memory, Reading } from '../engine.js'
import type { StoreObserver } from '../port/observer.js'
import { beginningOf } from './begin.js'
import type { ConnectionPool } from './connections.js'
import { isRepeatable, LOCK_MET, meetsLock, storeErrorOf } from './errors.js'
import { makeGroup, type Group } from './group.js'
import { readMigrations } from './migrate.js'
import { makeDrawNumbers, makeDrawUnseen } from './numbers.js'
import { readSlices } from './slices.js'
import { transact, type End, type TransactionOptions, type Work } from './transaction.js'

/** The connections of one store. Those who hold one of `short` never wait for another of it. */
export interface Pools {
  /** For readings that are short. Nobody waits for a row there: it answers also while all changes wait. */
  readonly readings: ConnectionPool
  /** For changes that are short. */
  readonly short: ConnectionPool
  /** For what takes long or waits for somebody: readings in slices, long changes, and changes that met a lock. */
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

/** A reading that does nothing so long is ended by the server. It locks out nobody, and its reader may be slow. */
const IDLE_READING_MS = 60_000

/**
 * A change that does nothing so long is ended by the server: its process is frozen or cut off, and has rows locked.
 * Between two of its statements it waits for the drawing of numbers alone.
 */
const IDLE_CHANGE_MS = 10_000

/** How long a change waits for somebody's lock while others wait for its connection, or for its group. */
const LOCK_WAIT_MS = 1000

/** The same for one of a group that has met a lock, to find out which of them it was. */
const LOCK_TRY_MS = 10

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

  const common = { statementTimeoutMs, schema: readMigrations().length }
  const beginReading = beginningOf({ ...common, mode: 'REPEATABLE READ READ ONLY', idleTimeoutMs: IDLE_READING_MS })
  const beginChange = (mode: string, lockTimeoutMs?: number): string =>
    beginningOf({ ...common, mode, idleTimeoutMs: IDLE_CHANGE_MS, lockTimeoutMs })
  /** Others may write meanwhile, and it sees nothing of that. */
  const beginLongChange = beginChange(isolation === 'SERIALIZABLE' ? isolation : 'REPEATABLE READ')

  /** There is nothing to be kept. */
  const askingOnce: Ways = { pool: pools.readings, draw, beginning: undefined, end: 'ROLLBACK' }
  /** It waits for locks as long as a statement may take, and nobody else waits for it. */
  const change = (end: End): Ways =>
    ({ pool: pools.long, draw: end === 'COMMIT' ? draw : drawUnseen, beginning: beginChange(isolation), end })
  /** It gives up where it would have to wait longer for a lock. */
  const briefChange = (end: End, lockWaitMs = LOCK_WAIT_MS): Ways =>
    ({ ...change(end), pool: pools.short, beginning: beginChange(isolation, lockWaitMs) })

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
    const carryOut = async (ways: Ways): Promise<Result> =>
      await repeatedly((serverMs) => work(contextAt(serverMs), ...parameters), ways)
    if (kind === 'long-change') return await carryOut({ ...change(end), beginning: beginLongChange })
    try {
      return await carryOut(briefChange(end))
    } catch (error) {
      if (!meetsLock(error)) throw error
      observer.retried(LOCK_MET)
      return await carryOut(change(end))
    }
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
    const carryOut = (ways: Ways) => async (requests: readonly Request[]) => await repeatedly(
      // Other processes write, too: nothing is remembered from the group before.
      (serverMs) => work(contextAt(serverMs), makeMemory(), requests),
      { ...ways, committed: (commitMs) => { observer.committed(requests.length, commitMs) } })
    // Those who must wait share one connection, so that they leave the others to all others.
    const waiting = makeGroup(carryOut(change('COMMIT')))
    const group = makeGroup(carryOut(briefChange('COMMIT')), {
      tryAlone: carryOut(briefChange('COMMIT', LOCK_TRY_MS)),
      wait: async (request) => {
        observer.retried(LOCK_MET)
        return await waiting.run(request)
      }
    })
    groups.push(group, waiting)
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
      pool: pools.long, draw, beginning: beginReading, statementTimeoutMs, contextAt, operation, parameters
    }),
    settle: async () => { for (const group of groups) await group.settle() }
  }
}
