import type { Account, InputType } from '../../domain/balance-update.js'
import type { Balances } from '../../domain/money.js'
import { ACCOUNT_COLUMNS, accountOfRow, type AccountRow } from './account-rows.js'
import { prepareCurrencyOf } from './currencies.js'
import type { SqliteDatabase } from './database.js'

/** An account in memory. */
interface Entry {
  readonly clientId: number
  /** With the balances of its newest change. Whoever has found it keeps what it found. */
  account: Account
  lastChangeId: bigint
  updatedAtMs: number
  /** Whether its row in the table is still to be written. */
  isBehind: boolean
}

interface CachedRow extends AccountRow {
  last_change_id: bigint
}

/** The accounts in memory, and their way into the table. Everything here is to be called inside a write transaction. */
export interface AccountCache {
  /**
   * Begins a transaction. What another process has written, or a rollback has undone, is noticed here.
   *
   * @param mayFollow whether the accounts' rows may follow behind what is noted in this transaction
   */
  begin (mayFollow: boolean): void
  /** Finds an account of a client by its number or by a token. */
  find (inputType: InputType, inputId: bigint, clientId: number): Account | undefined
  /** Gives the newest change of an account that was found. */
  lastChangeOf (accountId: bigint): bigint
  /** Notes a change that was appended to the history of an account that was found, and writes the account's row now or later. */
  note (accountId: bigint, balances: Balances, changeId: bigint, nowMs: number): void
  /** Ends a transaction: some of the rows that are behind are written. */
  end (): void
  /** Writes all rows that are behind. */
  writeBack (): void
  /** Forgets all accounts, because something else has written to them. To be called when no row is behind. */
  forget (): void
  /** To be called after a rollback: the next transaction begins without trusting the memory. */
  distrust (): void
  /** Whether there are rows that are behind. To be called inside a transaction, which may be one that only reads. */
  isBehind (): boolean
}

/** How much the cache takes on. */
export interface AccountCacheLimits {
  /** When so many rows are behind, they begin to be written. The more there are, the more of them lie on one page. */
  readonly behindMax: number
  /** The same after so many changes, because whoever reads, and a start after a crash, has to catch up with all of them. */
  readonly changesMax: number
  /** With more accounts and tokens than this the cache is emptied; an account takes about 300 bytes. */
  readonly accountsMax: number
}

const LIMITS: AccountCacheLimits = { behindMax: 50_000, changesMax: 200_000, accountsMax: 500_000 }

/** How many rows are written at the end of a transaction at least, once they are being written. */
const SLICE_MIN = 500

/**
 * Prepares the cache of accounts, which is written back.
 *
 * An update of 25 accounts out of many writes to 25 pages, and that is most of its cost. So while many updates come at
 * once, only the history is written with them, which is what makes them durable and what counts; the rows of the accounts
 * follow in the order of their numbers, so that neighbours on one page are written together. The table `accounts_behind`
 * says so.
 *
 * Nothing is true only because it is in memory: other processes are noticed by SQLite's data version, and after this one
 * has written past the cache, the cache is emptied.
 */
export function prepareAccountCache (database: SqliteDatabase, limits: AccountCacheLimits = LIMITS): AccountCache {
  const columns = `${ACCOUNT_COLUMNS}, last_change_id`
  const findByNumber = database.prepare<[bigint], CachedRow>(`SELECT ${columns} FROM accounts WHERE account_id = ?`)
  const findByToken = database.prepare<[bigint], CachedRow>(`SELECT ${columns} FROM tokens JOIN accounts USING (account_id) WHERE token = ?`)
  const dataVersion = database.prepare<[], bigint>('PRAGMA data_version').pluck()
  const findBehind = database.prepare<[], bigint>('SELECT after_change_id FROM accounts_behind').pluck()
  const findNewest = database.prepare<[], bigint>('SELECT max(change_id) FROM balance_changes').pluck()
  const insertBehind = database.prepare<[bigint]>('INSERT INTO accounts_behind (after_change_id) VALUES (?)')
  const moveBehind = database.prepare<[bigint]>('UPDATE accounts_behind SET after_change_id = ?')
  const deleteBehind = database.prepare('DELETE FROM accounts_behind')
  const updateAccount = database.prepare<[bigint, bigint, number, bigint, bigint]>(
    'UPDATE accounts SET actual_balance = ?, blocked_balance = ?, updated_at_ms = ?, last_change_id = ? WHERE account_id = ?')
  // Beside max(), SQLite takes the other columns from the row that has the maximum. The grouping puts the accounts in order.
  const updateAccountsAfter = database.prepare<[bigint]>(
    `UPDATE accounts SET actual_balance = newest.actual, blocked_balance = newest.blocked,
       updated_at_ms = newest.created_at_ms, last_change_id = newest.change_id
     FROM (SELECT account_id, max(change_id) AS change_id, actual, blocked, created_at_ms
           FROM balance_changes JOIN operations USING (operation_id) WHERE change_id > ? GROUP BY account_id) AS newest
     WHERE accounts.account_id = newest.account_id`)
  const currencyOf = prepareCurrencyOf(database)

  const byNumber = new Map<bigint, Entry>()
  const byToken = new Map<bigint, Entry>()
  let seenVersion: bigint | undefined
  let mayFollow = false
  let hasRow = false
  /** Changes in this transaction, and since the last sweep began. */
  let noted = 0
  let notedSinceSweep = 0
  /** Accounts that are behind and not in the sweep. */
  let behind: bigint[] = []
  /** The accounts that are being written, from `swept` on, and the newest change when that began. */
  let sweep = new BigInt64Array()
  let swept = 0
  let sweepChangeId = 0n

  function write (entry: Entry): void {
    const { accountId, balances: { actual, blocked } } = entry.account
    updateAccount.run(actual, blocked, entry.updatedAtMs, entry.lastChangeId, accountId)
    entry.isBehind = false
  }

  function forget (): void {
    byNumber.clear()
    byToken.clear()
    forgetBehind()
  }

  function forgetBehind (): void {
    behind = []
    sweep = new BigInt64Array()
    swept = 0
    notedSinceSweep = 0
    hasRow = false
  }

  function writeBack (): void {
    const after = findBehind.get()
    if (after === undefined) return
    updateAccountsAfter.run(after)
    deleteBehind.run()
    for (const accountId of [...sweep, ...behind]) (byNumber.get(accountId) as Entry).isBehind = false
    forgetBehind()
  }

  function writeSlice (): void {
    const end = Math.min(sweep.length, swept + Math.max(noted, SLICE_MIN))
    for (; swept < end; swept += 1) {
      const entry = byNumber.get(sweep[swept] as bigint) as Entry
      if (entry.isBehind) write(entry)
    }
    if (swept < sweep.length) return
    if (behind.length === 0) {
      deleteBehind.run()
      hasRow = false
    } else moveBehind.run(sweepChangeId)
    sweep = new BigInt64Array()
    swept = 0
  }

  function beginSweep (): void {
    sweep = BigInt64Array.from(behind).sort()
    sweepChangeId = findNewest.get() as bigint
    behind = []
    notedSinceSweep = 0
  }

  function load (inputType: InputType, inputId: bigint): Entry | undefined {
    const row = (inputType === 'account' ? findByNumber : findByToken).get(inputId)
    if (row === undefined) return undefined
    // The account of a token may be here by its number, with balances that its row does not have yet.
    const entry = byNumber.get(row.account_id) ?? entryOf(row)
    byNumber.set(row.account_id, entry)
    if (inputType === 'token') byToken.set(inputId, entry)
    return entry
  }

  const entryOf = (row: CachedRow): Entry => ({
    clientId: Number(row.client_id),
    account: accountOfRow(row, currencyOf),
    lastChangeId: row.last_change_id,
    updatedAtMs: Number(row.updated_at_ms),
    isBehind: false
  })

  return {
    begin: (rowsMayFollow) => {
      mayFollow = rowsMayFollow
      noted = 0
      const version = dataVersion.get()
      if (version === seenVersion && byNumber.size + byToken.size <= limits.accountsMax) return
      writeBack()
      forget()
      seenVersion = version
    },
    find: (inputType, inputId, clientId) => {
      const entry = (inputType === 'account' ? byNumber : byToken).get(inputId) ?? load(inputType, inputId)
      return entry?.clientId === clientId ? entry.account : undefined
    },
    lastChangeOf: (accountId) => (byNumber.get(accountId) as Entry).lastChangeId,
    note: (accountId, balances, changeId, nowMs) => {
      const entry = byNumber.get(accountId) as Entry
      entry.account = { ...entry.account, balances }
      entry.lastChangeId = changeId
      entry.updatedAtMs = nowMs
      noted += 1
      notedSinceSweep += 1
      if (!mayFollow) {
        write(entry)
        return
      }
      if (!hasRow) {
        insertBehind.run(changeId - 1n)
        hasRow = true
      }
      if (entry.isBehind) return
      entry.isBehind = true
      behind.push(accountId)
    },
    end: () => {
      const isDue = !mayFollow || behind.length >= limits.behindMax || notedSinceSweep >= limits.changesMax
      if (sweep.length === 0 && behind.length > 0 && isDue) beginSweep()
      if (sweep.length > 0) writeSlice()
    },
    writeBack,
    forget,
    distrust: () => { seenVersion = undefined },
    isBehind: () => findBehind.get() !== undefined
  }
}
