import pg, { type Pool, type PoolClient } from 'pg'
import { StoreUnavailableError } from '../port/unavailable.js'

/** The object identifiers of int2, int4 and int8, of which bigint is made. */
const WHOLE_NUMBERS: ReadonlySet<number> = new Set([20, 21, 23])

/** Reads whole numbers as bigint, on our connections only: pg's own way is one for the whole process. */
const TYPES = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    WHOLE_NUMBERS.has(oid) ? BigInt : pg.types.getTypeParser(oid, format)
}

/** How long an operation waits for a free connection, and for a new one. */
const CONNECTION_TIMEOUT_MS = 5000

/** How to reach a database. */
export interface ConnectionOptions {
  /** `postgresql://user:secret@host:port/database`. */
  readonly url: string
}

/**
 * Makes a pool. Connections are made as they are needed.
 *
 * @param max how many there may be
 */
export function makePool ({ url }: ConnectionOptions, max: number): Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    types: TYPES,
    pipeline: true,
    connectionTimeoutMillis: CONNECTION_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'stip-sandbox'
  } as pg.PoolConfig)
  // One that fails while nobody uses it is left out of the pool. There is nobody to be told.
  pool.on('error', () => {})
  return pool
}

/** A connection of a pool, for the time of one piece of work. */
export interface Connection {
  readonly client: PoolClient
  /** Gives it back, to be used again. */
  release: () => void
  /** Ends it: nobody knows how it stands. */
  discard: () => void
}

/** @throws StoreUnavailableError when there is no connection to be had */
export async function connectTo (pool: Pool): Promise<Connection> {
  let client: PoolClient
  try {
    client = await pool.connect()
  } catch (error) {
    throw new StoreUnavailableError(`no connection to the database: ${(error as Error).message}`, { cause: error })
  }
  // A connection that fails between two statements says so here; the next statement is refused then.
  const ignore = (): void => {}
  client.on('error', ignore)
  const end = (discarded: boolean): void => {
    client.off('error', ignore)
    client.release(discarded)
  }
  return { client, release: () => { end(false) }, discard: () => { end(true) } }
}
