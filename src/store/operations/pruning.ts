/**
 * Removing old rows, slice by slice: each slice is a transaction of its own, between which others are served, and
 * leaves every table true. What is left of an account's history is its end: numbers are drawn for changes while their
 * account is locked, and so both operations and changes are numbered upwards along each history.
 */
import { earliestNeeded } from '../../domain/rule-evaluation.js'
import { change, reading } from '../engine.js'
import {
  all, eachAll, eachRun, first, int8, lock, locking, run, sql, statement, text, type Operation
} from '../sql.js'
import { findRules } from './stand-in-rules.js'

/** How many rows are looked at in one transaction. */
const SLICE = 2000n

/** What one slice removed, and where the next begins; undefined when it was the last. */
export interface PrunedSlice<Cursor> {
  readonly removed: Readonly<Record<string, number>>
  readonly next: Cursor | undefined
}

/**
 * Looks for the first operation that is young, from behind one on. @returns `cut` when it is found, or else where to go
 * on
 */
export const findCut = reading(function * (
  _context, beforeMs: number, after: bigint
): Operation<{ readonly cut: bigint } | { readonly after: bigint }> {
  const row = yield * first<{ last: bigint | null, young: bigint | null }>(sql`SELECT max(operation_id) AS last,
      min(CASE WHEN created_at_ms >= ${BigInt(beforeMs)} THEN operation_id END) AS young
    FROM (SELECT operation_id, created_at_ms FROM operations WHERE operation_id > ${after}
      ORDER BY operation_id LIMIT ${SLICE}) AS part`)
  if (typeof row?.young === 'bigint') return { cut: row.young }
  return typeof row?.last === 'bigint' ? { after: row.last } : { cut: after + 1n }
})

/** Says that from now on only the newest changes of accounts are sure to be there before an operation. */
export const beginPruning = change(function * (_context, cut: bigint): Operation<void> {
  yield * run(sql`UPDATE pruning SET before_operation_id = ${cut} WHERE before_operation_id < ${cut}`)
}, { leavesAccounts: true })

interface ChangeRow {
  created_at_ms: bigint
  operation_id: bigint
  change_id: bigint
  account_id: bigint
  incarnation: bigint
}

/** A change, in the order in which they go. */
export type ChangeCursor = readonly [operationId: bigint, changeId: bigint]

const REMEMBER_ACCOUNT = statement`INSERT INTO pruned_accounts (account_id, incarnation)
  SELECT account_id, incarnation FROM deleted_accounts
  WHERE account_id = ${int8} AND incarnation = ${int8} AND last_change_id = ${int8} AND deleted_at_ms < ${int8}
  ON CONFLICT (account_id) DO UPDATE SET incarnation = excluded.incarnation
  WHERE pruned_accounts.incarnation < excluded.incarnation`

/** Only one that was remembered: its deletion may have been committed just now. */
const DELETE_ACCOUNT = statement`DELETE FROM deleted_accounts
  WHERE account_id = ${int8} AND incarnation = ${int8} AND last_change_id = ${int8} AND deleted_at_ms < ${int8}
    AND EXISTS (SELECT 1 FROM pruned_accounts AS p
      WHERE p.account_id = deleted_accounts.account_id AND p.incarnation >= deleted_accounts.incarnation)`

/** The newest change of an account is where its history hangs, also of an account that was deleted lately. */
const DELETE_CHANGE = statement`DELETE FROM balance_changes WHERE change_id = ${int8}
  AND NOT EXISTS (SELECT 1 FROM balances AS b
    WHERE b.account_id = balance_changes.account_id AND b.last_change_id = balance_changes.change_id)
  AND NOT EXISTS (SELECT 1 FROM deleted_accounts AS d WHERE d.account_id = balance_changes.account_id
    AND d.incarnation = balance_changes.incarnation AND d.last_change_id = balance_changes.change_id)`

/**
 * Removes changes of old operations. One that another process had under way when the first young one was looked for may
 * be young as well, and stays. A deleted account goes with the last of its changes.
 */
export const pruneChanges = change(function * (
  _context, beforeMs: number, cut: bigint, cursor: ChangeCursor = [0n, 0n]
): Operation<PrunedSlice<ChangeCursor>> {
  const [operationId, changeId] = cursor
  const part = yield * all<ChangeRow>(sql`SELECT operation_id, change_id, account_id, incarnation, created_at_ms
    FROM balance_changes JOIN operations USING (operation_id)
    WHERE operation_id < ${cut} AND (operation_id, change_id) > (${operationId}, ${changeId})
    ORDER BY operation_id, change_id LIMIT ${SLICE}`)
  const rows = part.filter((row) => row.created_at_ms < beforeMs)
  const ends = rows.map((row) => [row.account_id, row.incarnation, row.change_id, BigInt(beforeMs)])
  yield * eachRun(REMEMBER_ACCOUNT, ends)
  const deletedAccounts = yield * eachRun(DELETE_ACCOUNT, ends)
  const changes = yield * eachRun(DELETE_CHANGE, rows.map((row) => [row.change_id]))
  const last = part[Number(SLICE) - 1]
  return { removed: { changes, deletedAccounts }, next: last && [last.operation_id, last.change_id] }
}, { leavesAccounts: true })

/** Removes the answers of old operations, and those operations of which no change is left. */
export const pruneOperations = change(function * (
  _context, beforeMs: number, cut: bigint, after: bigint = 0n
): Operation<PrunedSlice<bigint>> {
  const row = yield * first<{ last: bigint | null }>(sql`SELECT max(operation_id) AS last
    FROM (SELECT operation_id FROM operations WHERE operation_id > ${after} AND operation_id < ${cut}
      ORDER BY operation_id LIMIT ${SLICE}) AS part`)
  if (typeof row?.last !== 'bigint') return { removed: { answers: 0 }, next: undefined }
  const part = sql`operation_id > ${after} AND operation_id <= ${row.last} AND created_at_ms < ${BigInt(beforeMs)}`
  const answers = yield * run(sql`UPDATE operations SET fingerprint = NULL, answer_body = NULL, answer_preference = NULL
    WHERE ${part} AND answer_body IS NOT NULL`)
  yield * run(sql`DELETE FROM operations WHERE ${part} AND NOT EXISTS (
    SELECT 1 FROM balance_changes WHERE balance_changes.operation_id = operations.operation_id)`)
  return { removed: { answers }, next: row.last }
})

/** Removes old reports. Their communication numbers may be used again. */
export const pruneReports = change(function * (
  _context, beforeMs: number, after: bigint = 0n
): Operation<PrunedSlice<bigint>> {
  const row = yield * first<{ last: bigint | null }>(sql`SELECT max(reported_balance_id) AS last
    FROM (SELECT reported_balance_id FROM reported_balances WHERE reported_balance_id > ${after}
      ORDER BY reported_balance_id LIMIT ${SLICE}) AS part`)
  if (typeof row?.last !== 'bigint') return { removed: { reportedBalances: 0 }, next: undefined }
  const reportedBalances = yield * run(sql`DELETE FROM reported_balances WHERE reported_balance_id > ${after}
    AND reported_balance_id <= ${row.last} AND reported_at_ms < ${BigInt(beforeMs)}`)
  return { removed: { reportedBalances }, next: row.last }
}, { leavesAccounts: true })

const DELETE_PAYMENT = ['advices', 'holds', 'messages', 'transactions'].map((table) =>
  ({ strings: [`DELETE FROM ${table} WHERE tid = `, ''], types: [int8] }))

interface PaymentRow {
  tid: bigint
  client_id: bigint | null
  received_at_ms: bigint
}

/** Finds the old payments of a slice about which nothing is open. */
function * findOldPayments (beforeMs: number, after: bigint, last: bigint): Operation<PaymentRow[]> {
  return yield * all<PaymentRow>(sql`SELECT tid, client_id, received_at_ms FROM transactions AS t
    WHERE tid > ${after} AND tid <= ${last} AND received_at_ms < ${BigInt(beforeMs)} AND state <> 'received'
      AND NOT EXISTS (SELECT 1 FROM holds WHERE holds.tid = t.tid AND remaining > 0)
      AND NOT EXISTS (SELECT 1 FROM advices WHERE advices.tid = t.tid AND next_at_ms IS NOT NULL)
    ORDER BY tid`)
}

/** Leaves out payments that a rule of their client may still count. One that is not active may be so again. */
function * withoutCounted (rows: readonly PaymentRow[], nowMs: number): Operation<readonly PaymentRow[]> {
  const since = new Map<bigint | null, number>()
  for (const clientId of new Set(rows.map((row) => row.client_id))) {
    const rules = clientId === null ? [] : yield * findRules(Number(clientId))
    since.set(clientId, earliestNeeded(rules.map((rule) => ({ ...rule, active: true })), nowMs) ?? Infinity)
  }
  return rows.filter((row) => Number(row.received_at_ms) < (since.get(row.client_id) as number))
}

const ADVICES_OF_PAYMENT = locking(statement`SELECT rid FROM advices WHERE tid = ${int8} ORDER BY rid`)

/**
 * Removes old payments with their messages. One with an open hold, or with an advice that waits, stays, and so does one
 * that a rule may count: else its limits would be wider than they say.
 */
export const prunePayments = change(function * (
  { nowMs }, beforeMs: number, after: bigint = 0n
): Operation<PrunedSlice<bigint>> {
  const part = yield * first<{ last: bigint | null }>(sql`SELECT max(tid) AS last
    FROM (SELECT tid FROM transactions WHERE tid > ${after} ORDER BY tid LIMIT ${SLICE}) AS part`)
  if (typeof part?.last !== 'bigint') return { removed: { transactions: 0 }, next: undefined }
  const old = yield * withoutCounted(yield * findOldPayments(beforeMs, after, part.last), nowMs)
  // Somebody may have sent an advice again meanwhile: nobody does from here on.
  yield * eachAll(ADVICES_OF_PAYMENT, old.map(({ tid }) => [tid]))
  const stillOld = new Set((yield * findOldPayments(beforeMs, after, part.last)).map(({ tid }) => tid))
  const rows = old.filter(({ tid }) => stillOld.has(tid)).map(({ tid }) => [tid])
  for (const table of DELETE_PAYMENT) yield * eachRun(table, rows)
  return { removed: { transactions: rows.length }, next: part.last }
}, { leavesAccounts: true })

/**
 * Forgets the balance files whose last run ended before a time: what a file has done is forgotten at once, or its next
 * run would find half of it. A run that was interrupted has ended with its lease. A file that comes in stays, even if
 * the time lies ahead.
 */
export const forgetFiles = change(function * ({ nowMs }, beforeMs: number): Operation<PrunedSlice<never>> {
  const before = BigInt(beforeMs)
  const old = sql`file_name IS NOT NULL AND NOT EXISTS (SELECT 1 FROM balance_files AS run
    WHERE run.file_id = balance_file_names.file_id
      AND (coalesce(run.finished_at_ms, run.lease_until_ms) >= ${before}
        OR (run.outcome IS NULL AND run.lease_until_ms >= ${BigInt(nowMs)})))`
  // Who starts a file that is looked at waits for the end, and then starts it as a new one.
  yield * lock(sql`SELECT file_id FROM balance_file_names WHERE file_name IS NOT NULL ORDER BY file_id FOR UPDATE`)
  const files = yield * first<{ runs: bigint }>(sql`SELECT count(*) AS runs FROM balance_files
    WHERE file_id IN (SELECT file_id FROM balance_file_names WHERE ${old})`)
  const records = yield * first<{ records: bigint }>(sql`SELECT count(*) AS records FROM balance_file_records
    WHERE file_id IN (SELECT file_id FROM balance_file_names WHERE ${old})`)
  yield * run(sql`UPDATE balance_file_names SET file_name = NULL WHERE ${old}`)
  return {
    removed: { balanceFiles: Number(files?.runs), balanceFileRecords: Number(records?.records) }, next: undefined
  }
}, { leavesAccounts: true })

interface RecordRow {
  client_id: bigint
  record_id: string
  account_id: bigint
  incarnation: bigint
  file_id: bigint
  file_name: string | null
}

/** A record, in the order in which they are looked through. */
export type RecordCursor = readonly [clientId: bigint, recordId: string, accountId: bigint, incarnation: bigint]

/** A record that a run has moved to another file meanwhile stays. */
const DELETE_RECORD = statement`DELETE FROM balance_file_records
  WHERE client_id = ${int8} AND record_id = ${text} AND account_id = ${int8} AND incarnation = ${int8}
    AND file_id = ${int8}`

/** Removes records of forgotten files. */
export const removeRecords = change(function * (
  _context, cursor: RecordCursor = [0n, '', 0n, 0n]
): Operation<PrunedSlice<RecordCursor>> {
  const [client, record, account, incarnation] = cursor
  const rows = yield * all<RecordRow>(sql`SELECT r.client_id, record_id, account_id, incarnation, r.file_id,
      file_name
    FROM balance_file_records AS r JOIN balance_file_names USING (file_id)
    WHERE (r.client_id, record_id, account_id, incarnation) > (${client}, ${record}, ${account}, ${incarnation})
    ORDER BY r.client_id, record_id, account_id, incarnation LIMIT ${SLICE}`)
  const keyOf = (row: RecordRow): RecordCursor => [row.client_id, row.record_id, row.account_id, row.incarnation]
  const forgotten = rows.filter((row) => row.file_name === null)
  yield * eachRun(DELETE_RECORD, forgotten.map((row) => [...keyOf(row), row.file_id]))
  const last = rows[Number(SLICE) - 1]
  return { removed: {}, next: last && keyOf(last) }
}, { leavesAccounts: true })

const FORGOTTEN = sql`SELECT file_id FROM balance_file_names WHERE file_name IS NULL`

/**
 * Removes the rest of forgotten files: failures, settings, runs, and at last the files. @returns `next` until all is
 * gone
 */
export const removeFiles = change(function * (): Operation<PrunedSlice<true>> {
  const failures = yield * run(sql`DELETE FROM balance_file_failures WHERE (job_id, line) IN (
    SELECT job_id, line FROM balance_files JOIN balance_file_failures USING (job_id)
    WHERE file_id IN (${FORGOTTEN}) LIMIT ${SLICE})`)
  if (failures > 0) return { removed: {}, next: true }
  const settings = yield * run(sql`DELETE FROM balance_file_accounts WHERE (file_id, account_id, incarnation) IN (
    SELECT file_id, account_id, incarnation FROM balance_file_accounts WHERE file_id IN (${FORGOTTEN}) LIMIT ${SLICE})`)
  if (settings > 0) return { removed: {}, next: true }
  yield * run(sql`DELETE FROM balance_files WHERE file_id IN (${FORGOTTEN})`)
  yield * run(sql`DELETE FROM balance_file_names WHERE file_name IS NULL
    AND NOT EXISTS (SELECT 1 FROM balance_file_records AS r WHERE r.file_id = balance_file_names.file_id)`)
  return { removed: {}, next: undefined }
}, { leavesAccounts: true })

/** Reads when the newest operation was. */
export const readNewestOperation = reading(function * (): Operation<number | undefined> {
  const row = yield * first<{ created_at_ms: bigint }>(
    sql`SELECT created_at_ms FROM operations ORDER BY operation_id DESC LIMIT 1`)
  return row && Number(row.created_at_ms)
})
