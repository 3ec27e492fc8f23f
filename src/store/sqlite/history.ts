import type { ChangeRecord } from '../history.js'
import type { OperationSource, StoredAnswer } from '../store.js'
import type { SqliteDatabase } from './database.js'
import { packChanges, PACKED_COUNT, PACKED_INDEX_MAX, PACKED_MAX, type PackableChange } from './packed-changes.js'

/** Whatever changes balances, with what is needed to answer the same request again. */
export interface Operation {
  readonly source: OperationSource
  readonly clientId?: number | undefined
  readonly identifier?: string | undefined
  readonly fingerprint?: Buffer | undefined
  readonly answer?: StoredAnswer | undefined
  readonly userId?: string | undefined
  readonly remarks?: string | undefined
  readonly reason?: string | undefined
  readonly jobId?: number | undefined
  readonly createdAtMs: number
}

/** A change as it is written. */
export interface BalanceChange extends Omit<ChangeRecord, 'operation' | 'recordId'> {
  /** The account's newest change so far; undefined for the balances that an account begins with. */
  readonly previousChangeId: bigint | undefined
  readonly recordId?: string | undefined
}

export interface HistoryWriter {
  /** @returns the operation's number, to which its changes refer */
  insertOperation (operation: Operation): bigint
  /** Gives the number of the newest change of all, 0 when there is none. The next change has the number behind it. */
  newestChange (): bigint
  /**
   * Appends changes of one operation, which are numbered from behind the newest one without a gap. The number of each
   * becomes its account's `last_change_id`: in the same transaction, or with the rows that follow behind.
   */
  appendChanges (operationId: bigint, changes: readonly BalanceChange[]): void
}

/** The number of the newest change, in SQL. */
export const NEWEST_CHANGE = `SELECT max(
  coalesce((SELECT max(change_id) FROM single_changes), 0),
  coalesce((SELECT first_change_id + ${PACKED_COUNT} - 1 FROM packed_changes ORDER BY first_change_id DESC LIMIT 1), 0))`

/** Prepares the statements that write history. They are to be called inside a transaction. */
export function prepareHistory (database: SqliteDatabase): HistoryWriter {
  const insertOperation = database.prepare(
    `INSERT INTO operations (source, client_id, identifier, fingerprint, answer_body, answer_preference, user_id, remarks, reason, job_id, created_at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const findNewest = database.prepare<[], bigint>(NEWEST_CHANGE).pluck()
  const insertSingle = database.prepare(
    `INSERT INTO single_changes (change_id, account_id, currency, previous_change_id, operation_id, item_index, record_id, previous_actual, previous_blocked,
       actual, blocked, sent_actual, sent_blocked, sent_currency, rate)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const insertPacked = database.prepare<[bigint, bigint, Buffer]>('INSERT INTO packed_changes (first_change_id, operation_id, changes) VALUES (?, ?, ?)')

  function appendSingle (operationId: bigint, change: BalanceChange): void {
    const { changeId, accountId, currency, previousChangeId, itemIndex, recordId, previous, next, sent, sentCurrency, rate } = change
    insertSingle.run(changeId, accountId, currency.numericCode, previousChangeId, operationId, itemIndex, recordId, previous?.actual, previous?.blocked,
      next.actual, next.blocked, sent.actual, sent.blocked, sentCurrency.numericCode, rate)
  }

  return {
    insertOperation: ({ source, clientId, identifier, fingerprint, answer, userId, remarks, reason, jobId, createdAtMs }) =>
      BigInt(insertOperation.run(source, clientId, identifier, fingerprint, answer?.body, answer?.preferenceApplied, userId, remarks, reason, jobId, createdAtMs).lastInsertRowid),
    newestChange: () => findNewest.get() as bigint,
    appendChanges: (operationId, changes) => {
      const [first] = changes
      if (first === undefined) return
      if (changes.length <= PACKED_MAX && arePackable(changes)) insertPacked.run(first.changeId, operationId, packChanges(changes))
      else for (const change of changes) appendSingle(operationId, change)
    }
  }
}

/** Tells whether nothing is lost when changes are packed. */
function arePackable (changes: readonly BalanceChange[]): changes is ReadonlyArray<BalanceChange & PackableChange> {
  return changes.every(({ itemIndex, previous, recordId, currency, sentCurrency }) =>
    itemIndex <= PACKED_INDEX_MAX && previous !== undefined && recordId === undefined && currency.numericCode === sentCurrency.numericCode)
}
