import type { Balances } from '../../domain/money.js'
import { prepareWriteAccount, type NewestBalances } from './account-rows.js'
import type { SqliteDatabase } from './database.js'
import { makeInt64Map } from './int64-map.js'
import { balancesAt, PACKED_MAX, visitAccounts } from './packed-changes.js'

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
    'SELECT first_change_id, changes, created_at_ms FROM packed_changes JOIN operations USING (operation_id) WHERE first_change_id > ? ORDER BY first_change_id DESC')
  const writeAccount = prepareWriteAccount(database)

  return (afterChangeId) => {
    const places = makeInt64Map()
    const accountIds: bigint[] = []
    const newest: NewestBalances[] = []
    function note (accountId: bigint, balances: Balances, lastChangeId: bigint, updatedAtMs: bigint): void {
      const place = places.get(accountId) ?? places.size()
      if (lastChangeId <= (newest[place]?.lastChangeId ?? afterChangeId)) return
      places.set(accountId, place)
      accountIds[place] = accountId
      newest[place] = { balances, lastChangeId, updatedAtMs: Number(updatedAtMs) }
    }

    // From the newest one on, so that of most changes nothing is read but that their account is known already.
    for (const { first_change_id: firstChangeId, changes, created_at_ms: createdAtMs } of listPacked.iterate(afterChangeId - BigInt(PACKED_MAX))) {
      visitAccounts(changes, (accountId, place) => {
        if (places.get(accountId) === undefined) note(accountId, balancesAt(changes, place), firstChangeId + BigInt(place), createdAtMs)
      })
    }
    for (const { account_id: accountId, actual, blocked, change_id: changeId, created_at_ms: createdAtMs } of listSingles.iterate(afterChangeId)) {
      note(accountId, { actual, blocked }, changeId, createdAtMs)
    }
    // Neighbours lie on one page.
    for (const accountId of BigInt64Array.from(accountIds).sort()) writeAccount(accountId, newest[places.get(accountId) as number] as NewestBalances)
  }
}
