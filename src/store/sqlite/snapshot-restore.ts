import type { Difference, SavedAccount } from '../../domain/snapshot.js'
import type { Page, PageRequest } from '../page.js'
import type { RestoreReport, SnapshotDifference } from '../snapshots.js'
import { prepareCurrencyOf } from './currencies.js'
import type { SqliteDatabase } from './database.js'
import { prepareHistory } from './history.js'
import { pageOf } from './page.js'
import { prepareRehearsal } from './rehearsal.js'
import { prepareSnapshotRows } from './snapshot-rows.js'

/** The greatest number of accounts that the report of a restore names. */
const NAMED_ACCOUNTS = 1000

/**
 * The one place that says how an account stands to what a snapshot has of it: `unchanged`, or one of the kinds of
 * `Difference`. The columns are those of the saved account, and with `now_` those of the account.
 */
const SAVED_ACCOUNTS = `
  SELECT s.snapshot_id, s.account_id,
    CASE WHEN a.account_id IS NULL THEN 'deleted'
      WHEN a.client_id <> s.client_id OR a.currency <> s.currency THEN 'replaced'
      WHEN a.actual_balance <> s.actual_balance OR a.blocked_balance <> s.blocked_balance THEN 'changed'
      ELSE 'unchanged' END AS difference,
    s.client_id, s.currency, s.actual_balance, s.blocked_balance,
    a.client_id AS now_client_id, a.currency AS now_currency, a.actual_balance AS now_actual_balance,
    a.blocked_balance AS now_blocked_balance, a.last_change_id
  FROM snapshot_balances s LEFT JOIN accounts a ON a.account_id = s.account_id`

/** The accounts that a snapshot should have and does not have, in the same columns. */
const NEW_ACCOUNTS = `
  SELECT p.snapshot_id, a.account_id, 'new' AS difference,
    NULL AS client_id, NULL AS currency, NULL AS actual_balance, NULL AS blocked_balance,
    a.client_id AS now_client_id, a.currency AS now_currency, a.actual_balance AS now_actual_balance,
    a.blocked_balance AS now_blocked_balance, a.last_change_id
  FROM snapshots p CROSS JOIN accounts a
  WHERE p.covers_all = 1
    AND NOT EXISTS (SELECT 1 FROM snapshot_balances s WHERE s.snapshot_id = p.snapshot_id AND s.account_id = a.account_id)`

/**
 * Reads both by account number. The condition and the order stand at each part, so that SQLite merges the two as it
 * reads them and stops at the limit.
 */
const compare = (condition: string): string =>
  `SELECT * FROM (${SAVED_ACCOUNTS}) WHERE snapshot_id = :snapshotId AND ${condition}
   UNION ALL SELECT * FROM (${NEW_ACCOUNTS}) WHERE snapshot_id = :snapshotId AND ${condition}
   ORDER BY account_id LIMIT :limit`

interface ComparisonRow {
  account_id: bigint
  difference: Difference
  client_id: bigint | null
  currency: string | null
  actual_balance: bigint
  blocked_balance: bigint
  now_client_id: bigint | null
  now_currency: string | null
  now_actual_balance: bigint
  now_blocked_balance: bigint
}

/**
 * Prepares the comparison of a snapshot with the accounts as they are, by account number.
 *
 * @returns a function that gives undefined when there is no such snapshot
 */
export function prepareListDifferences (database: SqliteDatabase): (name: string, page: PageRequest) => Page<SnapshotDifference> | undefined {
  const { find } = prepareSnapshotRows(database)
  const differenceOf = prepareDifferenceOf(database)
  const list = database.prepare<[object], ComparisonRow>(compare('account_id >= :from AND difference <> \'unchanged\''))
  return database.transaction((name: string, { from = 1n, limit }: PageRequest) => {
    const snapshotId = find(name)?.snapshotId
    if (snapshotId === undefined) return undefined
    return pageOf(list.all({ snapshotId, from, limit: limit + 1 }), limit, (row) => row.account_id, differenceOf)
  })
}

/**
 * Prepares the setting back of balances at a given time (milliseconds since 1970), in one transaction: one
 * operation, and one row of history an account that it changes.
 *
 * @returns a function that gives undefined when there is no such snapshot
 */
export function prepareRestore (database: SqliteDatabase): (name: string, dryRun: boolean, nowMs: number) => RestoreReport | undefined {
  const { find } = prepareSnapshotRows(database)
  const count = database.prepare<[object], { difference: Difference | 'unchanged', accounts: bigint }>(
    `SELECT difference, count(*) AS accounts FROM (${SAVED_ACCOUNTS} UNION ALL ${NEW_ACCOUNTS}) WHERE snapshot_id = :snapshotId GROUP BY difference`)
  const listExceptions = database.prepare<[object], ComparisonRow>(compare('difference IN (\'deleted\', \'replaced\', \'new\')'))
  const insertChanges = database.prepare(
    `INSERT INTO single_changes (change_id, account_id, currency, previous_change_id, operation_id, item_index, previous_actual, previous_blocked,
       actual, blocked, sent_actual, sent_blocked, sent_currency, rate)
     SELECT :newestBefore + row_number() OVER (ORDER BY account_id), account_id, currency, last_change_id, :operationId, row_number() OVER (ORDER BY account_id) - 1, now_actual_balance, now_blocked_balance,
       actual_balance, blocked_balance, actual_balance, blocked_balance, currency, '1'
     FROM (${SAVED_ACCOUNTS}) WHERE snapshot_id = :snapshotId AND difference = 'changed'`)
  const updateAccounts = database.prepare(
    `UPDATE accounts SET actual_balance = c.actual, blocked_balance = c.blocked, updated_at_ms = ?, last_change_id = c.change_id
     FROM single_changes c WHERE c.change_id > ? AND c.account_id = accounts.account_id`)
  const history = prepareHistory(database)
  const differenceOf = prepareDifferenceOf(database)
  const runOrRehearse = prepareRehearsal(database)

  function restore (name: string, nowMs: number): RestoreReport | undefined {
    const snapshotId = find(name)?.snapshotId
    if (snapshotId === undefined) return undefined
    const accounts = new Map(count.all({ snapshotId }).map((row) => [row.difference, Number(row.accounts)]))
    const newestBefore = history.newestChange()
    const operationId = history.insertOperation({ source: 'snapshot', remarks: `Restore of the snapshot ${name}`, createdAtMs: nowMs })
    insertChanges.run({ newestBefore, operationId, snapshotId })
    const restored = updateAccounts.run(nowMs, newestBefore).changes
    return {
      restored,
      unchanged: accounts.get('unchanged') ?? 0,
      deleted: accounts.get('deleted') ?? 0,
      replaced: accounts.get('replaced') ?? 0,
      new: accounts.get('new') ?? 0,
      exceptions: listExceptions.all({ snapshotId, limit: NAMED_ACCOUNTS }).map(differenceOf)
    }
  }

  return database.transaction((name: string, dryRun: boolean, nowMs: number) =>
    runOrRehearse(dryRun, () => restore(name, nowMs))).immediate
}

function prepareDifferenceOf (database: SqliteDatabase): (row: ComparisonRow) => SnapshotDifference {
  const currencyOf = prepareCurrencyOf(database)

  function savedAccountOf (accountId: bigint, clientId: bigint | null, currency: string | null, actual: bigint, blocked: bigint): SavedAccount | undefined {
    if (clientId === null || currency === null) return undefined
    return { accountId, clientId: Number(clientId), currency: currencyOf(currency), balances: { actual, blocked } }
  }

  return (row) => {
    const { account_id: accountId, difference } = row
    return {
      accountId,
      difference,
      saved: savedAccountOf(accountId, row.client_id, row.currency, row.actual_balance, row.blocked_balance),
      now: savedAccountOf(accountId, row.now_client_id, row.now_currency, row.now_actual_balance, row.now_blocked_balance)
    }
  }
}
