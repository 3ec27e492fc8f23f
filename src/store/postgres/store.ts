import { systemClock, type Clock } from '../../clock.js'
import { readDatabaseUrl } from '../../database-url.js'
import { DatabaseError } from '../database-error.js'
import { change, reading } from '../engine.js'
import { describeChanged, readCurrencies, rememberCurrencies, type CurrencyOf } from '../operations/currencies.js'
import { removeUnnamed } from '../operations/snapshot-staging.js'
import { UNOBSERVED, type StoreObserver } from '../port/observer.js'
import type { DatabaseState, Store, StoreGauge } from '../port/store.js'
import { StoreUnavailableError } from '../port/unavailable.js'
import { makeStore } from '../store-of.js'
import { makePool, type ConnectionPool, type PoolState } from './connections.js'
import { makePostgresEngine, type PostgresEngine, type PostgresEngineOptions } from './engine.js'
import { leavesHost, storeErrorOf } from './errors.js'
import { makeHosts } from './hosts.js'
import { migrate, readMigrations, readVersion, requireKnown } from './migrate.js'
import { findSchemaFaults } from './schema-check.js'
import { makeSend, type Send } from './send.js'
import { readServer, readState, type Server } from './server.js'
import { readTlsOptions } from './tls.js'
import { findFaults } from './verify.js'
import type { Pools } from './ways.js'

/** What the PostgreSQL store is made with. */
export interface PostgresStoreOptions extends Partial<
  Pick<PostgresEngineOptions, 'isolation' | 'statementTimeoutMs'>> {
  /** `postgresql://user:secret@host1:5432,host2:5432/database`. */
  readonly url: string
  /** How many connections there may be, 4 at least. */
  readonly connections?: number
  /** ISO 4217 numeric code of the currency that a cross rate may go through. */
  readonly pivotCurrency: string
  /** Of a test. `systemClock` stands for the server's own, which all processes share. */
  readonly clock: Clock
  /** Counts the events of the store. */
  readonly observer?: StoreObserver
}

const CONNECTIONS = 12

const STATEMENT_TIMEOUT_MS = 30_000

/** A snapshot that was begun so long ago and has no name is left from a process that is gone. */
const UNNAMED_KEPT_MS = 24 * 60 * 60 * 1000

const remember = change(rememberCurrencies)
const readAll = reading(readCurrencies)
const clearUp = change(({ nowMs }) => removeUnnamed(nowMs - UNNAMED_KEPT_MS))

/** The engine on a database. */
interface Connected {
  readonly engine: PostgresEngine
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
  const pools = makePools(options)
  const { engine, close } = await opening(pools, async () => {
    const { isolation } = await prepare(pools, options.clock)
    const connected = connect(pools, { isolation, ...options })
    const changed = await connected.engine.change(remember)
    if (changed !== undefined) throw new DatabaseError(describeChanged(changed, 'the database', 'DATABASE_URL'))
    await connected.learnCurrencies()
    await connected.engine.change(clearUp)
    return connected
  })
  return {
    ...makeStore(engine, options.observer ?? UNOBSERVED),
    check: async () => await checkDatabase(pools),
    countOtherProcesses: async () => 0,
    gauges: gaugesOf(pools),
    close
  }
}

/**
 * Brings a database up to this version, or makes its tables.
 *
 * @returns how many migrations it has
 * @throws DatabaseError when it cannot be used, with what to do about it
 */
export async function migratePostgres (url: string): Promise<number> {
  const pools = makePools({ url })
  await opening(pools, async () => await prepare(pools, systemClock))
  await endAll(pools)
  return readMigrations().length
}

/**
 * Checks a database against the rules of ours, as of one moment, and changes nothing in it. A service may be using it.
 *
 * @returns every fault in words; nothing when the database is sound
 * @throws DatabaseError when it is not one of ours, or cannot be reached
 */
export async function * verifyPostgres (url: string): AsyncGenerator<string> {
  const pools = makePools({ url })
  try {
    await checkDatabase(pools)
    const schemaFaults = await asking(
      pools.short, async (send) => await findSchemaFaults(send, await readServer(send)))
    yield * schemaFaults
    // The rules would only tell the consequences, and fail where something lacks.
    if (schemaFaults.length > 0) return
    const { engine } = connect(pools, { pivotCurrency: '840', clock: systemClock, statementTimeoutMs: 0 })
    for await (const faults of engine.readSlices(findFaults)) yield * faults
  } catch (error) {
    throw openingErrorOf(error)
  } finally {
    await endAll(pools)
  }
}

/** Shares the connections out. Short changes get the most, and every pool has at least one. */
function makePools (
  { url: text, connections = CONNECTIONS }: Pick<PostgresStoreOptions, 'url' | 'connections'>
): Pools {
  const url = readDatabaseUrl(text)
  const hosts = makeHosts(url, readTlsOptions(url))
  const part = Math.round((connections - 1) / 4)
  return {
    readings: makePool(url, hosts, part),
    short: makePool(url, hosts, connections - 1 - 2 * part),
    long: makePool(url, hosts, part),
    numbers: makePool(url, hosts, 1)
  }
}

async function endAll ({ readings, short, long, numbers }: Pools): Promise<void> {
  await Promise.all([readings.end(), short.end(), long.end(), numbers.end()])
}

function connect (pools: Pools, {
  pivotCurrency, clock, observer = UNOBSERVED, statementTimeoutMs = STATEMENT_TIMEOUT_MS, isolation = 'READ COMMITTED'
}: Omit<PostgresStoreOptions, 'url'>): Connected {
  let currencies: CurrencyOf | undefined
  const currencyOf: CurrencyOf = (code) => (currencies as CurrencyOf)(code)
  const engine = makePostgresEngine({
    pools, pivotCurrency, clock, observer, statementTimeoutMs, isolation, currencyOf
  })
  return {
    engine,
    learnCurrencies: async () => { currencies = await engine.read(readAll) },
    close: makeClose(engine, pools)
  }
}

/** Runs the opening, and ends all connections when it fails. */
async function opening<Result> (pools: Pools, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    await endAll(pools)
    throw openingErrorOf(error)
  }
}

/** @returns what the server is, once its database has every migration, and all that they make */
async function prepare (pools: Pools, clock: Clock): Promise<Server> {
  const server = await asking(pools.short, readServer)
  await requireKeptStatements(pools)
  await migrate(pools.short, clock().getTime())
  const [fault] = await asking(pools.short, async (send) => await findSchemaFaults(send, server))
  if (fault === undefined) return server
  throw new DatabaseError(`the tables of DATABASE_URL are damaged: ${fault}. ` +
    'Make it again as migrations/postgres has it, or restore a backup. `stip-sandbox verify` names all that is wrong')
}

/**
 * Makes a pooler show whether a prepared statement stays with its connection. While one connection is in a
 * transaction, the other has another server. When the first is done, a pooler in transaction mode gives the newly free
 * server to the other.
 *
 * @throws StoreUnavailableError when it does not stay
 */
async function requireKeptStatements ({ short, numbers }: Pools): Promise<void> {
  await asking(short, async (hold) => {
    await hold('BEGIN')
    await asking(numbers, async (ask) => {
      const askPrepared = async (): Promise<unknown> => await ask('SELECT $1::text AS kept', ['kept'])
      await askPrepared()
      await hold('ROLLBACK')
      await askPrepared()
    })
  })
}

function makeClose (engine: PostgresEngine, pools: Pools): () => Promise<void> {
  let closed: Promise<void> | undefined
  async function closeOnce (): Promise<void> {
    await engine.settle()
    await endAll(pools)
  }
  return async () => await (closed ??= closeOnce())
}

/** How long the database may take to say how it stands. */
const ASKING_TIMEOUT_MS = 5000

/** Asks the database something outside of any operation. */
async function asking<Result> (pool: ConnectionPool, ask: (send: Send) => Promise<Result>): Promise<Result> {
  const connection = await pool.connect()
  try {
    const result = await ask(makeSend(connection.client, ASKING_TIMEOUT_MS))
    connection.release()
    return result
  } catch (error) {
    if (leavesHost(error)) connection.leaveHost()
    else connection.discard()
    throw storeErrorOf(error)
  }
}

/** @throws StoreUnavailableError when the database does not answer, or does not take writes */
async function checkDatabase (pools: Pools): Promise<DatabaseState> {
  return await asking(pools.readings, async (send) => {
    requireKnown(await readVersion(send), readMigrations().length)
    const state = await readState(send)
    if (state.readOnly) throw new StoreUnavailableError('the database takes no writes')
    return state
  })
}

function gaugesOf (pools: Pools): StoreGauge[] {
  const sum = (part: keyof PoolState): number =>
    Object.values(pools).reduce((total: number, pool: Pools['short']) => total + pool.state()[part], 0)
  return [
    {
      name: 'stip_database_connections_in_use',
      help: 'Connections to the database that work is using.',
      read: async () => sum('inUse')
    },
    {
      name: 'stip_database_connections_idle',
      help: 'Open connections to the database that nobody uses.',
      read: async () => sum('idle')
    },
    {
      name: 'stip_database_connections_waiting',
      help: 'Pieces of work that wait for a connection to the database.',
      read: async () => sum('waiting')
    }
  ]
}

function openingErrorOf (error: unknown): unknown {
  if (error instanceof DatabaseError) return error
  const { message } = storeErrorOf(error) as Error
  return new DatabaseError(`the database of DATABASE_URL cannot be used: ${message}`, { cause: error })
}
