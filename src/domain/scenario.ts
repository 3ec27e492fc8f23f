import { hashApiKey } from './api-key.js'
import { Faults } from './faults.js'
import { checkIssuer } from './issuer-endpoint.js'
import type { IssuerChoice, StandInChoice } from './issuer-settings.js'
import { formatAmount } from './money.js'
import { readNewAccounts, writeCard, type NewAccount, type NewAccountDocument } from './new-account.js'
import { readRates, type NewRate, type Rate, type RateDocument } from './rates.js'
import {
  MAX_RULES_PER_CLIENT, readRule, writeRule, type StandInRule, type StandInRuleDocument
} from './stand-in-rule.js'
import { BEGINNING } from './timestamp.js'

/** A client as a document has it: with at most one of a key and its hash. */
export interface ScenarioClientDocument {
  readonly client_id: number
  readonly name: string
  readonly api_key?: string
  /** Hexadecimal digits. */
  readonly api_key_sha256?: string
  readonly amlyze_token?: string
  /** Hexadecimal digits. */
  readonly amlyze_token_sha256?: string
  readonly stand_in?: StandInChoice
  readonly issuer?: ScenarioIssuerDocument
}

/** A client's issuer as a document has it. Without a state it is on. */
export interface ScenarioIssuerDocument extends IssuerChoice {
  readonly state?: 'on' | 'off'
}

/** A scenario as a document has it. */
export interface ScenarioDocument {
  readonly clients: ScenarioClientDocument[]
  readonly accounts?: NewAccountDocument[]
  readonly rates?: RateDocument[]
  readonly rules?: StandInRuleDocument[]
}

export interface ScenarioClient {
  readonly clientId: number
  readonly name: string
  /** Of the client's `X-API-KEY`, where it has one. */
  readonly keyHash: Buffer | undefined
  /** Of the client's bearer token for AMLYZE's calls, where it has one. */
  readonly amlyzeTokenHash: Buffer | undefined
  /** What it has chosen of how stand-in decides; undefined where it has never chosen anything. */
  readonly standIn: StandInChoice | undefined
  readonly issuer: ScenarioIssuer | undefined
}

/** A client's issuer: what the client has chosen of how it is asked, and whether it is. */
export interface ScenarioIssuer {
  readonly choice: IssuerChoice
  readonly state: 'on' | 'off'
}

/** A scenario that has been checked: everything in it can be stored as it is. */
export interface Scenario {
  readonly clients: readonly ScenarioClient[]
  readonly accounts: readonly NewAccount[]
  readonly rates: readonly NewRate[]
  readonly rules: readonly StandInRule[]
}

/** What a database holds that a scenario can. */
export interface StoredScenario extends Scenario {
  readonly rates: readonly Rate[]
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
 * @throws ScenarioError with the faults that were found, the first 20 of very many
 */
export function readScenario (document: ScenarioDocument): Scenario {
  const reader = new ScenarioReader()
  reader.add(document)
  return reader.finish()
}

/**
 * Reads a scenario part by part, so that others can be served between the parts. The rules are {@link readScenario}'s.
 */
export class ScenarioReader {
  readonly #faults = new Faults(ScenarioError)
  readonly #clients: ScenarioClient[] = []
  readonly #accounts: NewAccount[] = []
  readonly #rates: NewRate[] = []
  readonly #rules: StandInRule[] = []
  /** The client of each account, of faulty ones, too. */
  readonly #owners: number[] = []

  /** @param part the next clients, accounts, rates or rules, which the schema has accepted */
  add ({ clients = [], accounts = [], rates = [], rules = [] }: Partial<ScenarioDocument>): void {
    append(this.#clients, readClients(clients, this.#faults, this.#clients.length))
    append(this.#accounts, readNewAccounts(accounts, this.#faults, this.#owners.length))
    append(this.#owners, accounts.map((account) => account.client_id))
    const timed = rates.map((rate) => ({ effective_at: BEGINNING, ...rate }))
    append(this.#rates, readRates(timed, this.#faults, this.#rates.length))
    append(this.#rules, readRules(rules, this.#faults, this.#rules.length))
  }

  /** @throws ScenarioError with the faults that were found, the first 20 of very many */
  finish (): Scenario {
    const clientIds = new Set(this.#clients.map(({ clientId }) => clientId))
    this.#owners.forEach((clientId, index) => {
      if (clientIds.has(clientId)) return
      this.#faults.add(`accounts[${index}].client_id`, `is ${clientId}, which is none of the scenario's clients`)
    })
    this.#checkOwnersOfRules(clientIds)
    this.#faults.refuse()
    return { clients: this.#clients, accounts: this.#accounts, rates: this.#rates, rules: this.#rules }
  }

  #checkOwnersOfRules (clientIds: ReadonlySet<number>): void {
    const counts = new Map<number, number>()
    this.#rules.forEach(({ clientId }, index) => {
      const place = `rules[${index}].client_id`
      if (!clientIds.has(clientId)) this.#faults.add(place, `is ${clientId}, which is none of the scenario's clients`)
      const count = (counts.get(clientId) ?? 0) + 1
      counts.set(clientId, count)
      if (count === MAX_RULES_PER_CLIENT + 1) {
        this.#faults.add(place, `is ${clientId}, which may have at most ${MAX_RULES_PER_CLIENT} rules`)
      }
    })
  }
}

/** Items may be too many to be the arguments of one call. */
function append<Item> (list: Item[], items: readonly Item[]): void {
  for (const item of items) list.push(item)
}

function readClients (clients: readonly ScenarioClientDocument[], faults: Faults, from: number): ScenarioClient[] {
  return clients.map((client, index) => {
    const { client_id: clientId, name } = client
    const place = `clients[${from + index}]`
    faults.requireUnique('client_id', `${place}.client_id`, String(clientId))
    return {
      clientId,
      name,
      keyHash: readKey('api_key', client, place, faults),
      amlyzeTokenHash: readKey('amlyze_token', client, place, faults),
      standIn: client.stand_in,
      issuer: client.issuer && readIssuer(client.issuer, `${place}.issuer.`, faults)
    }
  })
}

function readIssuer (
  { state = 'on', ...choice }: ScenarioIssuerDocument, place: string, faults: Faults
): ScenarioIssuer {
  checkIssuer(choice, place, faults)
  return { choice, state }
}

function readRules (rules: readonly StandInRuleDocument[], faults: Faults, from: number): StandInRule[] {
  return rules.map((rule, index) => {
    const place = `rules[${from + index}]`
    faults.requireUnique('rule_id', `${place}.rule_id`, rule.rule_id)
    return readRule(rule, place, faults)
  })
}

/** Reads a key, be it plain or hashed already. */
function readKey (
  name: 'api_key' | 'amlyze_token', client: ScenarioClientDocument, place: string, faults: Faults
): Buffer | undefined {
  const { [name]: key, [`${name}_sha256` as const]: hash } = client
  if (key !== undefined && hash !== undefined) {
    faults.add(`${place}.${name}_sha256`, `must not stand beside ${name}: at most one of the two may be given`)
  }
  if (key === undefined && hash === undefined) return undefined
  const keyHash = key === undefined ? Buffer.from(String(hash), 'hex') : hashApiKey(key)
  // A secret opens one door only, so that both kinds share one room of names.
  faults.requireUnique('key', `${place}.${key === undefined ? `${name}_sha256` : name}`, keyHash.toString('hex'))
  return keyHash
}

/**
 * Writes what a database holds as a scenario: {@link readScenario} of it gives the same. Keys are written as the hashes
 * that they are kept as, and the header for an issuer in plain, because it has to be sent.
 */
export function writeScenario ({ clients, accounts, rates, rules }: StoredScenario): ScenarioDocument {
  return {
    clients: clients.map(({ clientId, name, keyHash, amlyzeTokenHash, standIn, issuer }) => ({
      client_id: clientId,
      name,
      ...keyHash === undefined ? {} : { api_key_sha256: keyHash.toString('hex') },
      ...amlyzeTokenHash === undefined ? {} : { amlyze_token_sha256: amlyzeTokenHash.toString('hex') },
      ...standIn === undefined ? {} : { stand_in: standIn },
      ...issuer === undefined ? {} : { issuer: writeIssuer(issuer) }
    })),
    accounts: accounts.map(({ clientId, accountId, currency, externalReference, balances, cards }) => ({
      client_id: clientId,
      account_id: accountId.toString(),
      currency: currency.numericCode,
      ...externalReference === undefined ? {} : { external_reference: externalReference },
      actual_balance: formatAmount(balances.actual, currency),
      blocked_balance: formatAmount(balances.blocked, currency),
      tokens: cards.map(writeCard)
    })),
    rates: rates.map(({ base, quote, rate, effectiveAtMs }) => ({
      base,
      quote,
      rate,
      effective_at: new Date(effectiveAtMs).toISOString()
    })),
    rules: rules.map(writeRule)
  }
}

function writeIssuer ({ choice, state }: ScenarioIssuer): ScenarioIssuerDocument {
  return { ...choice, ...state === 'on' ? {} : { state } }
}
