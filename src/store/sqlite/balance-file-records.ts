import type { BalanceFileRecord, FailureWords, RecordFailure } from '../../domain/balance-file.js'
import { planBalanceUpdate, sameBalances, type PlannedItem, type PlannedUpdate } from '../../domain/balance-update.js'
import type { BalanceFileFailure, BalanceFileRow, BalanceFileStart } from '../balance-files.js'
import type { FailureReason } from '../observer.js'
import type { AccountCache } from './account-cache.js'
import { prepareBalanceWriter } from './balance-writer.js'
import type { SqliteDatabase } from './database.js'
import { prepareFileAccounts, type AccountSetting } from './file-accounts.js'
import { prepareHistory } from './history.js'
import type { RunMemory } from './run-memory.js'

/** One run of a file. */
export interface FileRun extends BalanceFileStart {
  readonly jobId: number
  readonly fileId: number
  readonly memory: RunMemory
}

/** A row that failed, and how the administrative message names it. */
export interface Failure extends BalanceFileFailure, FailureWords {}

/** What became of some rows of a file. The others were carried out. */
export interface RowOutcomes {
  readonly failures: readonly Failure[]
  /** Why each of them failed, in the same order. */
  readonly reasons: readonly FailureReason[]
  /** How many an earlier run of the file has carried out. */
  readonly repeated: number
}

interface EarlierRecord {
  fingerprint: Buffer
  file_id: bigint
  file_name: string
}

/**
 * Prepares the carrying out of a file's rows. It is to be called inside a transaction.
 *
 * @param pivotCurrency ISO 4217 numeric code of the currency that a cross rate may go through
 */
export function prepareCarryOutRows (database: SqliteDatabase, cache: AccountCache, pivotCurrency: string): (run: FileRun, rows: readonly BalanceFileRow[], nowMs: number) => RowOutcomes {
  const findRecord = database.prepare<[number, string], EarlierRecord>(
    `SELECT fingerprint, file_id, file_name FROM balance_file_records JOIN balance_file_names USING (file_id)
     WHERE balance_file_records.client_id = ? AND record_id = ?`)
  const insertRecord = database.prepare<[number, string, number, Buffer]>(
    'INSERT INTO balance_file_records (client_id, record_id, file_id, fingerprint) VALUES (?, ?, ?, ?)')
  const accounts = prepareFileAccounts(database)
  const history = prepareHistory(database)
  const balances = prepareBalanceWriter(database, cache, history, pivotCurrency)

  /** Keeps what a row sets its account to, unless another row of the file has set it before. */
  function settle ({ dryRun, fileId, jobId, memory }: FileRun, { account: { accountId }, next }: PlannedUpdate, line: number): AccountSetting | undefined {
    const setting = { balances: next, jobId, line }
    // What a dry run writes is taken back with each transaction, so that it has to remember.
    return dryRun ? accounts.find(fileId, accountId) ?? memory.accounts.add(fileId, accountId, setting) : accounts.add(fileId, accountId, setting)
  }

  return (run, rows, nowMs) => {
    const { clientId, fileName, fileId, jobId, memory, describeFailure } = run
    const context = balances.contextFor(clientId, nowMs)
    let operationId: bigint | undefined

    function carryOutRecord ({ recordId, item, fingerprint }: BalanceFileRecord, line: number): RecordFailure | 'repeated' | undefined {
      if (!memory.addRecord(recordId)) return { code: 'record-repeated' }
      const earlier = findRecord.get(clientId, recordId)
      if (earlier !== undefined) {
        const sameFile = Number(earlier.file_id) === fileId
        return sameFile && earlier.fingerprint.equals(fingerprint) ? 'repeated' : { code: 'record-used', fileName: earlier.file_name, sameFile }
      }
      const [planned] = planBalanceUpdate([item], context) as [PlannedItem]
      if (planned.status === 'failed') return planned.failure
      const setting = settle(run, planned, line)
      if (setting !== undefined && !sameBalances(setting.balances, planned.next)) return { code: 'account-set', line: setting.line, sameRun: setting.jobId === jobId }
      operationId ??= history.insertOperation({ source: 'batch-file', clientId, remarks: fileName, jobId, createdAtMs: nowMs })
      balances.write([planned], operationId, nowMs, { recordId, line })
      insertRecord.run(clientId, recordId, fileId, fingerprint)
      return undefined
    }

    const failures: Failure[] = []
    const reasons: FailureReason[] = []
    let repeated = 0
    for (const { line, row, content } of rows) {
      if ('reason' in content) {
        failures.push({ line, row, ...content })
        reasons.push('row-invalid')
        continue
      }
      const outcome = carryOutRecord(content, line)
      if (outcome === 'repeated') repeated += 1
      else if (outcome !== undefined) {
        failures.push({ line, row, ...describeFailure(outcome, content) })
        reasons.push(outcome.code)
      }
    }
    return { failures, reasons, repeated }
  }
}
