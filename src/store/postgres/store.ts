import { systemClock, type Clock } from '../../clock.js'
import { DatabaseError } from '../database-error.js'
import { change, reading } from '../engine.js'
import { UNOBSERVED, type StoreObserver } from '../port/observer.js'
import { readCurrencies, rememberCurrencies, type ChangedCurrency, type CurrencyOf } from '../operations/currencies.js'
import { removeUnnamed } from '../operations/snapshot-staging.js'
import { makeStore } from '../store-of.js'
import type { Store } from '../port/store.js'
import { connectTo, makePool } from './connections.js'
import { makePostgresEngine, type Pools, type PostgresEngine, type PostgresEngineOptions } from './engine.js'
import { storeErrorOf } from './errors.js'
import { migrate, readMigrations, readVersion, requireKnown } from './migrate.js'
import { makeSend } from './send.js'
import { findFaults } from './verify.js'

/** What the PostgreSQL store is made with. */
export interface PostgresStoreOptions extends Partial<
  Pick<PostgresEngineOptions, 'isolation' | 'statementTimeoutMs'>> {
  /** `postgresql://user:secret@host:port/database`. */
  readonly url: string
  /** ISO 4217 numeric code of the currency that a cross rate may go through. */
  readonly pivotCurrency: string
  readonly clock: Clock
  /** Told what is to be counted. */
  readonly observer?: StoreObserver
}

/** How many connections one process has at most: for what is short, for what is long, and to draw numbers. */
const POOL_SIZES = { short: 8, long: 4, numbers: 1 }

const STATEMENT_TIMEOUT_MS = 30_000

/** A snapshot that was begun so long ago and has no name is left from a process that is gone. */
const UNNAMED_KEPT_MS = 24 * 60 * 60 * 1000

const remember = change(rememberCurrencies)
const readAll = reading(readCurrencies)
const clearUp = change(({ nowMs }) => removeUnnamed(nowMs - UNNAMED_KEPT_MS))

/** The engine on a database that is not prepared yet. */
interface Connected {
  readonly engine: PostgresEngine
  readonly pools: Pools
  /** Lets the engine know the currencies that the database remembers. */
  readonly learnCurrencies: () => Promise<void>
  readonly close: () => Promise<void>
}

/**
 * Opens the store on a PostgreSQL database, which any number of processes may use.
 *
 * @throws DatabaseError when the database cannot be used, with what to do about it
 */
export async function openPostgresStore (options: PostgresStoreOptions): Promise<Store> {
  const { engine, pools, learnCurrencies, close } = connect(options)
  try {
    await migrate(pools.short, options.clock().getTime())
    refuseOtherDecimals(await engine.change(remember))
    await learnCurrencies()
    await engine.change(clearUp)
  } catch (error) {
    await close()
    throw openingErrorOf(error)
  }
  return {
    ...makeStore(engine, options.observer ?? UNOBSERVED),
    check: async () => { await checkDatabase(pools) },
    countOtherProcesses: async () => 0,
    readLogBytes: async () => 0,
    close
  }
}

function connect ({
  url, pivotCurrency, clock, observer = UNOBSERVED, statementTimeoutMs = STATEMENT_TIMEOUT_MS,
  isolation = 'READ COMMITTED'
}: PostgresStoreOptions): Connected {
  const pools: Pools = {
    short: makePool({ url }, POOL_SIZES.short),
    long: makePool({ url }, POOL_SIZES.long),
    numbers: makePool({ url }, POOL_SIZES.numbers)
  }
  let currencies: CurrencyOf | undefined
  const currencyOf: CurrencyOf = (code) => (currencies as CurrencyOf)(code)
  const engine = makePostgresEngine({
    pools, pivotCurrency, clock, observer, statementTimeoutMs, isolation, currencyOf
  })
  return {
    engine,
    pools,
    learnCurrencies: async () => { currencies = await engine.read(readAll) },
    close: makeClose(engine, pools)
  }
}

/**
 * Checks a database against the rules of ours, as of one moment, and changes nothing in it. A service may be using it.
 *
 * @returns every fault in words; nothing when the database is sound
 * @throws DatabaseError when it is not one of ours, or cannot be reached
 */
export async function * verifyPostgres (url: string): AsyncGenerator<string> {
  const { engine, pools, close } = connect({ url, pivotCurrency: '840', clock: systemClock })
  try {
    await checkDatabase(pools)
    for await (const faults of engine.readSlices(findFaults)) yield * faults
  } catch (error) {
    throw openingErrorOf(error)
  } finally {
    await close()
  }
}

function makeClose (engine: PostgresEngine, pools: Pools): () => Promise<void> {
  let closed: Promise<void> | undefined
  async function closeOnce (): Promise<void> {
    await engine.settle()
    await Promise.all([pools.short.end(), pools.long.end(), pools.numbers.end()])
  }
  return async () => await (closed ??= closeOnce())
}

/** @throws StoreUnavailableError when the database does not answer, or does not take writes */
async function checkDatabase ({ short }: Pools): Promise<void> {
  const connection = await connectTo(short)
  try {
    requireKnown(await readVersion(makeSend(connection.client)), readMigrations().length)
    connection.release()
  } catch (error) {
    connection.discard()
    throw storeErrorOf(error)
  }
}

function refuseOtherDecimals (changed: ChangedCurrency | undefined): void {
  if (changed === undefined) return
  const { remembered, known } = changed
  throw new DatabaseError(
    `the database holds amounts in ${remembered.alphaCode} with ${remembered.minorUnitDecimals} decimals, ` +
    `and this version knows ${known.alphaCode} with ${known.minorUnitDecimals}: they would be shown with another ` +
    'value. Install the version of stip-sandbox that wrote them, or use another DATABASE_URL')
}

function openingErrorOf (error: unknown): unknown {
  if (error instanceof DatabaseError) return error
  return new DatabaseError(`the database of DATABASE_URL cannot be used: ${(error as Error).message}`, { cause: error })
}
