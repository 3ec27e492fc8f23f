import type { Account, InputType } from '../../domain/balance-update.js'
import type { Balances } from '../../domain/money.js'
import { makeAccountMemory, type RememberedAccount } from './account-memory.js'
import { prepareRecovery } from './account-recovery.js'
import { ACCOUNT_COLUMNS, accountOfRow, prepareWriteAccount, type AccountRow, type NewestBalances, type ReadAhead } from './account-rows.js'
import { prepareCurrencyOf } from './currencies.js'
import type { SqliteDatabase } from './database.js'
import { NEWEST_CHANGE } from './history.js'

interface CachedRow extends AccountRow {
  last_change_id: bigint
}

/** The accounts in memory, and their way into the table. Everything here is to be called inside a write transaction, where it does not say otherwise. */
export interface AccountCache {
  /**
   * Begins a transaction. What another process has written, or a rollback has undone, is noticed here.
   *
   * @param mayFollow whether the accounts' rows may follow behind what is noted in this transaction
   */
  begin (mayFollow: boolean): void
  /** Finds an account of a client by its number or by a token. */
  find (inputType: InputType, inputId: bigint, clientId: number): Account | undefined
  /**
   * Notes a change of an account that was found, which is appended to the history in the same transaction, and writes the
   * account's row now or later.
   *
   * @returns the account's newest change before
   */
  note (accountId: bigint, balances: Balances, changeId: bigint, nowMs: number): bigint
  /** Gives the number of the newest change of all, those that were noted included. */
  newestChange (): bigint
  /** Ends a transaction: some of the rows that are behind are written. */
  end (): void
  /** Writes some of the rows that are behind. */
  writeSome (): void
  /** Writes all rows that are behind. */
  writeBack (): void
  /** Forgets all accounts, because something else has written to them. To be called when no row is behind. */
  forget (): void
  /** To be called after a rollback: the next transaction begins without trusting the memory. */
  distrust (): void
  /** Whether there are rows that are behind. To be called inside a transaction, which may be one that only reads. */
  isBehind (): boolean
  /** Whether the memory is of the database as the transaction has it, which may be one that only reads. */
  isTrue (): boolean
  /** What is in memory counts only while that is true. To be called inside a transaction, which may be one that only reads. */
  readonly readAhead: ReadAhead
}

/** How much the cache takes on. */
export interface AccountCacheLimits {
  /**
   * After so many changes all rows that are behind begin to be written, and they are when as many have come again. The
   * more there are, the more of them lie on one page; but a start after a crash has to catch up with all of them.
   */
  readonly changesMax: number
  /** With more accounts and tokens than this the cache is emptied. */
  readonly accountsMax: number
}

const LIMITS: AccountCacheLimits = { changesMax: 2_000_000, accountsMax: 2_000_000 }

/** So many rows are written at a time where nobody waits, or where nothing may be behind for long. */
const SLICE = 2000

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
export function prepareAccountCache (database: SqliteDatabase, { changesMax, accountsMax }: AccountCacheLimits = LIMITS): AccountCache {
  const columns = `${ACCOUNT_COLUMNS}, last_change_id`
  const findByNumber = database.prepare<[bigint], CachedRow>(`SELECT ${columns} FROM accounts WHERE account_id = ?`)
  const findByToken = database.prepare<[bigint], CachedRow>(`SELECT ${columns} FROM tokens JOIN accounts USING (account_id) WHERE token = ?`)
  const dataVersion = database.prepare<[], bigint>('PRAGMA data_version').pluck()
  const findBehind = database.prepare<[], bigint>('SELECT after_change_id FROM accounts_behind').pluck()
  const findNewest = database.prepare<[], bigint>(NEWEST_CHANGE).pluck()
  const insertBehind = database.prepare<[bigint]>('INSERT INTO accounts_behind (after_change_id) VALUES (?)')
  const moveBehind = database.prepare<[bigint]>('UPDATE accounts_behind SET after_change_id = ?')
  const deleteBehind = database.prepare('DELETE FROM accounts_behind')
  const writeAccount = prepareWriteAccount(database)
  const recover = prepareRecovery(database)
  const currencyOf = prepareCurrencyOf(database)

  const memory = makeAccountMemory()
  let seenVersion: bigint | undefined
  let newestChangeId: bigint | undefined
  let mayFollow = false
  let hasRow = false
  /** Changes whose rows follow: in this transaction, and since the last sweep began. */
  let noted = 0
  let notedSinceSweep = 0
  /** Accounts that are behind and not in the sweep. */
  let behind: bigint[] = []
  /** The accounts that are being written, from `swept` on, and the newest change when that began. */
  let sweep = new BigInt64Array()
  let swept = 0
  let sweepChangeId = 0n

  function newestChange (): bigint {
    newestChangeId ??= findNewest.get() as bigint
    return newestChangeId
  }

  const isTrue = (): boolean => dataVersion.get() === seenVersion

  function write (slot: number): void {
    const remembered = memory.read(slot)
    writeAccount(remembered.account.accountId, newestOf(remembered))
    memory.setBehind(slot, false)
  }

  function forget (): void {
    memory.clear()
    newestChangeId = undefined
    behind = []
    sweep = new BigInt64Array()
    swept = 0
    notedSinceSweep = 0
    hasRow = false
  }

  function catchUp (): void {
    const after = findBehind.get()
    if (after === undefined) return
    recover(after)
    deleteBehind.run()
  }

  function beginSweep (): void {
    sweep = BigInt64Array.from(behind).sort()
    swept = 0
    sweepChangeId = newestChange()
    behind = []
    notedSinceSweep = 0
  }

  /** Writes so many rows that are behind. What is noted after a sweep began is left for the next one. */
  function writeSlice (count: number): void {
    if (sweep.length === 0) beginSweep()
    const end = Math.min(sweep.length, swept + count)
    for (; swept < end; swept += 1) {
      const slot = memory.slotOfAccount(sweep[swept] as bigint) as number
      if (memory.isBehind(slot)) write(slot)
    }
    if (swept < sweep.length) return
    if (behind.length === 0) {
      deleteBehind.run()
      hasRow = false
    } else moveBehind.run(sweepChangeId)
    sweep = new BigInt64Array()
    swept = 0
  }

  function writeSome (): void {
    if (hasRow) writeSlice(SLICE)
  }

  function slotOf (inputType: InputType, inputId: bigint): number | undefined {
    return (inputType === 'account' ? memory.slotOfAccount(inputId) : memory.slotOfToken(inputId)) ?? load(inputType, inputId)
  }

  function load (inputType: InputType, inputId: bigint): number | undefined {
    const row = (inputType === 'account' ? findByNumber : findByToken).get(inputId)
    if (row === undefined) return undefined
    // The account of a token may be here by its number, with balances that its row does not have yet.
    const slot = memory.slotOfAccount(row.account_id) ?? memory.add({
      account: accountOfRow(row, currencyOf),
      clientId: Number(row.client_id),
      lastChangeId: row.last_change_id,
      updatedAtMs: Number(row.updated_at_ms)
    })
    if (inputType === 'token') memory.addToken(inputId, slot)
    return slot
  }

  return {
    begin: (rowsMayFollow) => {
      noted = 0
      const isFull = memory.size() > accountsMax
      const version = dataVersion.get()
      if (version !== seenVersion) {
        catchUp()
        forget()
        seenVersion = version
      } else if (isFull && !hasRow) forget()
      // A cache that is to be emptied has its rows written first, a few with each transaction.
      mayFollow = rowsMayFollow && !(isFull && hasRow)
    },
    find: (inputType, inputId, clientId) => {
      const slot = slotOf(inputType, inputId)
      return slot !== undefined && memory.clientAt(slot) === clientId ? memory.accountAt(slot) : undefined
    },
    note: (accountId, balances, changeId, nowMs) => {
      const slot = memory.slotOfAccount(accountId) as number
      const previousChangeId = memory.change(slot, balances, changeId, nowMs)
      newestChangeId = changeId
      if (!mayFollow) write(slot)
      else {
        noted += 1
        notedSinceSweep += 1
        if (!hasRow) insertBehind.run(changeId - 1n)
        hasRow = true
        if (!memory.isBehind(slot)) behind.push(accountId)
        memory.setBehind(slot, true)
      }
      return previousChangeId
    },
    newestChange,
    end: () => {
      if (!mayFollow) writeSome()
      else if (sweep.length > 0 || notedSinceSweep >= changesMax) writeSlice(Math.ceil(Math.max(sweep.length, 1) * noted / changesMax))
    },
    writeSome,
    writeBack: () => { while (hasRow) writeSlice(Infinity) },
    forget,
    distrust: () => { seenVersion = undefined },
    isBehind: () => findBehind.get() !== undefined,
    isTrue,
    readAhead: (accountId) => {
      const slot = memory.slotOfAccount(accountId)
      return slot !== undefined && memory.isBehind(slot) && isTrue() ? newestOf(memory.read(slot)) : undefined
    }
  }
}

function newestOf ({ account: { balances }, lastChangeId, updatedAtMs }: RememberedAccount): NewestBalances {
  return { balances, lastChangeId, updatedAtMs }
}
