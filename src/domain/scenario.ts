import type { ScenarioDocument } from '../../schemas/scenario.js'
import { hashApiKey } from './api-key.js'
import { Faults } from './faults.js'
import { BEGINNING } from './timestamp.js'
import { readNewAccounts, type NewAccount } from './new-account.js'
import { readRates, type NewRate } from './rates.js'

export interface ScenarioClient {
  readonly clientId: number
  readonly name: string
  /** Of the client's `X-API-KEY`. */
  readonly keyHash: Buffer
  /** Of the client's bearer token for AMLYZE's calls, where it has one. */
  readonly amlyzeTokenHash: Buffer | undefined
}

/** A scenario that has been checked: everything in it can be stored as it is. */
export interface Scenario {
  readonly clients: readonly ScenarioClient[]
  readonly accounts: readonly NewAccount[]
  readonly rates: readonly NewRate[]
}

/** Thrown for a scenario that cannot be loaded. Each fault names its place and what would be right. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError'
  constructor (readonly faults: readonly string[]) {
    super(faults.join('\n'))
  }
}

/**
 * Checks what a schema cannot: that references lead somewhere, that nothing stands twice, and that every
 * amount fits its currency. A rate without a time holds from the beginning of time.
 *
 * @param document a document that the schema has accepted
 * @throws ScenarioError with every fault that was found
 */
export function readScenario (document: ScenarioDocument): Scenario {
  const faults = new Faults()
  const scenario = {
    clients: readClients(document.clients, faults),
    accounts: readAccounts(document, faults),
    rates: readRates((document.rates ?? []).map((rate) => ({ effective_at: BEGINNING, ...rate })), faults)
  }
  if (faults.found.length > 0) throw new ScenarioError(faults.found)
  return scenario
}

function readClients (clients: ScenarioDocument['clients'], faults: Faults): ScenarioClient[] {
  return clients.map((client, index) => {
    const { client_id: clientId, name, api_key: key, amlyze_token: amlyzeToken } = client
    faults.requireUnique('client_id', `clients[${index}].client_id`, String(clientId))
    // A secret opens one door only, so that both kinds share one room of names.
    faults.requireUnique('key', `clients[${index}].api_key`, key)
    if (amlyzeToken !== undefined) faults.requireUnique('key', `clients[${index}].amlyze_token`, amlyzeToken)
    return { clientId, name, keyHash: hashApiKey(key), amlyzeTokenHash: amlyzeToken === undefined ? undefined : hashApiKey(amlyzeToken) }
  })
}

function readAccounts ({ clients, accounts = [] }: ScenarioDocument, faults: Faults): NewAccount[] {
  const clientIds = new Set(clients.map((client) => client.client_id))
  accounts.forEach(({ client_id: clientId }, index) => {
    if (!clientIds.has(clientId)) faults.add(`accounts[${index}].client_id`, `is ${clientId}, which is none of the scenario's clients`)
  })
  return readNewAccounts(accounts, faults)
}
