import { setTimeout as wait } from 'node:timers/promises'
import { systemClock, type Clock } from '../../clock.js'
import type { Currency } from '../../domain/currency.js'
import type { Change, Context, Engine, GroupedChange, GroupedReading, LongChange, Memory, Reading } from '../engine.js'
import type { StoreObserver } from '../port/observer.js'
import { isRepeatable, LOCK_MET, meetsLock, storeErrorOf } from './errors.js'
import { makeGroup, type Group } from './group.js'
import { readSlices } from './slices.js'
import { transact, type End, type Work } from './transaction.js'
import { LOCK_TRY_MS, makeWays, type Pools, type Way } from './ways.js'

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

/** How often an operation runs at most, when other transactions are in its way. */
const ATTEMPTS = 5

/** How long the first wait before a repetition lasts at most. Each further one may last twice as long. */
const REPEAT_WAIT_MS = 10

/** Makes the engine on pools of connections. */
export function makePostgresEngine ({
  pools, pivotCurrency, clock, observer, currencyOf, statementTimeoutMs, isolation = 'READ COMMITTED'
}: PostgresEngineOptions): PostgresEngine {
  const ways = makeWays({ pools, statementTimeoutMs, isolation })
  const groups: Array<Group<never, unknown>> = []
  /** The clocks of processes differ, and the server's holds for all of them. */
  const contextAt = (serverMs: number | undefined): Context => ({
    nowMs: clock === systemClock && serverMs !== undefined ? serverMs : clock().getTime(), pivotCurrency, currencyOf
  })

  /** Runs work, and again from its beginning when other transactions were in its way. */
  async function repeatedly<Result> (
    work: Work<Result>, way: Way, attempt = 1
  ): Promise<Result> {
    try {
      return await transact(work, { ...way, statementTimeoutMs, transacted: observer.transacted })
    } catch (error) {
      if (attempt === ATTEMPTS || !isRepeatable(error)) throw storeErrorOf(error)
      observer.retried(String(error.code))
      await wait(Math.random() * REPEAT_WAIT_MS * 2 ** attempt)
      return await repeatedly(work, way, attempt + 1)
    }
  }

  async function write<Parameters extends readonly unknown[], Result> (
    { kind, work }: Change<Parameters, Result> | LongChange<Parameters, Result>, parameters: Parameters,
    end: End
  ): Promise<Result> {
    const carryOut = async (way: Way): Promise<Result> =>
      await repeatedly((serverMs) => work(contextAt(serverMs), ...parameters), way)
    if (kind === 'long-change') return await carryOut(ways.longChange(end))
    try {
      return await carryOut(ways.briefChange(end))
    } catch (error) {
      if (!meetsLock(error)) throw error
      observer.retried(LOCK_MET)
      return await carryOut(ways.change(end))
    }
  }

  async function read<Parameters extends readonly unknown[], Result> (
    { work, asksOnce = false }: Reading<Parameters, Result>, ...parameters: Parameters
  ): Promise<Result> {
    return await repeatedly(
      (serverMs) => work(contextAt(serverMs), ...parameters), asksOnce ? ways.asking : ways.reading)
  }

  function grouping<Request, Result, Remembered extends Memory> (
    { work, makeMemory }: GroupedChange<Request, Result, Remembered>
  ): (request: Request) => Promise<Result> {
    const carryOut = (way: Way) => async (requests: readonly Request[]) => await repeatedly(
      // Other processes write, too: nothing is remembered from the group before.
      (serverMs) => work(contextAt(serverMs), makeMemory(), requests),
      { ...way, committed: (commitMs) => { observer.committed(requests.length, commitMs) } })
    const [brief, trial] = [ways.briefChange('COMMIT'), ways.briefChange('COMMIT', LOCK_TRY_MS)]
    // Those who must wait share one connection. They give up their locks each second: none waits for another's.
    const waiting = makeGroup(carryOut({ ...brief, pool: pools.long }), {
      tryAlone: carryOut({ ...trial, pool: pools.long }), wait: statementTimeoutMs
    })
    const group = makeGroup(carryOut(brief), {
      tryAlone: carryOut(trial),
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
      await repeatedly(() => work(requests), ways.asking))
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
      ...ways.reading, pool: pools.long, statementTimeoutMs, contextAt, operation, parameters
    }),
    settle: async () => { for (const group of groups) await group.settle() }
  }
}
