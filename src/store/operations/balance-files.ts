import { NAMED_FAILURES_MAX, type BalanceFileSummary, type FailureWords } from '../../domain/balance-file.js'
import { change, reading } from '../engine.js'
import type {
  BalanceFileFailure, BalanceFileProgress, BalanceFileRun, BalanceFileStart
} from '../port/balance-files.js'
import type { Page, PageRequest } from '../port/page.js'
import { all, draw, first, run, sql, together, type Operation } from '../sql.js'
import { leaseFrom } from './balance-file-leases.js'
import type { FileRun } from './balance-file-planning.js'
import { pageOf } from './page.js'

interface FileRow {
  job_id: bigint
  dry_run: bigint
  client_id: bigint
  file_name: string
  started_at_ms: bigint
  lease_until_ms: bigint
  finished_at_ms: bigint | null
  outcome: 'done' | 'broken-off' | null
  /** Null unless the run was broken off. */
  reason: string | null
  total_records: bigint
  failed_records: bigint
  repeated_records: bigint
}

interface FailureRow extends FailureWords {
  line: bigint
  row: string
}

/** @returns undefined when there is no such client */
export const startFile = change(function * (
  { nowMs }, start: BalanceFileStart
): Operation<FileRun | undefined> {
  const clientId = BigInt(start.clientId)
  const client = yield * first(sql`SELECT client_id FROM clients WHERE client_id = ${clientId}`)
  if (client === undefined) return undefined
  const [newFileId, jobId] = yield * together<[bigint, bigint]>(draw('file'), draw('job'))
  // A name that is there is set to the same, so that it is locked, and returned.
  const [name] = yield * all<{ file_id: bigint }>(sql`INSERT INTO balance_file_names (file_id, client_id, file_name)
    VALUES (${newFileId}, ${clientId}, ${start.fileName})
    ON CONFLICT (client_id, file_name) DO UPDATE SET file_name = excluded.file_name RETURNING file_id`)
  const { file_id: fileId } = name as { file_id: bigint }
  yield * run(sql`INSERT INTO balance_files (job_id, file_id, dry_run, started_at_ms, lease_until_ms)
    VALUES (${jobId}, ${fileId}, ${start.dryRun ? 1n : 0n}, ${BigInt(nowMs)}, ${leaseFrom(nowMs)})`)
  return { ...start, jobId: Number(jobId), fileId }
}, { leavesAccounts: true })

/**
 * Ends a run at the end of its file.
 *
 * @returns undefined when the run has ended before
 */
export const finishFile = change(function * ({ nowMs }, jobId: number): Operation<BalanceFileSummary | undefined> {
  const ended = yield * run(sql`UPDATE balance_files SET outcome = 'done', finished_at_ms = ${BigInt(nowMs)}
    WHERE job_id = ${BigInt(jobId)} AND outcome IS NULL`)
  const file = ended === 1 ? yield * findFile(jobId) : undefined
  return file && (yield * summaryOf(jobId, file))
}, { leavesAccounts: true })

/**
 * Ends a run before the end of its file, unless it has ended.
 *
 * @param reason why, in words
 */
export const breakFileOff = change(function * ({ nowMs }, jobId: number, reason: string): Operation<void> {
  yield * run(sql`UPDATE balance_files
    SET outcome = 'broken-off', reason = ${reason}, finished_at_ms = ${BigInt(nowMs)}
    WHERE job_id = ${BigInt(jobId)} AND outcome IS NULL`)
}, { leavesAccounts: true })

/** @returns undefined for an unknown number */
export const readFile = reading(function * (
  { nowMs }, jobId: number
): Operation<{ readonly dryRun: boolean, readonly progress: BalanceFileProgress } | undefined> {
  const file = yield * findFile(jobId)
  return file && { dryRun: file.dry_run === 1n, progress: yield * progressOf(jobId, file, nowMs) }
})

/** Lists runs, newest first. */
export const listFiles = reading(function * (
  { nowMs }, clientId: number | undefined, { from, limit }: PageRequest
): Operation<Page<BalanceFileRun>> {
  const begin = from === undefined ? sql`` : sql` AND job_id <= ${from}`
  const ofClient = clientId === undefined ? sql`` : sql` AND client_id = ${BigInt(clientId)}`
  const rows = yield * all<FileRow>(
    sql`${SELECT_FILES}${begin}${ofClient} ORDER BY job_id DESC LIMIT ${BigInt(limit + 1)}`)
  return pageOf(rows, limit, (row) => row.job_id, (row) => runOf(row, nowMs))
})

/**
 * Reads failed rows in the order of their lines, from a line on.
 *
 * @returns undefined for an unknown number
 */
export const readFailures = reading(function * (
  _context, jobId: number, fromLine: number, limit: number
): Operation<readonly BalanceFileFailure[] | undefined> {
  const [file, failures] = yield * together<[FileRow | undefined, readonly BalanceFileFailure[]]>(
    findFile(jobId), findFailures(jobId, fromLine, limit))
  return file && failures
})

/** A run of a forgotten file is unknown. */
const SELECT_FILES = sql`SELECT job_id, dry_run, client_id, file_name, started_at_ms, lease_until_ms, finished_at_ms,
    outcome, reason, total_records, failed_records, repeated_records
  FROM balance_files JOIN balance_file_names USING (file_id) WHERE file_name IS NOT NULL`

function * findFile (jobId: number): Operation<FileRow | undefined> {
  return yield * first<FileRow>(sql`${SELECT_FILES} AND job_id = ${BigInt(jobId)}`)
}

function * findFailures (
  jobId: number, fromLine: number, limit: number
): Operation<Array<BalanceFileFailure & FailureWords>> {
  const rows = yield * all<FailureRow>(sql`SELECT line, row, subject, reason FROM balance_file_failures
    WHERE job_id = ${BigInt(jobId)} AND line >= ${BigInt(fromLine)} ORDER BY line LIMIT ${BigInt(limit)}`)
  return rows.map((failure) => ({ ...failure, line: Number(failure.line) }))
}

function statusOf ({ outcome, lease_until_ms: leaseUntilMs }: FileRow, nowMs: number): BalanceFileRun['status'] {
  return outcome ?? (leaseUntilMs < nowMs ? 'interrupted' : 'running')
}

function * progressOf (jobId: number, file: FileRow, nowMs: number): Operation<BalanceFileProgress> {
  const status = statusOf(file, nowMs)
  switch (status) {
    case 'broken-off': return { status, reason: String(file.reason) }
    case 'done': return { status, summary: yield * summaryOf(jobId, file) }
    default: return { status }
  }
}

function runOf (file: FileRow, nowMs: number): BalanceFileRun {
  return {
    ...countsOf(file),
    jobId: Number(file.job_id),
    dryRun: file.dry_run === 1n,
    status: statusOf(file, nowMs),
    finishedAt: file.finished_at_ms === null ? undefined : new Date(Number(file.finished_at_ms)),
    reason: file.reason ?? undefined
  }
}

function countsOf (file: FileRow) {
  return {
    clientId: Number(file.client_id),
    fileName: file.file_name,
    startedAt: new Date(Number(file.started_at_ms)),
    totalRecords: Number(file.total_records),
    failedRecords: Number(file.failed_records),
    repeatedRecords: Number(file.repeated_records)
  }
}

function * summaryOf (jobId: number, file: FileRow): Operation<BalanceFileSummary> {
  return {
    ...countsOf(file),
    jobId,
    finishedAt: new Date(Number(file.finished_at_ms)),
    firstFailures: yield * findFailures(jobId, 1, NAMED_FAILURES_MAX)
  }
}
