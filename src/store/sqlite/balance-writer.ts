import type { InputType, PlannedUpdate, PlanningContext } from '../../domain/balance-update.js'
import { formatRate } from '../../domain/exchange.js'
import type { AccountCache } from './account-cache.js'
import type { SqliteDatabase } from './database.js'
import type { HistoryWriter } from './history.js'
import { prepareRateLookup } from './rates.js'

/** A planned item, and its place in the operation's list, from 0; of a balance file, the record and the line in it. */
export interface PlacedUpdate {
  readonly planned: PlannedUpdate
  readonly itemIndex: number
  readonly recordId?: string
}

/** What planning reads and what it leads to. Both are to be used inside one transaction. */
export interface BalanceWriter {
  /** Shows the planning the accounts of one client, as the transaction has them, and the rates that count at a time. */
  contextFor (clientId: number, nowMs: number): PlanningContext
  /** Writes planned items of one operation: the accounts' balances, and their history. */
  write (entries: readonly PlacedUpdate[], operationId: bigint, nowMs: number): void
}

/**
 * Prepares the reading and writing of balances.
 *
 * @param pivotCurrency ISO 4217 numeric code of the currency that a cross rate may go through
 */
export function prepareBalanceWriter (database: SqliteDatabase, accounts: AccountCache, history: HistoryWriter, pivotCurrency: string): BalanceWriter {
  const ratesAt = prepareRateLookup(database)

  return {
    contextFor: (clientId, nowMs) => ({
      findAccount: (inputType: InputType, inputId: bigint) => accounts.find(inputType, inputId, clientId),
      findRate: ratesAt(nowMs),
      pivotCurrency
    }),
    write: (entries, operationId, nowMs) => {
      let changeId = history.newestChange()
      history.appendChanges(operationId, entries.map(({ planned: { account: { accountId, currency }, previous, next, sent, sentCurrency, conversion }, itemIndex, recordId }) => {
        changeId += 1n
        const previousChangeId = accounts.note(accountId, next, changeId, nowMs)
        return { changeId, accountId, currency, previousChangeId, itemIndex, recordId, previous, next, sent, sentCurrency, rate: formatRate(conversion) }
      }))
    }
  }
}
