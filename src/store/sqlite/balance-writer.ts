import type { InputType, PlannedItem, PlanningContext } from '../../domain/balance-update.js'
import { formatRate } from '../../domain/exchange.js'
import type { AccountCache } from './account-cache.js'
import type { SqliteDatabase } from './database.js'
import type { BalanceChange, HistoryWriter } from './history.js'
import { prepareRateLookup } from './rates.js'

/** What planning reads and what it leads to. Both are to be used inside one transaction. */
export interface BalanceWriter {
  /** Shows the planning the accounts of one client, as the transaction has them, and the rates that count at a time. */
  contextFor (clientId: number, nowMs: number): PlanningContext
  /**
   * Writes the items of one operation that do not fail: the accounts' balances, and their history.
   *
   * @param record of a balance file, whose records come one by one: which one, and its line
   */
  write (items: readonly PlannedItem[], operationId: bigint, nowMs: number, record?: { readonly recordId: string, readonly line: number }): void
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
    write: (items, operationId, nowMs, record) => {
      const changes: BalanceChange[] = []
      items.forEach((entry, index) => {
        if (entry.status === 'failed') return
        const { account: { accountId, currency }, previous, next, sent, sentCurrency, conversion } = entry
        const changeId = accounts.newestChange() + 1n
        const previousChangeId = accounts.note(accountId, next, changeId, nowMs)
        const itemIndex = record?.line ?? index
        changes.push({ changeId, accountId, currency, previousChangeId, itemIndex, recordId: record?.recordId, previous, next, sent, sentCurrency, rate: formatRate(conversion) })
      })
      history.appendChanges(operationId, changes)
    }
  }
}
