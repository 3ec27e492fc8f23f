import type { PruneReport, PruneStore } from '../pruning.js'
import type { SqliteDatabase } from './database.js'
import { PACKED_COUNT, withoutPrevious } from './packed-changes.js'
import { prepareRehearsal } from './rehearsal.js'

/**
 * The balance files none of whose runs is young or under way. The file of the newest run stays, so that the number of
 * that run is not given again.
 */
const OLD_FILES = `SELECT file_id FROM balance_files GROUP BY file_id
  HAVING max(coalesce(finished_at_ms, 9223372036854775807)) < ? AND max(job_id) < (SELECT max(job_id) FROM balance_files)`

/**
 * Prepares the removal of what is old.
 *
 * Operations are numbered upwards, and so are the changes of an account. All before the first operation that is young
 * enough go, so that what goes is the beginning of each account's history, even when the clock was set back meanwhile.
 */
export function preparePruning (database: SqliteDatabase): PruneStore {
  const findCut = database.prepare<[number], bigint>(
    `SELECT coalesce(
       (SELECT operation_id FROM operations WHERE created_at_ms >= ? ORDER BY operation_id LIMIT 1),
       (SELECT max(operation_id) + 1 FROM operations), 0)`).pluck()
  const findFirstKept = database.prepare<[{ cut: bigint }], bigint>(
    `SELECT coalesce(min(change_id), 9223372036854775807) FROM (
       SELECT min(change_id) AS change_id FROM single_changes WHERE operation_id >= @cut
       UNION ALL SELECT min(first_change_id) FROM packed_changes WHERE operation_id >= @cut)`).pluck()
  // One whose history is young, because the clock was set back before it was deleted, stays with that.
  const deleteDeletedAccounts = database.prepare<[number, bigint]>('DELETE FROM deleted_accounts WHERE deleted_at_ms < ? AND last_change_id < ?')
  // The newest change of an account is where its history hangs, and that of one that was deleted lately, too. One that was
  // packed gets a row of its own.
  const keptChanges = 'SELECT last_change_id FROM accounts UNION SELECT last_change_id FROM deleted_accounts'
  const deleteSingles = database.prepare<[bigint]>(`DELETE FROM single_changes WHERE operation_id < ? AND change_id NOT IN (${keptChanges})`)
  const keepNewest = database.prepare<[bigint]>(
    `INSERT INTO single_changes (change_id, account_id, currency, previous_change_id, operation_id, item_index, previous_actual, previous_blocked,
       actual, blocked, sent_actual, sent_blocked, sent_currency, rate)
     SELECT change_id, account_id, currency, previous_change_id, operation_id, item_index, previous_actual, previous_blocked,
       actual, blocked, actual, blocked, currency, '1'
     FROM unpacked_changes WHERE operation_id < ? AND change_id IN (${keptChanges})`)
  const countPacked = database.prepare<[bigint], bigint>(`SELECT coalesce(sum(${PACKED_COUNT}), 0) FROM packed_changes WHERE operation_id < ?`).pluck()
  const deletePacked = database.prepare<[bigint]>('DELETE FROM packed_changes WHERE operation_id < ?')
  const cutChains = prepareCutChains(database)
  const forgetAnswers = database.prepare<[bigint]>(
    'UPDATE operations SET fingerprint = NULL, answer_body = NULL, answer_preference = NULL WHERE operation_id < ? AND answer_body IS NOT NULL')
  const deleteOperations = database.prepare<[bigint]>(
    'DELETE FROM operations WHERE operation_id < ? AND NOT EXISTS (SELECT 1 FROM single_changes WHERE single_changes.operation_id = operations.operation_id)')
  // What a file has done is forgotten all at once, or its next run would find half of it.
  const deleteRecords = database.prepare<[number]>(`DELETE FROM balance_file_records WHERE file_id IN (${OLD_FILES})`)
  const deleteSettings = database.prepare<[number]>(`DELETE FROM balance_file_accounts WHERE file_id IN (${OLD_FILES})`)
  const deleteFailures = database.prepare<[number]>(
    `DELETE FROM balance_file_failures WHERE job_id IN (SELECT job_id FROM balance_files WHERE file_id IN (${OLD_FILES}))`)
  const deleteRuns = database.prepare<[number]>(`DELETE FROM balance_files WHERE file_id IN (${OLD_FILES})`)
  const runOrRehearse = prepareRehearsal(database)

  function prune (beforeMs: number): PruneReport {
    const cut = findCut.get(beforeMs) as bigint
    const firstKept = findFirstKept.get({ cut }) as bigint
    const deletedAccounts = deleteDeletedAccounts.run(beforeMs, firstKept).changes
    const changes = deleteSingles.run(cut).changes + Number(countPacked.get(cut)) - keepNewest.run(cut).changes
    deletePacked.run(cut)
    cutChains(firstKept)
    const answers = forgetAnswers.run(cut).changes
    deleteOperations.run(cut)
    const balanceFileRecords = deleteRecords.run(beforeMs).changes
    deleteSettings.run(beforeMs)
    deleteFailures.run(beforeMs)
    return { changes, answers, deletedAccounts, balanceFiles: deleteRuns.run(beforeMs).changes, balanceFileRecords }
  }

  const pruneTransaction = database.transaction((beforeMs: number, dryRun: boolean) => runOrRehearse(dryRun, () => prune(beforeMs)))
  return { prune: async (beforeMs, dryRun) => pruneTransaction.immediate(beforeMs, dryRun) }
}

interface PackedRow {
  first_change_id: bigint
  changes: Buffer
}

/** So many rows are looked through at a time. */
const PAGE_ROWS = 1000

/**
 * Prepares the cutting of what leads to changes that are gone: their numbers may be given to new ones, to which nothing old
 * may point.
 *
 * @returns a function that takes the number from which on no change is gone. Those before it that are kept are the newest of
 *   their accounts, so that no other change leads to them
 */
function prepareCutChains (database: SqliteDatabase): (firstKept: bigint) => void {
  const cutSingles = database.prepare<[bigint]>('UPDATE single_changes SET previous_change_id = NULL WHERE previous_change_id < ?')
  const listPacked = database.prepare<[bigint, number], PackedRow>(
    'SELECT first_change_id, changes FROM packed_changes WHERE first_change_id > ? ORDER BY first_change_id LIMIT ?')
  const updatePacked = database.prepare<[Buffer, bigint]>('UPDATE packed_changes SET changes = ? WHERE first_change_id = ?')

  return (firstKept) => {
    cutSingles.run(firstKept)
    let rows = listPacked.all(0n, PAGE_ROWS)
    while (rows.length > 0) {
      for (const { first_change_id: firstChangeId, changes } of rows) {
        const cut = withoutPrevious(changes, firstKept)
        if (cut !== undefined) updatePacked.run(cut, firstChangeId)
      }
      rows = listPacked.all(rows.at(-1)?.first_change_id as bigint, PAGE_ROWS)
    }
  }
}
