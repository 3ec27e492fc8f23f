import type { Scenario, ScenarioClient, StoredScenario } from '../../domain/scenario.js'
import { SCENARIO_SNAPSHOT } from '../../domain/snapshot.js'
import type { ScenarioLoading, ScenarioStore } from '../scenarios.js'
import { prepareInsertAccount, prepareReadAccounts, type ReadAhead } from './account-rows.js'
import type { SqliteDatabase } from './database.js'
import { prepareHistory } from './history.js'
import { prepareListRates, preparePublishRates } from './rates.js'
import { prepareRehearsal } from './rehearsal.js'
import { prepareSnapshotRows } from './snapshot-rows.js'

/** Prepares what is done with all that a database holds at once. */
export function prepareScenarios (database: SqliteDatabase, now: () => number, readAhead: ReadAhead): ScenarioStore {
  const count = prepareCount(database)
  const load = prepareLoadScenario(database)
  const read = prepareExportScenario(database, readAhead)
  return {
    isEmpty: async () => isEmpty(count()),
    loadScenario: async (scenario, dryRun) => load(scenario, dryRun, now()),
    exportScenario: async () => read()
  }
}

/** How much there is in the database. Accounts need clients. */
type Counts = Readonly<Record<'clients' | 'accounts' | 'rates', number>>

function prepareCount (database: SqliteDatabase): () => Counts {
  const count = database.prepare<[], { clients: bigint, accounts: bigint, rates: bigint }>(
    'SELECT (SELECT count(*) FROM clients) AS clients, (SELECT count(*) FROM accounts) AS accounts, (SELECT count(*) FROM rates) AS rates')
  return () => {
    const { clients, accounts, rates } = count.get() as NonNullable<ReturnType<typeof count.get>>
    return { clients: Number(clients), accounts: Number(accounts), rates: Number(rates) }
  }
}

function isEmpty ({ clients, rates }: Counts): boolean {
  return clients === 0 && rates === 0
}

/**
 * Prepares the loading of a scenario at a given time (milliseconds since 1970), in one transaction. Its
 * balances are saved as the snapshot that a reset restores.
 */
function prepareLoadScenario (database: SqliteDatabase): (scenario: Scenario, dryRun: boolean, nowMs: number) => ScenarioLoading {
  const count = prepareCount(database)
  const insertClient = database.prepare('INSERT INTO clients (client_id, name, created_at_ms) VALUES (?, ?, ?)')
  const insertKey = database.prepare('INSERT INTO api_keys (key_hash, kind, client_id, created_at_ms) VALUES (?, ?, ?, ?)')
  const insertAccount = prepareInsertAccount(database)
  const publishRates = preparePublishRates(database)
  const snapshots = prepareSnapshotRows(database)
  const history = prepareHistory(database)
  const runOrRehearse = prepareRehearsal(database)

  function load ({ clients, accounts, rates }: Scenario, nowMs: number): ScenarioLoading {
    const found = count()
    if (!isEmpty(found)) return { kind: 'not-empty', ...found }
    const operationId = history.insertOperation({ source: 'scenario', createdAtMs: nowMs })
    for (const { clientId, name, keyHash, amlyzeTokenHash } of clients) {
      insertClient.run(clientId, name, nowMs)
      if (keyHash !== undefined) insertKey.run(keyHash, 'paymentology', clientId, nowMs)
      if (amlyzeTokenHash !== undefined) insertKey.run(amlyzeTokenHash, 'amlyze', clientId, nowMs)
    }
    accounts.forEach((account, itemIndex) => { insertAccount(account, operationId, itemIndex, nowMs) })
    publishRates(rates, nowMs)
    // A scenario without anything in it leaves the database empty, and its snapshot behind.
    snapshots.delete(SCENARIO_SNAPSHOT)
    snapshots.save(SCENARIO_SNAPSHOT, undefined, nowMs)
    return { kind: 'loaded' }
  }

  return database.transaction((scenario: Scenario, dryRun: boolean, nowMs: number) =>
    runOrRehearse(dryRun, () => load(scenario, nowMs))).immediate
}

/** More than there can be: an export leaves nothing out. */
const ALL = 2 ** 31

interface ClientRow {
  client_id: bigint
  name: string
  key_hash: Buffer | null
  amlyze_token_hash: Buffer | null
}

function prepareExportScenario (database: SqliteDatabase, readAhead: ReadAhead): () => StoredScenario {
  const listClients = database.prepare<[], ClientRow>(
    `SELECT clients.client_id, name, paymentology.key_hash, amlyze.key_hash AS amlyze_token_hash FROM clients
     LEFT JOIN api_keys AS paymentology ON paymentology.client_id = clients.client_id AND paymentology.kind = 'paymentology'
     LEFT JOIN api_keys AS amlyze ON amlyze.client_id = clients.client_id AND amlyze.kind = 'amlyze'
     ORDER BY clients.client_id`)
  const accounts = prepareReadAccounts(database, readAhead)
  const listRates = prepareListRates(database)

  return database.transaction(() => ({
    clients: listClients.all().map(clientOf),
    accounts: accounts.list({ clientId: undefined, currency: undefined, externalReference: undefined, token: undefined }, { from: undefined, limit: ALL }).items,
    rates: listRates({ base: null, quote: null, currentOnly: false }, undefined, ALL, 0)
  }))
}

function clientOf ({ client_id: clientId, name, key_hash: keyHash, amlyze_token_hash: amlyzeTokenHash }: ClientRow): ScenarioClient {
  return { clientId: Number(clientId), name, keyHash: keyHash ?? undefined, amlyzeTokenHash: amlyzeTokenHash ?? undefined }
}
