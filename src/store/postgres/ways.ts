import { beginningOf } from './begin.js'
import type { ConnectionPool } from './connections.js'
import { readMigrations } from './migrate.js'
import { makeDrawNumbers, makeDrawUnseen, type DrawNumbers } from './numbers.js'
import type { End, TransactionOptions } from './transaction.js'

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

/** How one operation's transaction differs from others'. */
export type Way = Omit<TransactionOptions, 'transacted' | 'statementTimeoutMs'>

/** What the ways of an engine depend on. */
export interface WaysOptions {
  readonly pools: Pools
  /** How long one statement may take, milliseconds. */
  readonly statementTimeoutMs: number
  /** Of changes. */
  readonly isolation: 'READ COMMITTED' | 'SERIALIZABLE'
}

/** How the operations of an engine run: on which pool, and how their transactions begin and end. */
export interface Ways {
  readonly draw: DrawNumbers
  /** For what asks once, without a transaction. */
  readonly asking: Way
  readonly reading: Way & { readonly beginning: string }
  /** It gives up where it would have to wait longer for a lock. */
  readonly briefChange: (end: End, lockWaitMs?: number) => Way
  /** It waits for locks as long as a statement may take, and nobody else waits for it. */
  readonly change: (end: End) => Way
  /** Others may write meanwhile, and it sees nothing of that. */
  readonly longChange: (end: End) => Way
}

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
export const LOCK_TRY_MS = 10

/** Makes the ways of an engine. */
export function makeWays ({ pools, statementTimeoutMs, isolation }: WaysOptions): Ways {
  const draw = makeDrawNumbers(pools.numbers, statementTimeoutMs)
  const drawUnseen = makeDrawUnseen(draw)
  const common = { statementTimeoutMs, schema: readMigrations().length }
  const beginChange = (mode: string, lockTimeoutMs?: number): string =>
    beginningOf({ ...common, mode, idleTimeoutMs: IDLE_CHANGE_MS, lockTimeoutMs })
  const asking: Way = { pool: pools.readings, draw, beginning: undefined, end: 'ROLLBACK' }
  const change = (end: End): Way =>
    ({ pool: pools.long, draw: end === 'COMMIT' ? draw : drawUnseen, beginning: beginChange(isolation), end })
  return {
    draw,
    asking,
    reading: {
      ...asking,
      beginning: beginningOf({ ...common, mode: 'REPEATABLE READ READ ONLY', idleTimeoutMs: IDLE_READING_MS })
    },
    briefChange: (end, lockWaitMs = LOCK_WAIT_MS) =>
      ({ ...change(end), pool: pools.short, beginning: beginChange(isolation, lockWaitMs) }),
    change,
    longChange: (end) =>
      ({ ...change(end), beginning: beginChange(isolation === 'SERIALIZABLE' ? isolation : 'REPEATABLE READ') })
  }
}
