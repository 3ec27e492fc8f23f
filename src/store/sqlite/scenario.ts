import type { Scenario } from '../../domain/scenario.js'
import { SCENARIO_SNAPSHOT } from '../../domain/snapshot.js'
import { prepareInsertAccount } from './account-rows.js'
import type { SqliteDatabase } from './database.js'
import { prepareHistory } from './history.js'
import { preparePublishRates } from './rates.js'
import { prepareSnapshotRows } from './snapshot-rows.js'

/** Prepares the question whether there is nothing in the database yet. */
export function prepareIsEmpty (database: SqliteDatabase): () => boolean {
  const anything = database.prepare<[], bigint>(
    'SELECT EXISTS (SELECT 1 FROM clients) OR EXISTS (SELECT 1 FROM rates)').pluck()
  return () => anything.get() === 0n
}

/**
 * Prepares the loading of a scenario at a given time (milliseconds since 1970), in one transaction. Its
 * balances are saved as the snapshot that a reset restores.
 *
 * @returns a function that is false, with nothing written, when the database is not empty
 */
export function prepareLoadScenario (database: SqliteDatabase): (scenario: Scenario, nowMs: number) => boolean {
  const isEmpty = prepareIsEmpty(database)
  const insertClient = database.prepare('INSERT INTO clients (client_id, name, created_at_ms) VALUES (?, ?, ?)')
  const insertKey = database.prepare('INSERT INTO api_keys (key_hash, kind, client_id, created_at_ms) VALUES (?, ?, ?, ?)')
  const insertAccount = prepareInsertAccount(database)
  const publishRates = preparePublishRates(database)
  const { save } = prepareSnapshotRows(database)
  const history = prepareHistory(database)

  return database.transaction(({ clients, accounts, rates }: Scenario, nowMs: number) => {
    if (!isEmpty()) return false
    const operationId = history.insertOperation({ source: 'scenario', createdAtMs: nowMs })
    for (const { clientId, name, keyHash, amlyzeTokenHash } of clients) {
      insertClient.run(clientId, name, nowMs)
      insertKey.run(keyHash, 'paymentology', clientId, nowMs)
      if (amlyzeTokenHash !== undefined) insertKey.run(amlyzeTokenHash, 'amlyze', clientId, nowMs)
    }
    accounts.forEach((account, itemIndex) => { insertAccount(account, operationId, itemIndex, nowMs) })
    publishRates(rates, nowMs)
    save(SCENARIO_SNAPSHOT, undefined, nowMs)
    return true
  }).immediate
}
