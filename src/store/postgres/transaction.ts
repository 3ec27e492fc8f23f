import type { ClientBase, Pool } from 'pg'
import type { Operation } from '../sql.js'
import { connectTo } from './connections.js'
import { allOf, makeDriver } from './driver.js'
import { isSurelyTakenBack, StatementError, UnknownOutcomeError } from './errors.js'
import type { DrawNumbers } from './numbers.js'
import { makeSend, type Send } from './send.js'

/** How a transaction runs. */
export interface TransactionOptions {
  readonly pool: Pool
  readonly draw: DrawNumbers
  /** The statements that begin it. */
  readonly begin: string
  /** How it ends: kept, or taken back as a dry run. */
  readonly end: 'COMMIT' | 'ROLLBACK'
  /** Told how long the commit took, milliseconds. */
  readonly committed?: (commitMs: number) => void
}

/**
 * Carries an operation out in a transaction of its own.
 *
 * @throws StatementError for what the database has refused; then nothing is written
 * @throws UnknownOutcomeError when the commit was sent and its answer never came
 */
export async function transact<Result> (
  operation: Operation<Result>, { pool, draw, begin, end, committed = () => {} }: TransactionOptions
): Promise<Result> {
  const connection = await connectTo(pool)
  const send = makeSend(connection.client)
  try {
    const result = await makeDriver(send, draw, begin).perform(operation)
    if (end === 'COMMIT') {
      const startedMs = performance.now()
      await commit(connection.client, send)
      committed(performance.now() - startedMs)
    } else await send('ROLLBACK')
    connection.release()
    return result
  } catch (error) {
    if (error instanceof UnknownOutcomeError) connection.discard()
    else await takeBack(connection, send)
    throw error
  }
}

async function takeBack (connection: Awaited<ReturnType<typeof connectTo>>, send: Send): Promise<void> {
  try {
    await send('ROLLBACK')
    connection.release()
  } catch {
    connection.discard() // The server takes back what a lost connection has begun.
  }
}

/** No time-out of ours runs meanwhile: the commit could be kept all the same. */
async function commit (client: ClientBase, send: Send): Promise<void> {
  const warnings: string[] = []
  const notice = ({ code, message }: { code?: string | undefined, message?: string | undefined }): void => {
    // The server has committed and did not wait for its standby.
    if (code === '01000') warnings.push(String(message))
  }
  client.on('notice', notice)
  try {
    await allOf([send('SET LOCAL statement_timeout = 0'), send('COMMIT')])
  } catch (error) {
    if (error instanceof StatementError && isSurelyTakenBack(error)) throw error
    throw new UnknownOutcomeError(error as Error)
  } finally {
    client.off('notice', notice)
  }
  const [warning] = warnings
  if (warning !== undefined) throw new UnknownOutcomeError(new Error(warning))
}
