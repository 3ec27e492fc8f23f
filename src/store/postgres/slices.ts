import { serveOthers } from '../../turns.js'
import type { Context, Slice, SlicedReading } from '../engine.js'
import { begin } from './begin.js'
import type { ConnectionPool } from './connections.js'
import { makePerform } from './perform.js'
import { leavesHost, storeErrorOf } from './errors.js'
import type { DrawNumbers } from './numbers.js'
import { makeSend, silenceOf } from './send.js'

/** What a reading in slices needs. */
export interface SlicesOptions<Parameters extends readonly unknown[], Cursor, Item> {
  readonly pool: ConnectionPool
  readonly draw: DrawNumbers
  /** The statements that begin a transaction which sees one moment. */
  readonly beginning: string
  readonly statementTimeoutMs: number
  /** @see Work */
  readonly contextAt: (serverMs: number) => Context
  readonly operation: SlicedReading<Parameters, Cursor, Item>
  readonly parameters: Parameters
}

/** Reads slice by slice in one transaction. @throws StoreUnavailableError when the database cannot do it for now */
export async function * readSlices<Parameters extends readonly unknown[], Cursor, Item> (
  options: SlicesOptions<Parameters, Cursor, Item>
): AsyncGenerator<readonly Item[]> {
  const { pool, draw, beginning, statementTimeoutMs, contextAt, operation, parameters } = options
  const connection = await pool.connect()
  let end = connection.discard // Who reads may stop in the middle, and the transaction ends with it.
  try {
    const send = makeSend(connection.client, silenceOf(statementTimeoutMs))
    const context = contextAt(await begin(send, beginning))
    const perform = makePerform(send, draw)
    let cursor: Cursor | undefined
    do {
      const { items, next }: Slice<Cursor, Item> = await perform(operation.work(context, cursor, ...parameters))
      yield items
      cursor = next
      await serveOthers()
    } while (cursor !== undefined)
  } catch (error) {
    if (leavesHost(error)) end = connection.leaveHost
    throw storeErrorOf(error)
  } finally {
    end()
  }
}
