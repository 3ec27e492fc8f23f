import { NAMED_FAILURES_MAX, type BalanceFileSummary } from '../../domain/balance-file.js'
import type { BalanceFileJob, BalanceFileProgress, BalanceFileRow, BalanceFileStart, BalanceFileStore } from '../balance-files.js'
import type { StoreObserver } from '../observer.js'
import type { Availability } from './availability.js'
import type { BalanceAccess } from './balance-access.js'
import { prepareCarryOutRows, type Failure, type FileRun, type RowOutcomes } from './balance-file-records.js'
import type { SqliteDatabase } from './database.js'
import { prepareRehearsal } from './rehearsal.js'
import { makeRunMemory } from './run-memory.js'

/** What balance files are carried out with. */
export interface BalanceFileOptions {
  readonly balances: BalanceAccess
  /** ISO 4217 numeric code of the currency that a cross rate may go through. */
  readonly pivotCurrency: string
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly observer: StoreObserver
  /** For what a file does later than the call that has started it. */
  readonly whenAvailable: Availability['whenAvailable']
}

interface FileRow {
  dry_run: bigint
  client_id: bigint
  file_name: string
  started_at_ms: bigint
  finished_at_ms: bigint
  outcome: Exclude<BalanceFileProgress['status'], 'running'> | null
  reason: string
  total_records: bigint
  failed_records: bigint
  repeated_records: bigint
}

interface FailureRow {
  line: bigint
  row: string
  subject: string
  reason: string
}

/**
 * Prepares the carrying out of balance files. A file that is not done was interrupted: the process that began it is gone.
 */
export function prepareBalanceFiles (database: SqliteDatabase, { balances, pivotCurrency, now, observer, whenAvailable }: BalanceFileOptions): BalanceFileStore {
  const findClient = database.prepare<[number]>('SELECT 1 FROM clients WHERE client_id = ?')
  const insertName = database.prepare<[number, string]>(
    'INSERT INTO balance_file_names (client_id, file_name) VALUES (?, ?) ON CONFLICT DO NOTHING')
  const findName = database.prepare<[number, string], bigint>(
    'SELECT file_id FROM balance_file_names WHERE client_id = ? AND file_name = ?').pluck()
  const insertFile = database.prepare<[number, number, number]>(
    'INSERT INTO balance_files (file_id, dry_run, started_at_ms) VALUES (?, ?, ?)')
  const findFile = database.prepare<[number], FileRow>(
    'SELECT * FROM balance_files JOIN balance_file_names USING (file_id) WHERE job_id = ?')
  const countRecords = database.prepare<[number, number, number, number]>(
    `UPDATE balance_files SET total_records = total_records + ?, failed_records = failed_records + ?, repeated_records = repeated_records + ?
     WHERE job_id = ?`)
  const endFile = database.prepare<['done' | 'broken-off', string | undefined, number, number]>(
    'UPDATE balance_files SET outcome = ?, reason = ?, finished_at_ms = ? WHERE job_id = ?')
  const insertFailure = database.prepare<[number, number, string, string, string]>(
    'INSERT INTO balance_file_failures (job_id, line, row, subject, reason) VALUES (?, ?, ?, ?, ?)')
  const findFailures = database.prepare<[number, number, number], FailureRow>(
    'SELECT line, row, subject, reason FROM balance_file_failures WHERE job_id = ? AND line >= ? ORDER BY line LIMIT ?')
  const carryOutRows = prepareCarryOutRows(database, balances.accounts, pivotCurrency)
  const runOrRehearse = prepareRehearsal(database)

  database.prepare('UPDATE balance_files SET outcome = \'interrupted\', finished_at_ms = ? WHERE outcome IS NULL').run(now())

  const start = database.transaction((wanted: BalanceFileStart): FileRun | undefined => {
    const { clientId, fileName, dryRun } = wanted
    if (findClient.get(clientId) === undefined) return undefined
    insertName.run(clientId, fileName)
    const fileId = Number(findName.get(clientId, fileName))
    const jobId = Number(insertFile.run(fileId, Number(dryRun), now()).lastInsertRowid)
    return { ...wanted, jobId, fileId, memory: makeRunMemory() }
  })

  /** To be called inside a transaction. */
  function carryOut (run: FileRun, rows: readonly BalanceFileRow[]): RowOutcomes {
    const outcomes = runOrRehearse(run.dryRun, () => carryOutRows(run, rows, now()))
    const { failures, repeated } = outcomes
    for (const { line, row, subject, reason } of failures) insertFailure.run(run.jobId, line, row, subject, reason)
    countRecords.run(rows.length, failures.length, repeated, run.jobId)
    return outcomes
  }

  function end ({ jobId, memory }: FileRun, outcome: 'done' | 'broken-off', reason?: string): void {
    memory.close()
    endFile.run(outcome, reason, now(), jobId)
  }

  function readFailures (jobId: number, fromLine: number, limit: number): Failure[] {
    return findFailures.all(jobId, fromLine, limit).map((failure) => ({ ...failure, line: Number(failure.line) }))
  }

  function summaryOf (jobId: number, file: FileRow): BalanceFileSummary {
    return {
      jobId,
      clientId: Number(file.client_id),
      fileName: file.file_name,
      startedAt: new Date(Number(file.started_at_ms)),
      finishedAt: new Date(Number(file.finished_at_ms)),
      totalRecords: Number(file.total_records),
      failedRecords: Number(file.failed_records),
      repeatedRecords: Number(file.repeated_records),
      firstFailures: readFailures(jobId, 1, NAMED_FAILURES_MAX)
    }
  }

  function progressOf (jobId: number, file: FileRow): BalanceFileProgress {
    switch (file.outcome) {
      case null: return { status: 'running' }
      case 'interrupted': return { status: 'interrupted' }
      case 'broken-off': return { status: 'broken-off', reason: file.reason }
      case 'done': return { status: 'done', summary: summaryOf(jobId, file) }
    }
  }

  const read = database.transaction((jobId: number) => {
    const file = findFile.get(jobId)
    return file && { dryRun: file.dry_run === 1n, progress: progressOf(jobId, file) }
  })

  return {
    startBalanceFile: async (wanted) => {
      const run = start.immediate(wanted)
      return run && {
        jobId: run.jobId,
        carryOut: async (rows) => await whenAvailable(async () => {
          const { failures, repeated, reasons } = await balances.change(() => carryOut(run, rows))
          if (!run.dryRun) observer.itemsSettled('batch-file', rows.length - failures.length - repeated, reasons)
        }),
        finish: async () => await whenAvailable(async () => {
          end(run, 'done')
          return summaryOf(run.jobId, findFile.get(run.jobId) as FileRow)
        }),
        breakOff: async (reason) => await whenAvailable(async () => { end(run, 'broken-off', reason) })
      } satisfies BalanceFileJob
    },
    readBalanceFile: async (jobId) => read(jobId),
    readBalanceFileFailures: async (jobId, fromLine, limit) => readFailures(jobId, fromLine, limit)
  }
}
