import type { PruneReport, PruneStore } from '../pruning.js'
import type { SqliteDatabase } from './database.js'
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
  // One whose history is young, because the clock was set back before it was deleted, stays with that.
  const deleteDeletedAccounts = database.prepare<[number, bigint]>(
    `DELETE FROM deleted_accounts WHERE deleted_at_ms < ?
       AND (SELECT operation_id FROM balance_changes WHERE change_id = last_change_id) < ?`)
  // The newest row of an account is where its history hangs, and that of one that was deleted lately, too.
  const deleteChanges = database.prepare<[bigint]>(
    `DELETE FROM balance_changes WHERE operation_id < ?
       AND change_id NOT IN (SELECT last_change_id FROM accounts UNION SELECT last_change_id FROM deleted_accounts)`)
  // SQLite may give the number of a row that is gone to a new one, to which nothing old may point.
  const cutChains = database.prepare(
    `UPDATE balance_changes SET previous_change_id = NULL
     WHERE previous_change_id NOT IN (SELECT change_id FROM balance_changes)`)
  const forgetAnswers = database.prepare<[bigint]>(
    'UPDATE operations SET fingerprint = NULL, answer_body = NULL, answer_preference = NULL WHERE operation_id < ? AND answer_body IS NOT NULL')
  const deleteOperations = database.prepare<[bigint]>(
    'DELETE FROM operations WHERE operation_id < ? AND NOT EXISTS (SELECT 1 FROM balance_changes WHERE balance_changes.operation_id = operations.operation_id)')
  // What a file has done is forgotten all at once, or its next run would find half of it.
  const deleteRecords = database.prepare<[number]>(`DELETE FROM balance_file_records WHERE file_id IN (${OLD_FILES})`)
  const deleteSettings = database.prepare<[number]>(`DELETE FROM balance_file_accounts WHERE file_id IN (${OLD_FILES})`)
  const deleteFailures = database.prepare<[number]>(
    `DELETE FROM balance_file_failures WHERE job_id IN (SELECT job_id FROM balance_files WHERE file_id IN (${OLD_FILES}))`)
  const deleteRuns = database.prepare<[number]>(`DELETE FROM balance_files WHERE file_id IN (${OLD_FILES})`)
  const runOrRehearse = prepareRehearsal(database)

  function prune (beforeMs: number): PruneReport {
    const cut = findCut.get(beforeMs) as bigint
    const deletedAccounts = deleteDeletedAccounts.run(beforeMs, cut).changes
    const changes = deleteChanges.run(cut).changes
    cutChains.run()
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
