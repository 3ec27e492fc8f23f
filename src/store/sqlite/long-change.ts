import Database from 'better-sqlite3'
import type { Operation } from '../sql.js'
import { serveOthers } from '../turns.js'
import { makePerform } from './statements.js'

/**
 * Carries out an operation in one transaction on a connection of its own, and lets the event loop turn at each of its
 * pauses. Others read meanwhile what was before it.
 *
 * @param end what becomes of the transaction when all of the operation is done
 * @throws SqliteError also when another connection holds the lock; then nothing was begun
 */
export async function transactAtLength<Result> (
  path: string, operation: Operation<Result>, end: 'COMMIT' | 'ROLLBACK'
): Promise<Result> {
  const connection = new Database(path, { fileMustExist: true, timeout: 0 }).defaultSafeIntegers(true)
  try {
    connection.pragma('synchronous = FULL')
    connection.pragma('foreign_keys = ON')
    const perform = makePerform(connection)
    connection.exec('BEGIN IMMEDIATE')
    for (;;) {
      const turn = perform(untilPause(operation))
      if (turn.done === true) {
        connection.exec(end)
        return turn.value
      }
      await serveOthers()
    }
  } finally {
    connection.close() // A transaction that did not end is taken back.
  }
}

/** Goes on with an operation as far as its next pause. */
function * untilPause<Result> (operation: Operation<Result>): Operation<IteratorResult<unknown, Result>> {
  let turn = operation.next()
  while (turn.done !== true && turn.value.kind !== 'pause') turn = operation.next(yield turn.value)
  return turn
}
