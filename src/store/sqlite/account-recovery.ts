import type { Balances } from '../../domain/money.js'
import { prepareWriteAccount, type NewestBalances } from './account-rows.js'
import type { SqliteDatabase } from './database.js'
import { makeInt64Map } from './int64-map.js'
import { PACKED_MAX, visitBalances } from './packed-changes.js'

interface SingleRow {
  change_id: bigint
  account_id: bigint
  actual: bigint
  blocked: bigint
  created_at_ms: bigint
}

interface PackedRow {
  first_change_id: bigint
  changes: Buffer
  created_at_ms: bigint
}

/**
 * Prepares the writing of accounts' rows that nobody remembers to be behind: those of another process, or of one that is gone.
 * To be called inside a transaction.
 *
 * @returns a function that brings the rows of all accounts up to the history behind a change
 */
export function prepareRecovery (database: SqliteDatabase): (afterChangeId: bigint) => void {
  const listSingles = database.prepare<[bigint], SingleRow>(
    'SELECT change_id, account_id, actual, blocked, created_at_ms FROM single_changes JOIN operations USING (operation_id) WHERE change_id > ?')
  const listPacked = database.prepare<[bigint], PackedRow>(
    'SELECT first_change_id, changes, created_at_ms FROM packed_changes JOIN operations USING (operation_id) WHERE first_change_id > ?')
  const writeAccount = prepareWriteAccount(database)

  return (afterChangeId) => {
    const places = makeInt64Map()
    const accounts: Array<NewestBalances & { readonly accountId: bigint }> = []
    function note (accountId: bigint, balances: Balances, lastChangeId: bigint, updatedAtMs: bigint): void {
      const place = places.get(accountId) ?? places.size()
      if (lastChangeId <= (accounts[place]?.lastChangeId ?? afterChangeId)) return
      places.set(accountId, place)
      accounts[place] = { accountId, balances, lastChangeId, updatedAtMs: Number(updatedAtMs) }
    }

    for (const { account_id: accountId, actual, blocked, change_id: changeId, created_at_ms: createdAtMs } of listSingles.iterate(afterChangeId)) {
      note(accountId, { actual, blocked }, changeId, createdAtMs)
    }
    for (const { first_change_id: firstChangeId, changes, created_at_ms: createdAtMs } of listPacked.iterate(afterChangeId - BigInt(PACKED_MAX))) {
      visitBalances(changes, (accountId, balances, place) => { note(accountId, balances, firstChangeId + BigInt(place), createdAtMs) })
    }
    // Neighbours lie on one page.
    accounts.sort((left, right) => left.accountId < right.accountId ? -1 : 1)
    for (const { accountId, ...newest } of accounts) writeAccount(accountId, newest)
  }
}
