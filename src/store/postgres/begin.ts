import { StoreUnavailableError } from '../port/unavailable.js'
import type { Send } from './send.js'

/** What was answered as done must outlive the server's crash, also where `synchronous_commit` is off. */
const MAKE_DURABLE = `SELECT set_config('synchronous_commit', 'on', true)
  WHERE current_setting('synchronous_commit') = 'off'`

/** How a transaction begins. */
export interface Beginning {
  readonly mode: string
  /** How long one statement may take, milliseconds. */
  readonly statementTimeoutMs: number
  /** How long it may do nothing before the server ends it, milliseconds: it locks out nobody for ever. */
  readonly idleTimeoutMs: number
  /** How long one statement may wait for a lock, milliseconds; undefined for as long as it may take. */
  readonly lockTimeoutMs?: number | undefined
  /** How many migrations this version knows. */
  readonly schema: number
}

/** Gives the statements that begin a transaction, for {@link begin}. */
export function beginningOf ({ mode, statementTimeoutMs, idleTimeoutMs, lockTimeoutMs, schema }: Beginning): string {
  const lockTimeout = lockTimeoutMs === undefined ? '' : `SET LOCAL lock_timeout = ${lockTimeoutMs}; `
  return `BEGIN ISOLATION LEVEL ${mode}; SET LOCAL statement_timeout = ${statementTimeoutMs};
    SET LOCAL idle_in_transaction_session_timeout = ${idleTimeoutMs}; ${lockTimeout}${MAKE_DURABLE};
    SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now_ms
      WHERE (SELECT count(*) FROM stip_migrations) = ${schema}`
}

/** What pg gives for the last of several statements in a text. */
interface Told {
  readonly rows: ReadonlyArray<{ readonly now_ms: bigint }>
}

/**
 * Begins a transaction.
 *
 * @param beginning the statements of {@link beginningOf}
 * @returns the time of the server, which all processes share: milliseconds since 1970
 * @throws StoreUnavailableError when the database has another schema by now: this version would write past it
 */
export async function begin (send: Send, beginning: string): Promise<number> {
  const results = await send(beginning) as unknown as readonly Told[]
  const told = results.at(-1)?.rows[0]
  if (told === undefined) {
    throw new StoreUnavailableError('the database has another schema than this version knows: another version has ' +
      'migrated it, or an older copy has taken its place. Start stip-sandbox anew, in its newest version')
  }
  return Number(told.now_ms)
}
