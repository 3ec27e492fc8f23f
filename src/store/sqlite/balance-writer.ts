import type { Account, InputType, PlannedUpdate, PlanningContext } from '../../domain/balance-update.js'
import { formatRate } from '../../domain/exchange.js'
import { prepareCurrencyOf, type CurrencyOf } from './currencies.js'
import type { SqliteDatabase } from './database.js'
import type { HistoryWriter } from './history.js'
import { prepareRateLookup } from './rates.js'

interface AccountRow {
  account_id: bigint
  currency: string
  external_reference: string | null
  actual_balance: bigint
  blocked_balance: bigint
}

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
export function prepareBalanceWriter (database: SqliteDatabase, history: HistoryWriter, pivotCurrency: string): BalanceWriter {
  const findByNumber = database.prepare<[bigint, number], AccountRow>(
    `SELECT account_id, currency, external_reference, actual_balance, blocked_balance
     FROM accounts WHERE account_id = ? AND client_id = ?`)
  const findByToken = database.prepare<[bigint, number], AccountRow>(
    `SELECT account_id, currency, external_reference, actual_balance, blocked_balance
     FROM tokens JOIN accounts USING (account_id) WHERE token = ? AND client_id = ?`)
  const updateAccount = database.prepare<[bigint, bigint, number, bigint, bigint]>(
    'UPDATE accounts SET actual_balance = ?, blocked_balance = ?, updated_at_ms = ?, last_change_id = ? WHERE account_id = ?')
  const ratesAt = prepareRateLookup(database)
  const currencyOf = prepareCurrencyOf(database)

  return {
    contextFor: (clientId, nowMs) => ({
      findAccount: (inputType: InputType, inputId: bigint) => {
        const row = (inputType === 'account' ? findByNumber : findByToken).get(inputId, clientId)
        return row === undefined ? undefined : accountOf(row, currencyOf)
      },
      findRate: ratesAt(nowMs),
      pivotCurrency
    }),
    write: ({ account: { accountId, currency }, previous, next, sent, sentCurrency, conversion }, operationId, itemIndex, nowMs, recordId) => {
      const rate = formatRate(conversion)
      const changeId = history.appendChange({ accountId, currency, operationId, itemIndex, recordId, previous, next, sent, sentCurrency, rate })
      updateAccount.run(next.actual, next.blocked, nowMs, changeId, accountId)
    }
  }
}

function accountOf (row: AccountRow, currencyOf: CurrencyOf): Account {
  return {
    accountId: row.account_id,
    currency: currencyOf(row.currency),
    externalReference: row.external_reference ?? undefined,
    balances: { actual: row.actual_balance, blocked: row.blocked_balance }
  }
}
