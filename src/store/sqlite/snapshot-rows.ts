import type { SavedAccount, SnapshotContent } from '../../domain/snapshot.js'
import type { Page, PageRequest } from '../page.js'
import type { SaveSnapshotOutcome, SnapshotRecord } from '../snapshots.js'
import { prepareCurrencyOf, type CurrencyOf } from './currencies.js'
import type { SqliteDatabase } from './database.js'
import { pageOf } from './page.js'

interface SnapshotRow {
  snapshot_id: bigint
  name: string
  saved_at_ms: bigint
  covers_all: bigint
  account_count: bigint
}

interface SavedAccountRow {
  account_id: bigint
  client_id: bigint
  currency: string
  actual_balance: bigint
  blocked_balance: bigint
}

const SNAPSHOT_COLUMNS = 'snapshot_id, name, saved_at_ms, covers_all, account_count'

/** What can be done with saved balances, beside comparing and restoring them. */
export interface SnapshotRows {
  /**
   * Saves all accounts, or chosen ones, as they are at a given time (milliseconds since 1970).
   *
   * @param accountIds undefined for all
   */
  save (name: string, accountIds: readonly bigint[] | undefined, nowMs: number): SaveSnapshotOutcome
  /** @returns undefined, with nothing written, when there is a snapshot of this name */
  add (name: string, content: SnapshotContent): SnapshotRecord | undefined
  find (name: string): SnapshotRecord | undefined
  list (page: PageRequest): Page<SnapshotRecord>
  listAccounts (snapshotId: bigint, page: PageRequest): Page<SavedAccount>
  /** @returns false when there is no such snapshot */
  delete (name: string): boolean
}

/** Prepares the keeping of snapshots. Each call is one transaction. */
export function prepareSnapshotRows (database: SqliteDatabase): SnapshotRows {
  const find = database.prepare<[string], SnapshotRow>(`SELECT ${SNAPSHOT_COLUMNS} FROM snapshots WHERE name = ?`)
  const list = database.prepare<[bigint, number], SnapshotRow>(`SELECT ${SNAPSHOT_COLUMNS} FROM snapshots WHERE snapshot_id >= ? ORDER BY snapshot_id LIMIT ?`)
  const listAccounts = database.prepare<[bigint, bigint, number], SavedAccountRow>(
    `SELECT account_id, client_id, currency, actual_balance, blocked_balance FROM snapshot_balances
     WHERE snapshot_id = ? AND account_id >= ? ORDER BY account_id LIMIT ?`)
  const insert = database.prepare('INSERT INTO snapshots (name, saved_at_ms, covers_all, account_count) VALUES (?, ?, ?, ?)')
  const countAccounts = database.prepare<[], bigint>('SELECT count(*) FROM accounts').pluck()
  const copyAll = database.prepare(
    `INSERT INTO snapshot_balances (snapshot_id, account_id, client_id, currency, actual_balance, blocked_balance)
     SELECT ?, account_id, client_id, currency, actual_balance, blocked_balance FROM accounts ORDER BY account_id`)
  const copyOne = database.prepare(
    `INSERT INTO snapshot_balances (snapshot_id, account_id, client_id, currency, actual_balance, blocked_balance)
     SELECT ?, account_id, client_id, currency, actual_balance, blocked_balance FROM accounts WHERE account_id = ?`)
  const accountExists = database.prepare<[bigint], bigint>('SELECT 1 FROM accounts WHERE account_id = ?').pluck()
  const insertAccount = database.prepare(
    `INSERT INTO snapshot_balances (snapshot_id, account_id, client_id, currency, actual_balance, blocked_balance)
     VALUES (?, ?, ?, ?, ?, ?)`)
  const deleteAccounts = database.prepare('DELETE FROM snapshot_balances WHERE snapshot_id = ?')
  const deleteSnapshot = database.prepare('DELETE FROM snapshots WHERE snapshot_id = ?')
  const currencyOf = prepareCurrencyOf(database)

  function insertSnapshot (name: string, savedAtMs: number, coversAll: boolean, accountCount: number): SnapshotRecord {
    const snapshotId = BigInt(insert.run(name, savedAtMs, coversAll ? 1 : 0, accountCount).lastInsertRowid)
    return { snapshotId, name, savedAt: new Date(savedAtMs), coversAll, accountCount }
  }

  function save (name: string, accountIds: readonly bigint[] | undefined, nowMs: number): SaveSnapshotOutcome {
    if (find.get(name) !== undefined) return { kind: 'name-taken' }
    if (accountIds === undefined) {
      const snapshot = insertSnapshot(name, nowMs, true, Number(countAccounts.get()))
      copyAll.run(snapshot.snapshotId)
      return { kind: 'saved', snapshot }
    }
    const unknown = accountIds.flatMap((accountId, index) => accountExists.get(accountId) === undefined ? [index] : [])
    if (unknown.length > 0) return { kind: 'accounts-unknown', indexes: unknown }
    const snapshot = insertSnapshot(name, nowMs, false, accountIds.length)
    for (const accountId of accountIds) copyOne.run(snapshot.snapshotId, accountId)
    return { kind: 'saved', snapshot }
  }

  function add (name: string, { savedAtMs, coversAll, accounts }: SnapshotContent): SnapshotRecord | undefined {
    if (find.get(name) !== undefined) return undefined
    const snapshot = insertSnapshot(name, savedAtMs, coversAll, accounts.length)
    for (const { accountId, clientId, currency, balances } of accounts) {
      insertAccount.run(snapshot.snapshotId, accountId, clientId, currency.numericCode, balances.actual, balances.blocked)
    }
    return snapshot
  }

  return {
    save: database.transaction(save).immediate,
    add: database.transaction(add).immediate,
    find: (name) => {
      const row = find.get(name)
      return row === undefined ? undefined : snapshotOf(row)
    },
    list: ({ from = 1n, limit }) => pageOf(list.all(from, limit + 1), limit, (row) => row.snapshot_id, snapshotOf),
    listAccounts: (snapshotId, { from = 1n, limit }) =>
      pageOf(listAccounts.all(snapshotId, from, limit + 1), limit, (row) => row.account_id, (row) => savedAccountOf(row, currencyOf)),
    delete: database.transaction((name: string) => {
      const row = find.get(name)
      if (row === undefined) return false
      deleteAccounts.run(row.snapshot_id)
      deleteSnapshot.run(row.snapshot_id)
      return true
    }).immediate
  }
}

function snapshotOf (row: SnapshotRow): SnapshotRecord {
  return {
    snapshotId: row.snapshot_id,
    name: row.name,
    savedAt: new Date(Number(row.saved_at_ms)),
    coversAll: row.covers_all === 1n,
    accountCount: Number(row.account_count)
  }
}

function savedAccountOf (row: SavedAccountRow, currencyOf: CurrencyOf): SavedAccount {
  return {
    accountId: row.account_id,
    clientId: Number(row.client_id),
    currency: currencyOf(row.currency),
    balances: { actual: row.actual_balance, blocked: row.blocked_balance }
  }
}
