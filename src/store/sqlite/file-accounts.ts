import type { Balances } from '../../domain/money.js'
import type { SqliteDatabase } from './database.js'

/** What a row of a file has set an account to. */
export interface AccountSetting {
  readonly balances: Balances
  readonly jobId: number
  readonly line: number
}

/** What files have set accounts to: each file sets each account once. */
export interface FileAccounts {
  find (fileId: number, accountId: bigint): AccountSetting | undefined
  /** @returns what the file has set the account to before; undefined when this is the first time, which is kept */
  add (fileId: number, accountId: bigint, setting: AccountSetting): AccountSetting | undefined
}

interface SettingRow {
  actual: bigint
  blocked: bigint
  job_id: bigint
  line: bigint
}

/** Prepares the reading and writing of the table `balance_file_accounts` of a database. */
export function prepareFileAccounts (database: SqliteDatabase): FileAccounts {
  const select = database.prepare<[number, bigint], SettingRow>(
    'SELECT actual, blocked, job_id, line FROM balance_file_accounts WHERE file_id = ? AND account_id = ?')
  const insert = database.prepare<[number, bigint, bigint, bigint, number, number]>(
    `INSERT INTO balance_file_accounts (file_id, account_id, actual, blocked, job_id, line) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`)

  function find (fileId: number, accountId: bigint): AccountSetting | undefined {
    const row = select.get(fileId, accountId)
    return row && { balances: { actual: row.actual, blocked: row.blocked }, jobId: Number(row.job_id), line: Number(row.line) }
  }

  return {
    find,
    add: (fileId, accountId, setting) => {
      const { balances: { actual, blocked }, jobId, line } = setting
      return insert.run(fileId, accountId, actual, blocked, jobId, line).changes === 1 ? undefined : find(fileId, accountId)
    }
  }
}
