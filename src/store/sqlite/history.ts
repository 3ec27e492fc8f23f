import type { ChangeRecord } from '../history.js'
import type { OperationSource, StoredAnswer } from '../store.js'
import type { SqliteDatabase } from './database.js'

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

/** A change as it is written: its own number is given by the writing. */
export interface BalanceChange extends Omit<ChangeRecord, 'changeId' | 'operation' | 'recordId'> {
  readonly operationId: bigint
  /** The account's newest change so far; undefined for the balances that an account begins with. */
  readonly previousChangeId: bigint | undefined
  readonly recordId?: string | undefined
}

export interface HistoryWriter {
  /** @returns the operation's number, to which its changes refer */
  insertOperation (operation: Operation): bigint
  /**
   * Appends a change behind the account's newest one.
   *
   * @returns the change's number, which becomes the account's `last_change_id`: in the same transaction, or with the rows that follow behind
   */
  appendChange (change: BalanceChange): bigint
}

/** Prepares the statements that write history. They are to be called inside a transaction. */
export function prepareHistory (database: SqliteDatabase): HistoryWriter {
  const insertOperation = database.prepare(
    `INSERT INTO operations (source, client_id, identifier, fingerprint, answer_body, answer_preference, user_id, remarks, reason, job_id, created_at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const insertChange = database.prepare(
    `INSERT INTO balance_changes (account_id, currency, previous_change_id, operation_id, item_index, record_id, previous_actual, previous_blocked,
       actual, blocked, sent_actual, sent_blocked, sent_currency, rate)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  return {
    insertOperation: ({ source, clientId, identifier, fingerprint, answer, userId, remarks, reason, jobId, createdAtMs }) =>
      BigInt(insertOperation.run(source, clientId, identifier, fingerprint, answer?.body, answer?.preferenceApplied, userId, remarks, reason, jobId, createdAtMs).lastInsertRowid),
    appendChange: ({ accountId, currency, previousChangeId, operationId, itemIndex, recordId, previous, next, sent, sentCurrency, rate }) =>
      BigInt(insertChange.run(accountId, currency.numericCode, previousChangeId, operationId, itemIndex, recordId, previous?.actual, previous?.blocked,
        next.actual, next.blocked, sent.actual, sent.blocked, sentCurrency.numericCode, rate).lastInsertRowid)
  }
}
