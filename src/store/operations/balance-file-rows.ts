import type { FailureWords } from '../../domain/balance-file.js'
import type { BalanceFileScratch, ScratchRows, ScratchSetting } from '../balance-file-scratch.js'
import { change, type Context } from '../engine.js'
import type { BalanceFileFailure, BalanceFileRow } from '../port/balance-files.js'
import { countLostHolds, type FailureReason } from '../port/observer.js'
import {
  bytes, eachRun, first, FOR_UPDATE, int8, lock, run as runOnce, sql, statement, text, together, type Operation
} from '../sql.js'
import { AccountMemory } from './account-memory.js'
import { leaseFrom } from './balance-file-leases.js'
import { planRows, type FileRun, type PlannedLine } from './balance-file-planning.js'
import {
  changeOf, drawNumbers, insertChanges, insertOperations, numberChanges, setBalances
} from './history-writing.js'

/** What became of some rows of a file. */
export interface RowOutcomes extends ScratchRows {
  /** Why each failed row failed. */
  readonly reasons: readonly FailureReason[]
  /** How many rows have set their account; of a dry run, would have. */
  readonly updated: number
  /** How many holds the rows have wiped without knowing of them. */
  readonly lostHolds: number
}

/**
 * Applies rows of a file, and keeps those that fail.
 *
 * @param scratch is only read
 * @returns undefined when the run has ended
 */
export const carryOutRows = change(function * (
  context, run: FileRun, rows: readonly BalanceFileRow[], scratch: BalanceFileScratch
): Operation<RowOutcomes | undefined> {
  if (!(yield * isUnderWay(run))) return undefined
  const memory = new AccountMemory()
  const planned = yield * planRows(run, rows, scratch, memory, context)
  const settled = settle(run, rows, planned)
  yield * together(writeRecords(run, planned, memory, context), keepOutcomes(run, rows.length, settled, context))
  return settled
})

/** Does as {@link carryOutRows} does and applies no row. Only what failed is kept, and how far the run has come. */
export const rehearseRows = change(function * (
  context, run: FileRun, rows: readonly BalanceFileRow[], scratch: BalanceFileScratch
): Operation<RowOutcomes | undefined> {
  if (!(yield * isUnderWay(run))) return undefined
  const settled = settle(run, rows, yield * planRows(run, rows, scratch, new AccountMemory(), context))
  yield * keepOutcomes(run, rows.length, settled, context)
  return settled
}, { leavesAccounts: true })

/**
 * Tells whether a run may go on. No other run of the client's files goes on beside it until the transaction ends: a
 * record may stand in two of them. Updates of the client go on.
 */
function * isUnderWay ({ jobId, clientId }: FileRun): Operation<boolean> {
  yield * lock(sql`SELECT client_id FROM clients WHERE client_id = ${BigInt(clientId)} FOR NO KEY UPDATE`)
  const found = yield * first(sql`SELECT file_id FROM balance_files JOIN balance_file_names USING (file_id)
    WHERE job_id = ${BigInt(jobId)} AND outcome IS NULL AND file_name IS NOT NULL ${FOR_UPDATE}`)
  return found !== undefined
}

interface Settled extends RowOutcomes {
  readonly failures: ReadonlyArray<BalanceFileFailure & FailureWords>
  readonly repeated: number
}

/** Puts together what became of rows, in their order. */
function settle (run: FileRun, rows: readonly BalanceFileRow[], planned: readonly PlannedLine[]): Settled {
  const failures: Array<BalanceFileFailure & FailureWords> = []
  const reasons: FailureReason[] = []
  const settings: ScratchSetting[] = []
  const recordIds: string[] = []
  const remaining = planned.values()
  let repeated = 0
  let updated = 0
  for (const { line, row, content } of rows) {
    if ('reason' in content) {
      failures.push({ line, row, ...content })
      reasons.push('row-invalid')
      continue
    }
    const { outcome, record: { recordId } } = remaining.next().value as PlannedLine
    if (run.dryRun || outcome.status !== 'set') recordIds.push(recordId)
    if (outcome.status === 'repeated') repeated += 1
    else if (outcome.status === 'failed') {
      failures.push({ line, row, ...run.describeFailure(outcome.failure, content) })
      reasons.push(outcome.failure.code)
    } else {
      updated += 1
      if (run.dryRun) {
        settings.push({ account: outcome.account, setting: { balances: outcome.planned.asked, line, sameRun: true } })
      }
    }
  }
  const lostHolds = countLostHolds(planned.flatMap(({ outcome }) => outcome.status === 'set' ? [outcome.planned] : []))
  return { failures, reasons, repeated, updated, lostHolds, recordIds, settings }
}

/** Where there is such a record already, it is a forgotten file's. */
const INSERT_RECORD = statement`INSERT INTO balance_file_records
    (client_id, record_id, file_id, fingerprint, account_id, incarnation, job_id)
  VALUES (${int8}, ${text}, ${int8}, ${bytes}, ${int8}, ${int8}, ${int8})
  ON CONFLICT (client_id, record_id, account_id, incarnation) DO UPDATE
  SET file_id = excluded.file_id, fingerprint = excluded.fingerprint, job_id = excluded.job_id`

/** Another row of the file may have set the account to the same. */
const INSERT_SETTING = statement`INSERT INTO balance_file_accounts
    (file_id, account_id, incarnation, actual, blocked, job_id, line)
  VALUES (${int8}, ${int8}, ${int8}, ${int8}, ${int8}, ${int8}, ${int8})
  ON CONFLICT (file_id, account_id, incarnation) DO NOTHING`

/** Writes the records that set their accounts: one operation, and a change a record. */
function * writeRecords (
  { clientId, fileName, fileId, jobId }: FileRun, planned: readonly PlannedLine[], memory: AccountMemory,
  { nowMs }: Context
): Operation<void> {
  const set = planned.flatMap(({ line, record, outcome }) =>
    outcome.status === 'set' ? [{ line, record, ...outcome }] : [])
  if (set.length === 0) return
  const { operationId, firstChangeId } = yield * drawNumbers(1, set.length)
  const changes = numberChanges(set.map(({ line, record: { recordId }, account: { incarnation }, planned: update }) =>
    changeOf(update, incarnation, operationId, line, recordId)), firstChangeId, memory.ends)
  yield * together(
    insertOperations([{ source: 'batch-file', clientId, remarks: fileName, jobId }], operationId, nowMs),
    insertChanges(changes),
    setBalances(changes, nowMs),
    eachRun(INSERT_RECORD, set.map(({ record: { recordId, fingerprint }, account: { accountId, incarnation } }) =>
      [BigInt(clientId), recordId, fileId, fingerprint, accountId, BigInt(incarnation), BigInt(jobId)])),
    eachRun(INSERT_SETTING, set.map(({ line, account: { accountId, incarnation }, planned: { asked } }) =>
      [fileId, accountId, BigInt(incarnation), asked.actual, asked.blocked, BigInt(jobId), BigInt(line)])))
}

const INSERT_FAILURE = statement`INSERT INTO balance_file_failures (job_id, line, row, subject, reason)
  VALUES (${int8}, ${int8}, ${text}, ${text}, ${text})`

/** Keeps what failed and how far the run has come. */
function * keepOutcomes (
  { jobId }: FileRun, total: number, { failures, repeated }: Settled, { nowMs }: Context
): Operation<void> {
  yield * eachRun(INSERT_FAILURE, failures.map(({ line, row, subject, reason }) =>
    [BigInt(jobId), BigInt(line), row, subject, reason]))
  yield * runOnce(sql`UPDATE balance_files SET total_records = total_records + ${BigInt(total)},
      failed_records = failed_records + ${BigInt(failures.length)},
      repeated_records = repeated_records + ${BigInt(repeated)}, lease_until_ms = ${leaseFrom(nowMs)}
    WHERE job_id = ${BigInt(jobId)}`)
}
