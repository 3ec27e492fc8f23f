import type { Currency } from '../../domain/currency.js'
import type { AccountIncarnation } from '../accounts.js'
import { NOTHING_AHEAD } from './account-rows.js'
import { prepareCurrencyOf } from './currencies.js'
import type { SqliteDatabase } from './database.js'

interface IncarnationRow {
  incarnation: bigint
  currency: string
  last_change_id: bigint
  deleted_at_ms: bigint | null
}

/** One of the accounts that ever had a number, and where its history ends. */
export interface IncarnationRecord extends AccountIncarnation {
  readonly currency: Currency
  readonly lastChangeId: bigint
}

export interface IncarnationReader {
  /** Finds the newest account that has or had the number, or the one that is asked for. */
  find (accountId: bigint, incarnation: number | undefined): IncarnationRecord | undefined
  /** Finds the account under the number whose history a change would be in. */
  findByChange (accountId: bigint, changeId: bigint): IncarnationRecord | undefined
}

/** Prepares the telling apart of the accounts that ever had one number: at most one that is there, and all that were deleted. */
export function prepareIncarnations (database: SqliteDatabase, readAhead = NOTHING_AHEAD): IncarnationReader {
  const everyOne = `SELECT * FROM (
    SELECT incarnation, currency, last_change_id, NULL AS deleted_at_ms FROM accounts WHERE account_id = @accountId
    UNION ALL SELECT incarnation, currency, last_change_id, deleted_at_ms FROM deleted_accounts WHERE account_id = @accountId)`
  const find = database.prepare<[object], IncarnationRow>(
    `${everyOne} WHERE incarnation = coalesce(@incarnation, incarnation) ORDER BY incarnation DESC LIMIT 1`)
  // Changes are numbered upwards, so that each account's come after all of the one before it. The one that is there may be
  // further than its row says.
  const findByChange = database.prepare<[object], IncarnationRow>(
    `${everyOne} WHERE last_change_id >= @changeId OR deleted_at_ms IS NULL ORDER BY incarnation LIMIT 1`)
  const currencyOf = prepareCurrencyOf(database)

  function recordOf (accountId: bigint, row: IncarnationRow): IncarnationRecord {
    const common = { incarnation: Number(row.incarnation), currency: currencyOf(row.currency) }
    return row.deleted_at_ms === null
      ? { ...common, lastChangeId: readAhead(accountId)?.lastChangeId ?? row.last_change_id, deletedAt: undefined }
      : { ...common, lastChangeId: row.last_change_id, deletedAt: new Date(Number(row.deleted_at_ms)) }
  }

  return {
    find: (accountId, incarnation) => {
      const row = find.get({ accountId, incarnation })
      return row && recordOf(accountId, row)
    },
    findByChange: (accountId, changeId) => {
      const row = findByChange.get({ accountId, changeId })
      return row && recordOf(accountId, row)
    }
  }
}
