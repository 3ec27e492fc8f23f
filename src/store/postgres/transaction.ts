import { StoreUnavailableError } from '../port/unavailable.js'
import type { Operation } from '../sql.js'
import { begin } from './begin.js'
import type { Connection, ConnectionPool } from './connections.js'
import { allOf } from './queries.js'
import { isSurelyTakenBack, leavesHost, misplacesStatements, StatementError, UnknownOutcomeError } from './errors.js'
import type { DrawNumbers } from './numbers.js'
import { makePerform } from './perform.js'
import { makeSend, silenceOf, type Send } from './send.js'

/** How a transaction ends: kept, or taken back as a dry run. */
export type End = 'COMMIT' | 'ROLLBACK'

/** How a transaction runs. */
export interface TransactionOptions {
  readonly pool: ConnectionPool
  readonly draw: DrawNumbers
  /** The statements that begin it. Undefined for an operation that asks once and needs no transaction. */
  readonly beginning: string | undefined
  readonly end: End
  /** How long a statement may take, milliseconds. Where there is a transaction, the server holds to it, too. */
  readonly statementTimeoutMs: number
  /** Told how long the commit took, milliseconds. */
  readonly committed?: (commitMs: number) => void
  /** Told how long it had its connection, milliseconds. */
  readonly transacted: (transactionMs: number) => void
}

/**
 * Makes an operation.
 *
 * @param serverMs the time of the server, milliseconds since 1970; undefined outside of a transaction
 */
export type Work<Result> = (serverMs: number | undefined) => Operation<Result>

/**
 * Runs an operation in a transaction of its own.
 *
 * @throws StatementError for what the database has refused; then nothing is written
 * @throws UnknownOutcomeError when the commit was sent and its answer never came
 */
export async function transact<Result> (work: Work<Result>, options: TransactionOptions): Promise<Result> {
  const connection = await options.pool.connect()
  const begunMs = performance.now()
  const transaction = transactOn(connection, work, options)
  await Promise.allSettled([transaction])
  options.transacted(performance.now() - begunMs)
  return await transaction
}

async function transactOn<Result> (
  connection: Connection, work: Work<Result>,
  { draw, beginning, end, statementTimeoutMs, committed = () => {} }: TransactionOptions
): Promise<Result> {
  const send = makeSend(
    connection.client, beginning === undefined ? statementTimeoutMs : silenceOf(statementTimeoutMs))
  try {
    const serverMs = beginning === undefined ? undefined : await begin(send, beginning)
    const result = await makePerform(send, draw)(work(serverMs))
    if (beginning !== undefined && end === 'COMMIT') {
      const startedMs = performance.now()
      await commit(connection, send)
      committed(performance.now() - startedMs)
    } else if (beginning !== undefined) await send('ROLLBACK')
    connection.release()
    return result
  } catch (error) {
    if (leavesHost(error)) connection.leaveHost()
    else if (error instanceof UnknownOutcomeError || misplacesStatements(error)) connection.discard()
    else await takeBack(connection, send)
    throw error
  }
}

async function takeBack (connection: Connection, send: Send): Promise<void> {
  try {
    await send('ROLLBACK')
    connection.release()
  } catch {
    connection.discard() // The server takes back what a lost connection has begun.
  }
}

/**
 * Warnings at a commit that was kept: it did not wait for its standby (01000), or there was no transaction, so that
 * each statement was kept alone (25P01).
 */
const DOUBTFUL = /^(01000|25P01)$/

/** The server may have been told to leave out warnings. Behind a pooler it may be another one each time. */
const BEFORE_COMMIT = 'SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; ' +
  'SET LOCAL client_min_messages = warning; SELECT pg_backend_pid() AS pid'

interface BackendResult {
  readonly rows: ReadonlyArray<{ readonly pid: bigint }>
}

/** No time-out runs meanwhile: the commit could be kept all the same. */
async function commit ({ client, awaitCommit }: Connection, send: Send): Promise<void> {
  const sendCommit = makeSend(client)
  const warnings: string[] = []
  const notice = ({ code, message }: { code?: string | undefined, message?: string | undefined }): void => {
    if (DOUBTFUL.test(String(code))) warnings.push(String(message))
  }
  client.on('notice', notice)
  let tag: string
  try {
    const prepared = send(BEFORE_COMMIT).then((results) => {
      awaitCommit((results as unknown as readonly BackendResult[])[3]?.rows[0]?.pid as bigint)
    })
    const [, answer] = await allOf<unknown>([prepared, sendCommit('COMMIT')])
    tag = (answer as Awaited<ReturnType<Send>>).command
  } catch (error) {
    if (error instanceof StatementError && isSurelyTakenBack(error)) throw error
    throw new UnknownOutcomeError(error as Error)
  } finally {
    client.off('notice', notice)
  }
  // A server answers so to the COMMIT of a transaction in which a statement had failed.
  if (tag !== 'COMMIT') {
    throw new StoreUnavailableError(`the database answered a commit with ${tag}: nothing of it was written`)
  }
  const [warning] = warnings
  if (warning !== undefined) throw new UnknownOutcomeError(new Error(warning))
}
