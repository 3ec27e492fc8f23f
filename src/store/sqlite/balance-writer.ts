import type { InputType, PlannedUpdate, PlanningContext } from '../../domain/balance-update.js'
import { formatRate } from '../../domain/exchange.js'
import type { AccountCache } from './account-cache.js'
import type { SqliteDatabase } from './database.js'
import type { HistoryWriter } from './history.js'
import { prepareRateLookup } from './rates.js'

/** What planning reads and what it leads to. Both are to be used inside one transaction. */
export interface BalanceWriter {
  /** Shows the planning the accounts of one client, as the transaction has them, and the rates that count at a time. */
  contextFor (clientId: number, nowMs: number): PlanningContext
  /**
   * Writes one planned item: the account's balances, and its row of history.
   *
   * @param recordId where the item is a record of a balance file
   */
  write (entry: PlannedUpdate, operationId: bigint, itemIndex: number, nowMs: number, recordId?: string): void
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
    write: ({ account: { accountId, currency }, previous, next, sent, sentCurrency, conversion }, operationId, itemIndex, nowMs, recordId) => {
      const rate = formatRate(conversion)
      const previousChangeId = accounts.lastChangeOf(accountId)
      const changeId = history.appendChange({ accountId, currency, previousChangeId, operationId, itemIndex, recordId, previous, next, sent, sentCurrency, rate })
      accounts.note(accountId, next, changeId, nowMs)
    }
  }
}
