import pg, { type PoolClient } from 'pg'
import type { DatabaseUrl } from '../../database-url.js'
import { StoreUnavailableError } from '../port/unavailable.js'
import { NoAnswerError, reasonOf, sqlStateOf } from './errors.js'
import type { Hosts, Way } from './hosts.js'
import { PROBE_TIMEOUT_MS, requireSearchPath, withAdvice } from './pooler.js'
import { breakConnection, watchSocket } from './socket.js'

/** The object identifiers of int2, int4 and int8, of which bigint is made. */
const WHOLE_NUMBERS: ReadonlySet<number> = new Set([20, 21, 23])

/** Reads whole numbers as bigint, on our connections only: pg's own way is one for the whole process. */
const TYPES = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    WHOLE_NUMBERS.has(oid) ? BigInt : pg.types.getTypeParser(oid, format)
}

/** A connection that is silent so long is asked by the system whether its other end is there. */
const KEEP_ALIVE_MS = 10_000

/** What pg's pool says when all its connections stay in use. */
const POOL_EXHAUSTED = 'timeout exceeded when trying to connect'

/** A connection of a pool, for the time of one piece of work. */
export interface Connection {
  readonly client: PoolClient
  /** A commit was sent, and this backend of the server works on it: the connection breaks when it surely does not. */
  readonly awaitCommit: (backend: bigint) => void
  /** Gives it back, to be used again. */
  release: () => void
  /** Ends it: nobody knows how it stands. */
  discard: () => void
  /** Ends it, and all others to the same host: it is gone, or only reads. The next request looks for another one. */
  leaveHost: () => void
}

/** How the connections of a pool stand. */
export interface PoolState {
  readonly inUse: number
  readonly idle: number
  /** Pieces of work that wait for one. */
  readonly waiting: number
}

export interface ConnectionPool {
  /** @throws StoreUnavailableError when there is none to be had, or no host takes writes */
  connect: () => Promise<Connection>
  state: () => PoolState
  end: () => Promise<void>
}

interface WayClient {
  readonly way: Way
}

/** Makes what pg is given for a connection of its own. */
function configOf (url: DatabaseUrl, { host, port, tls }: Way): pg.ClientConfig {
  const { user, password, database, options, applicationName, connectTimeoutMs } = url
  return {
    host,
    port,
    ssl: tls ?? false,
    ...user === undefined ? {} : { user },
    ...password === undefined ? {} : { password: password.reveal() },
    ...database === undefined ? {} : { database },
    ...options === undefined ? {} : { options },
    application_name: applicationName,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    types: TYPES
  }
}

/** @throws Error for a server that only reads: a standby, or a primary that was told so */
async function requireWrites (client: pg.ClientBase): Promise<void> {
  const { rows: [row] } = await client.query<{ transaction_read_only: string }>(
    { text: 'SHOW transaction_read_only', query_timeout: PROBE_TIMEOUT_MS } as pg.QueryConfig)
  if (row?.transaction_read_only !== 'off') throw new Error('the server takes no writes')
}

/** How many looks in a row must fail before a connection breaks: one may fail for a cause of ours. */
const FAILED_PROBES = 2

/** Where no session is seen, not even this one, the server does not show who works. */
const IS_WORKING = `SELECT count(*) = 0 OR count(*) FILTER (WHERE pid = $1 AND state NOT LIKE 'idle%') > 0 AS is_working
  FROM pg_stat_activity`

async function isWorking (client: pg.ClientBase, backend: bigint): Promise<boolean> {
  const { rows: [row] } = await client.query<{ is_working: boolean }>(
    { text: IS_WORKING, values: [backend], query_timeout: PROBE_TIMEOUT_MS } as pg.QueryConfig)
  return row?.is_working !== false
}

/**
 * Looks by another connection whether a server is still there and takes writes, and whether it still works on a commit.
 *
 * @param backend which of the server's processes has the commit, if one is awaited
 */
async function look (url: DatabaseUrl, way: Way, backend: bigint | undefined): Promise<'well' | 'gone' | 'forgotten'> {
  const client = new pg.Client(configOf(url, way))
  client.on('error', () => {})
  const seen = await client.connect().then(async () => {
    await requireWrites(client)
    return backend === undefined || await isWorking(client, backend) ? 'well' : 'forgotten'
  // A server that says why it refuses is there.
  }).catch((error: unknown) => sqlStateOf(error) === undefined ? 'gone' : 'well')
  // It may be half made. Nobody waits for its end.
  client.end().catch(() => {})
  return seen
}

/**
 * Makes a pool. Connections are made as they are needed.
 *
 * @param max how many there may be
 */
export function makePool (url: DatabaseUrl, hosts: Hosts, max: number): ConnectionPool {
  class Client extends pg.Client implements WayClient {
    readonly way: Way

    constructor () {
      const way = hosts.way()
      super({ ...configOf(url, way), pipeline: true } as pg.ClientConfig)
      this.way = way
    }
  }
  const pool = new pg.Pool({
    Client,
    max,
    // Also how long work waits for a connection that others use.
    connectionTimeoutMillis: url.connectTimeoutMs,
    onConnect: async (client: pg.ClientBase) => {
      watchSocket(client)
      await requireWrites(client)
      if (url.options !== undefined) await requireSearchPath(client, url.options)
    }
  } as pg.PoolConfig)
  // One that fails while nobody uses it is left out of the pool. There is nobody to be told.
  pool.on('error', () => {})

  /** Gives a connection to the host that takes writes. Those to others are ended. */
  async function take (): Promise<PoolClient & WayClient> {
    for (;;) {
      const client = await pool.connect() as PoolClient & WayClient
      if (client.way.search === hosts.way().search) return client
      client.release(true)
    }
  }

  /** Tries each host once, and each with TLS and without where the mode allows both. */
  async function takeFromAny (): Promise<PoolClient & WayClient> {
    const reasons: string[] = []
    for (;;) {
      const way = hosts.way()
      try {
        return await take()
      } catch (error) {
        const message = reasonOf(error)
        if (hosts.changeTls(way, message)) continue
        const reason = withAdvice(message)
        reasons.push(hosts.count === 1 ? reason : `${way.host}:${way.port}: ${reason}`)
        const isExhausted = message === POOL_EXHAUSTED
        if (!isExhausted) hosts.leave(way)
        if (isExhausted || reasons.length === hosts.count) {
          throw new StoreUnavailableError(`no connection to the database: ${reasons.join('; ')}`, { cause: error })
        }
      }
    }
  }

  return {
    connect: async () => guard(await takeFromAny(), url, hosts),
    state: () => ({
      inUse: pool.totalCount - pool.idleCount, idle: pool.idleCount, waiting: pool.waitingCount
    }),
    end: async () => { await pool.end() }
  }
}

/**
 * Hands a connection out. While it is in use, its server is looked for from time to time, because one that lost its
 * power never says so. Then the connection breaks, as it does when the server's process ends. A server that is there
 * may take as long as it needs: no time-out of ours ends a commit that waits for a standby. But a commit that the
 * server no longer works on was lost with its answer, or before it came there.
 */
function guard (client: PoolClient & WayClient, url: DatabaseUrl, hosts: Hosts): Connection {
  let backend: bigint | undefined
  let isInUse = true
  let failures = 0
  const looking = setInterval(() => {
    look(url, client.way, backend).then((seen) => {
      failures = seen === 'well' ? 0 : failures + 1
      if (failures < FAILED_PROBES || !isInUse) return
      breakConnection(client, seen === 'gone' ? undefined : new NoAnswerError('to a commit that it no longer works on'))
    }, () => {})
  }, url.connectTimeoutMs).unref() // Work is seldom that long.
  const end = (discarded: boolean): void => {
    clearInterval(looking)
    isInUse = false
    client.release(discarded)
  }
  return {
    client,
    awaitCommit: (pid) => { backend = pid },
    release: () => { end(false) },
    discard: () => { end(true) },
    leaveHost: () => {
      hosts.leave(client.way)
      end(true)
    }
  }
}
