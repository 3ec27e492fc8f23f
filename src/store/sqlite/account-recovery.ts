import type { Balances } from '../../domain/money.js'
import { prepareWriteAccount, type NewestBalances } from './account-rows.js'
import { prepareCurrencyOf } from './currencies.js'
import type { SqliteDatabase } from './database.js'
import { PACKED_MAX, unpackChanges } from './packed-changes.js'

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
  const currencyOf = prepareCurrencyOf(database)
  const writeAccount = prepareWriteAccount(database)

  return (afterChangeId) => {
    const newest = new Map<bigint, NewestBalances>()
    function note (accountId: bigint, balances: Balances, changeId: bigint, updatedAtMs: bigint): void {
      const earlier = newest.get(accountId)?.lastChangeId ?? afterChangeId
      if (changeId > earlier) newest.set(accountId, { balances, lastChangeId: changeId, updatedAtMs: Number(updatedAtMs) })
    }

    for (const { account_id: accountId, actual, blocked, change_id: changeId, created_at_ms: createdAtMs } of listSingles.iterate(afterChangeId)) {
      note(accountId, { actual, blocked }, changeId, createdAtMs)
    }
    for (const { first_change_id: firstChangeId, changes, created_at_ms: createdAtMs } of listPacked.iterate(afterChangeId - BigInt(PACKED_MAX))) {
      unpackChanges(changes, currencyOf).forEach(({ accountId, next }, place) => { note(accountId, next, firstChangeId + BigInt(place), createdAtMs) })
    }
    // Neighbours lie on one page.
    const accountIds = BigInt64Array.from(newest.keys()).sort()
    for (const accountId of accountIds) writeAccount(accountId, newest.get(accountId) as NewestBalances)
  }
}
