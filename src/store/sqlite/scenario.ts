import type { Scenario } from '../../domain/scenario.js'
import type { SqliteDatabase } from './database.js'
import { prepareHistory } from './history.js'

/**
 * Prepares the loading of a scenario at a given time (milliseconds since 1970), in one transaction. The
 * balances that an account begins with are the first row of its history.
 *
 * @returns a function that is false, with nothing written, when the database is not empty
 */
export function prepareLoadScenario (database: SqliteDatabase): (scenario: Scenario, nowMs: number) => boolean {
  const anything = database.prepare(
    'SELECT EXISTS (SELECT 1 FROM clients) OR EXISTS (SELECT 1 FROM rates)').pluck()
  const insertClient = database.prepare('INSERT INTO clients (client_id, name, created_at_ms) VALUES (?, ?, ?)')
  const insertKey = database.prepare('INSERT INTO api_keys (key_hash, client_id, created_at_ms) VALUES (?, ?, ?)')
  const insertAccount = database.prepare(
    `INSERT INTO accounts (account_id, client_id, currency, external_reference, actual_balance, blocked_balance, updated_at_ms, last_change_id)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`)
  const insertToken = database.prepare('INSERT INTO tokens (token, account_id) VALUES (?, ?)')
  const insertRate = database.prepare('INSERT INTO rates (base, quote, rate) VALUES (?, ?, ?)')
  const history = prepareHistory(database)

  return database.transaction(({ clients, accounts, rates }: Scenario, nowMs: number) => {
    if (anything.get() === 1n) return false
    const operationId = history.insertOperation({ source: 'scenario', createdAtMs: nowMs })
    for (const { clientId, name, keyHash } of clients) {
      insertClient.run(clientId, name, nowMs)
      insertKey.run(keyHash, clientId, nowMs)
    }
    accounts.forEach(({ accountId, clientId, currency, externalReference, balances, tokens }, itemIndex) => {
      const changeId = history.appendChange({
        accountId, currency, operationId, itemIndex, previous: undefined, next: balances, sent: balances, sentCurrency: currency, rate: '1'
      })
      insertAccount.run(accountId, clientId, currency.numericCode, externalReference, balances.actual, balances.blocked, nowMs, changeId)
      for (const token of tokens) insertToken.run(token, accountId)
    })
    for (const { base, quote, rate } of rates) insertRate.run(base, quote, rate)
    return true
  }).immediate
}
