import type { Difference, SavedAccount } from '../../domain/snapshot.js'
import { change, slicedReading, type Context, type Slice } from '../engine.js'
import type { RestoreReport, SnapshotDifference } from '../port/snapshots.js'
import { all, first, lock, run, sql, type Operation, type Sql } from '../sql.js'
import { insertOperation, type DrawnOperation } from './history-writing.js'
import { endPayments } from './payment-endings.js'
import { findByName, lockByName } from './snapshots.js'

/** The greatest number of accounts that the report of a restore names. */
const NAMED_ACCOUNTS = 1000n

/** How many saved accounts, and how many accounts, are compared at a time. */
const SLICE_ACCOUNTS = 2000n

/**
 * The one place that says how an account stands to what a snapshot has of it: `unchanged`, or one of the kinds of
 * `Difference`. Where the snapshot does not know the incarnation, the client and the currency decide.
 *
 * The columns are those of the saved account, and with `now_` those of the account.
 */
const SAVED_ACCOUNTS: Sql = sql`
  SELECT s.snapshot_id, s.account_id,
    CASE WHEN a.account_id IS NULL THEN 'deleted'
      WHEN a.incarnation <> s.incarnation OR a.client_id <> s.client_id OR a.currency <> s.currency THEN 'replaced'
      WHEN b.actual <> s.actual OR b.blocked <> s.blocked THEN 'changed'
      ELSE 'unchanged' END AS difference,
    s.client_id, s.currency, s.actual, s.blocked,
    a.incarnation AS now_incarnation, a.client_id AS now_client_id, a.currency AS now_currency,
    b.actual AS now_actual, b.blocked AS now_blocked, b.last_change_id, b.position
  FROM snapshot_balances AS s
  LEFT JOIN accounts AS a ON a.account_id = s.account_id
  LEFT JOIN balances AS b ON b.account_id = s.account_id`

/** The accounts that a snapshot should have and does not have, in the same columns. */
const NEW_ACCOUNTS: Sql = sql`
  SELECT p.snapshot_id, a.account_id, 'new' AS difference,
    CAST(NULL AS bigint) AS client_id, CAST(NULL AS text) AS currency,
    CAST(NULL AS bigint) AS actual, CAST(NULL AS bigint) AS blocked,
    a.incarnation AS now_incarnation, a.client_id AS now_client_id, a.currency AS now_currency,
    b.actual AS now_actual, b.blocked AS now_blocked, b.last_change_id, b.position
  FROM snapshots AS p CROSS JOIN accounts AS a
  JOIN balances AS b ON b.account_id = a.account_id
  WHERE p.covers_all = 1 AND NOT EXISTS (
    SELECT 1 FROM snapshot_balances AS s WHERE s.snapshot_id = p.snapshot_id AND s.account_id = a.account_id)`

/** All of both. The condition stands at each part, where the engine can use it for its look-up. */
function compared (snapshotId: bigint, condition: Sql): Sql {
  const where = sql`WHERE snapshot_id = ${snapshotId} AND ${condition}`
  return sql`SELECT * FROM (${SAVED_ACCOUNTS}) AS saved ${where}
    UNION ALL SELECT * FROM (${NEW_ACCOUNTS}) AS added ${where}`
}

interface ComparisonRow {
  account_id: bigint
  difference: Difference
  client_id: bigint | null
  currency: string | null
  actual: bigint
  blocked: bigint
  now_client_id: bigint | null
  now_currency: string | null
  now_actual: bigint
  now_blocked: bigint
}

/** Reads the accounts that differ from a snapshot, by number. Gives nothing when there is no such snapshot. */
export const compareSnapshot = slicedReading(function * (
  context, cursor: bigint | undefined, name: string, begin: bigint
): Operation<Slice<bigint, readonly SnapshotDifference[]>> {
  const snapshot = yield * findByName(name)
  if (snapshot === undefined) return { items: [], next: undefined }
  const { snapshotId } = snapshot
  const from = cursor ?? begin
  const next = yield * findNext(snapshotId, from)
  const to = next === undefined ? sql`` : sql` AND account_id < ${next}`
  const rows = yield * all<ComparisonRow>(sql`
    ${compared(snapshotId, sql`account_id >= ${from}${to} AND difference <> 'unchanged'`)} ORDER BY account_id`)
  return { items: [rows.map((row) => differenceOf(row, context))], next }
})

/** Finds the account before which a slice ends; undefined for the last slice. */
function * findNext (snapshotId: bigint, from: bigint): Operation<bigint | undefined> {
  const row = yield * first<{ nearest: bigint | null }>(sql`SELECT min(account_id) AS nearest FROM (
    SELECT account_id FROM (SELECT account_id FROM snapshot_balances
      WHERE snapshot_id = ${snapshotId} AND account_id >= ${from}
      ORDER BY account_id LIMIT 1 OFFSET ${SLICE_ACCOUNTS}) AS behind_saved
    UNION ALL SELECT account_id FROM (SELECT account_id FROM accounts WHERE account_id >= ${from}
      ORDER BY account_id LIMIT 1 OFFSET ${SLICE_ACCOUNTS}) AS behind_now) AS ends`)
  return row?.nearest ?? undefined
}

const ALL_ACCOUNTS =
  sql`SELECT count(*) FROM (SELECT account_id FROM balances ORDER BY account_id FOR UPDATE) AS locked`

/** Nobody applies rows of balance files, which lock their client and then accounts. All others go on. */
const ALL_CLIENTS =
  sql`SELECT count(*) FROM (SELECT client_id FROM clients ORDER BY client_id FOR NO KEY UPDATE) AS locked`

/** Nobody makes accounts: that needs their client. */
const ALL_CLIENTS_ALONE =
  sql`SELECT count(*) FROM (SELECT client_id FROM clients ORDER BY client_id FOR UPDATE) AS locked`

/**
 * Sets balances back: one operation, and one row of history an account that it changes. It is one transaction by its
 * nature, because nobody may see balances of two times.
 *
 * @param clientId the client whose accounts alone are meant; undefined for all
 * @returns undefined when there is no such snapshot
 */
export const restoreSnapshot = change(function * (
  context, name: string, clientId?: number
): Operation<RestoreReport | undefined> {
  const snapshot = yield * lockByName(name)
  if (snapshot === undefined) return undefined
  const { snapshotId } = snapshot
  // Nobody sets a balance between the comparison and the restore. Accounts that are made meanwhile are locked as well,
  // or are made behind it.
  yield * lock(ALL_CLIENTS)
  yield * lock(ALL_ACCOUNTS)
  yield * lock(ALL_CLIENTS_ALONE)
  yield * lock(ALL_ACCOUNTS)
  // A saved account belongs to the client that it had when it was saved.
  const meant = clientId === undefined ? sql`` : sql` AND coalesce(client_id, now_client_id) = ${BigInt(clientId)}`
  const counts = yield * countDifferences(snapshotId, meant)
  const hasExceptions = counts.deleted + counts.replaced + counts.new > 0
  const exceptions = hasExceptions ? yield * findExceptions(snapshotId, meant) : []
  const remarks = `Restore of the snapshot ${name}${clientId === undefined ? '' : ` for client ${clientId}`}`
  const drawn = yield * insertOperation({ source: 'snapshot', remarks }, counts.changed, context.nowMs)
  yield * setBack(snapshotId, meant, drawn, context.nowMs)
  // An account that is another one by now keeps its payments.
  yield * endPayments((table) => sql`EXISTS (SELECT 1 FROM (${SAVED_ACCOUNTS}) AS saved
    WHERE snapshot_id = ${snapshotId} AND saved.account_id = ${table}.account_id
      AND now_incarnation = ${table}.incarnation AND difference = 'unchanged'${meant})`, context.nowMs)
  return {
    restored: counts.changed,
    unchanged: counts.unchanged,
    deleted: counts.deleted,
    replaced: counts.replaced,
    new: counts.new,
    exceptions: exceptions.map((row) => differenceOf(row, context))
  }
})

function * findExceptions (snapshotId: bigint, meant: Sql): Operation<ComparisonRow[]> {
  return yield * all<ComparisonRow>(sql`
    ${compared(snapshotId, sql`difference IN ('deleted', 'replaced', 'new')${meant}`)}
    ORDER BY account_id LIMIT ${NAMED_ACCOUNTS}`)
}

type Counts = Readonly<Record<Difference | 'unchanged', number>>

function * countDifferences (snapshotId: bigint, meant: Sql): Operation<Counts> {
  const rows = yield * all<{ difference: keyof Counts, accounts: bigint }>(sql`
    SELECT difference, count(*) AS accounts FROM (${SAVED_ACCOUNTS}) AS saved
    WHERE snapshot_id = ${snapshotId}${meant} GROUP BY difference
    UNION ALL SELECT 'new', count(*) FROM (${NEW_ACCOUNTS}) AS added WHERE snapshot_id = ${snapshotId}${meant}`)
  const none: Counts = { unchanged: 0, changed: 0, deleted: 0, replaced: 0, new: 0 }
  return { ...none, ...Object.fromEntries(rows.map(({ difference, accounts }) => [difference, Number(accounts)])) }
}

function * setBack (
  snapshotId: bigint, meant: Sql, { operationId, firstChangeId }: DrawnOperation, nowMs: number
): Operation<void> {
  yield * run(sql`INSERT INTO balance_changes (change_id, account_id, incarnation, position,
      previous_change_id, operation_id, item_index, currency, previous_actual, previous_blocked,
      actual, blocked, sent_actual, sent_blocked, sent_currency, rate)
    SELECT ${firstChangeId} + place, account_id, now_incarnation, position + 1,
      last_change_id, ${operationId}, place, currency, now_actual, now_blocked,
      actual, blocked, actual, blocked, currency, '1'
    FROM (SELECT changed.*, row_number() OVER (ORDER BY account_id) - 1 AS place FROM (${SAVED_ACCOUNTS}) AS changed
      WHERE snapshot_id = ${snapshotId} AND difference = 'changed'${meant}) AS placed`)
  yield * run(sql`UPDATE balances SET actual = c.actual, blocked = c.blocked, last_change_id = c.change_id,
      position = c.position, updated_at_ms = ${BigInt(nowMs)}
    FROM balance_changes AS c WHERE c.operation_id = ${operationId} AND c.account_id = balances.account_id`)
}

function differenceOf (row: ComparisonRow, context: Context): SnapshotDifference {
  const { account_id: accountId, difference } = row
  return {
    accountId,
    difference,
    saved: sideOf(
      { accountId, clientId: row.client_id, currency: row.currency, actual: row.actual, blocked: row.blocked }, context
    ),
    now: sideOf(
      {
        accountId,
        clientId: row.now_client_id,
        currency: row.now_currency,
        actual: row.now_actual,
        blocked: row.now_blocked
      },
      context
    )
  }
}

interface SideColumns {
  readonly accountId: bigint
  readonly clientId: bigint | null
  readonly currency: string | null
  readonly actual: bigint
  readonly blocked: bigint
}

function sideOf (
  { accountId, clientId, currency, actual, blocked }: SideColumns, { currencyOf }: Context
): SavedAccount | undefined {
  if (clientId === null || currency === null) return undefined
  return { accountId, clientId: Number(clientId), currency: currencyOf(currency), balances: { actual, blocked } }
}
