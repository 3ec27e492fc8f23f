import { NAMED_FAILURES_MAX, type BalanceFileRecord, type BalanceFileSummary } from '../../domain/balance-file.js'
import { planBalanceUpdate, type PlannedItem } from '../../domain/balance-update.js'
import type { BalanceFileFailure, BalanceFileJob, BalanceFileRow, BalanceFileStart, BalanceFileStore } from '../balance-files.js'
import { prepareBalanceWriter } from './balance-writer.js'
import type { SqliteDatabase } from './database.js'
import { prepareHistory } from './history.js'
import { prepareRehearsal } from './rehearsal.js'
import { makeSeenRecords, type SeenRecords } from './seen-records.js'

interface FileRow {
  job_id: bigint
  client_id: bigint
  file_name: string
  started_at_ms: bigint
  finished_at_ms: bigint | null
  total_records: bigint
  failed_records: bigint
}

interface FailureRow {
  line: bigint
  row: string
  subject: string
  reason: string
}

/** A row that failed, and how the administrative message names it. */
interface Failure extends BalanceFileFailure {
  readonly subject: string
}

/**
 * Prepares the carrying out of balance files.
 *
 * @param pivotCurrency ISO 4217 numeric code of the currency that a cross rate may go through
 * @param now milliseconds since 1970
 */
export function prepareBalanceFiles (database: SqliteDatabase, pivotCurrency: string, now: () => number): BalanceFileStore {
  const insertFile = database.prepare<[number, string, number, number]>(
    `INSERT INTO balance_files (client_id, file_name, started_at_ms)
     SELECT ?, ?, ? WHERE EXISTS (SELECT 1 FROM clients WHERE client_id = ?)`)
  const findFile = database.prepare<[number], FileRow>('SELECT * FROM balance_files WHERE job_id = ?')
  const countRecords = database.prepare<[number, number, number]>(
    'UPDATE balance_files SET total_records = total_records + ?, failed_records = failed_records + ? WHERE job_id = ?')
  const finishFile = database.prepare<[number, number]>('UPDATE balance_files SET finished_at_ms = ? WHERE job_id = ?')
  const findRecord = database.prepare<[number, string], Buffer>(
    'SELECT fingerprint FROM balance_file_records WHERE client_id = ? AND record_id = ?').pluck()
  const insertRecord = database.prepare<[number, string, Buffer]>(
    'INSERT INTO balance_file_records (client_id, record_id, fingerprint) VALUES (?, ?, ?)')
  const insertFailure = database.prepare<[number, number, string, string, string]>(
    'INSERT INTO balance_file_failures (job_id, line, row, subject, reason) VALUES (?, ?, ?, ?, ?)')
  const findFailures = database.prepare<[number, number, number], FailureRow>(
    'SELECT line, row, subject, reason FROM balance_file_failures WHERE job_id = ? AND line >= ? ORDER BY line LIMIT ?')
  const history = prepareHistory(database)
  const balances = prepareBalanceWriter(database, history, pivotCurrency)
  const runOrRehearse = prepareRehearsal(database)

  /** @returns the rows that failed */
  function carryOutRows ({ clientId, fileName, describeFailure }: BalanceFileStart, rows: readonly BalanceFileRow[], seen: SeenRecords): Failure[] {
    const nowMs = now()
    let operationId: bigint | undefined
    const context = balances.contextFor(clientId, nowMs)

    /** @returns why the record fails, or undefined when it is carried out or was before */
    function carryOutRecord ({ recordId, item, fingerprint }: BalanceFileRecord, line: number): string | undefined {
      if (!seen.add(recordId)) return 'record_id stands twice in the file'
      const earlier = findRecord.get(clientId, recordId)
      if (earlier !== undefined) return earlier.equals(fingerprint) ? undefined : 'record_id was used before, for another content'
      const [planned] = planBalanceUpdate([item], context) as [PlannedItem]
      if (planned.status === 'failed') return describeFailure(planned.failure, item)
      operationId ??= history.insertOperation({ source: 'batch-file', clientId, remarks: fileName, createdAtMs: nowMs })
      balances.write(planned, operationId, line, nowMs)
      insertRecord.run(clientId, recordId, fingerprint)
      return undefined
    }

    return rows.flatMap(({ line, text, content }) => {
      if (typeof content === 'string') return [{ line, text, subject: `Line: ${line}`, reason: content }]
      const reason = carryOutRecord(content, line)
      const { inputType, inputId } = content.item
      return reason === undefined ? [] : [{ line, text, subject: `${inputType === 'account' ? 'Account' : 'Token'}: ${inputId}`, reason }]
    })
  }

  const carryOut = database.transaction((jobId: number, start: BalanceFileStart, rows: readonly BalanceFileRow[], seen: SeenRecords) => {
    const failures = runOrRehearse(start.dryRun, () => carryOutRows(start, rows, seen))
    for (const { line, text, subject, reason } of failures) insertFailure.run(jobId, line, text, subject, reason)
    countRecords.run(rows.length, failures.length, jobId)
  })

  const read = database.transaction((jobId: number): BalanceFileSummary | 'unfinished' | undefined => {
    const file = findFile.get(jobId)
    if (file === undefined) return undefined
    if (file.finished_at_ms === null) return 'unfinished'
    return {
      jobId,
      clientId: Number(file.client_id),
      fileName: file.file_name,
      startedAt: new Date(Number(file.started_at_ms)),
      finishedAt: new Date(Number(file.finished_at_ms)),
      totalRecords: Number(file.total_records),
      failedRecords: Number(file.failed_records),
      firstFailures: findFailures.all(jobId, 1, NAMED_FAILURES_MAX).map(({ subject, reason }) => `${subject}, Reason: ${reason}`)
    }
  })

  return {
    startBalanceFile: async (start) => {
      const { changes, lastInsertRowid } = insertFile.run(start.clientId, start.fileName, now(), start.clientId)
      if (changes === 0) return undefined
      const jobId = Number(lastInsertRowid)
      const seen = makeSeenRecords()
      return {
        jobId,
        carryOut: async (rows) => { carryOut.immediate(jobId, start, rows, seen) },
        finish: async () => {
          finishFile.run(now(), jobId)
          return read(jobId) as BalanceFileSummary
        },
        close: () => { seen.close() }
      } satisfies BalanceFileJob
    },
    readBalanceFile: async (jobId) => read(jobId),
    readBalanceFileFailures: async (jobId, fromLine, limit) =>
      findFailures.all(jobId, fromLine, limit).map(({ line, row, reason }) => ({ line: Number(line), text: row, reason }))
  }
}
