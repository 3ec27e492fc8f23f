import type { ScenarioDocument } from '../../schemas/scenario.js'
import { hashApiKey } from './api-key.js'
import { findCurrency, type Currency } from './currency.js'
import { parseDecimal, type Decimal } from './decimal.js'
import { isInt64, toMinorUnits, type AmountFault, type Balances } from './money.js'

export interface ScenarioClient {
  readonly clientId: number
  readonly name: string
  readonly keyHash: Buffer
}

export interface ScenarioAccount {
  readonly clientId: number
  readonly accountId: bigint
  readonly currency: Currency
  readonly externalReference: string | undefined
  readonly balances: Balances
  readonly tokens: readonly bigint[]
}

export interface ScenarioRate {
  /** ISO 4217 numeric code. */
  readonly base: string
  /** ISO 4217 numeric code. */
  readonly quote: string
  /** As written in the scenario: what one unit of the base is worth in the quote currency. */
  readonly rate: string
}

/** A scenario that has been checked: everything in it can be stored as it is. */
export interface Scenario {
  readonly clients: readonly ScenarioClient[]
  readonly accounts: readonly ScenarioAccount[]
  readonly rates: readonly ScenarioRate[]
}

/** Thrown for a scenario that cannot be loaded. Each fault names its place and what would be right. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError'
  constructor (readonly faults: readonly string[]) {
    super(faults.join('\n'))
  }
}

const AMOUNT_FAULTS: Readonly<Record<AmountFault, (currency: Currency) => string>> = {
  'too-many-decimals': ({ alphaCode, minorUnitDecimals }) => `has more decimals than ${alphaCode} has (${minorUnitDecimals})`,
  'out-of-range': ({ alphaCode }) => `is outside the range of a balance in ${alphaCode} (64 bits of minor units)`
}

/**
 * Checks what a schema cannot: that references lead somewhere, that nothing stands twice, and that every
 * amount fits its currency.
 *
 * @param document a document that the schema has accepted
 * @throws ScenarioError with every fault that was found
 */
export function readScenario (document: ScenarioDocument): Scenario {
  const faults = new Faults()
  const scenario = {
    clients: readClients(document.clients, faults),
    accounts: readAccounts(document, faults),
    rates: readRates(document.rates ?? [], faults)
  }
  if (faults.found.length > 0) throw new ScenarioError(faults.found)
  return scenario
}

/** Collects what is wrong, and remembers where each value that must be unique stood first. */
class Faults {
  readonly found: string[] = []
  readonly #firstPlaces = new Map<string, string>()

  add (place: string, text: string): void {
    this.found.push(`${place} ${text}`)
  }

  /** The values themselves may be secret and are not shown. */
  requireUnique (kind: string, place: string, value: string): void {
    const key = JSON.stringify([kind, value])
    const first = this.#firstPlaces.get(key)
    if (first === undefined) this.#firstPlaces.set(key, place)
    else this.add(place, `is the same as ${first}, and must be unique`)
  }
}

function readClients (clients: ScenarioDocument['clients'], faults: Faults): ScenarioClient[] {
  return clients.map((client, index) => {
    faults.requireUnique('client_id', `clients[${index}].client_id`, String(client.client_id))
    faults.requireUnique('api_key', `clients[${index}].api_key`, client.api_key)
    return { clientId: client.client_id, name: client.name, keyHash: hashApiKey(client.api_key) }
  })
}

function readAccounts ({ clients, accounts = [] }: ScenarioDocument, faults: Faults): ScenarioAccount[] {
  const clientIds = new Set(clients.map((client) => client.client_id))
  return accounts.flatMap((account, index) => {
    const place = `accounts[${index}]`
    const { client_id: clientId, external_reference: externalReference } = account
    if (!clientIds.has(clientId)) faults.add(`${place}.client_id`, `is ${clientId}, which is none of the scenario's clients`)
    if (externalReference !== undefined) {
      faults.requireUnique(`external_reference of ${clientId}`, `${place}.external_reference`, externalReference)
    }
    const accountId = readIdentifier('account_id', `${place}.account_id`, account.account_id, faults)
    const tokens = (account.tokens ?? []).map((token, tokenIndex) =>
      readIdentifier('token', `${place}.tokens[${tokenIndex}]`, token, faults))
    const currency = readCurrency(`${place}.currency`, account.currency, faults)
    if (currency === undefined) return []
    const balances = {
      actual: readAmount(`${place}.actual_balance`, account.actual_balance, currency, faults),
      blocked: readAmount(`${place}.blocked_balance`, account.blocked_balance, currency, faults)
    }
    if (balances.blocked < 0n) faults.add(`${place}.blocked_balance`, 'must not be negative')
    return [{ clientId, accountId, currency, externalReference, balances, tokens }]
  })
}

function readRates (rates: NonNullable<ScenarioDocument['rates']>, faults: Faults): ScenarioRate[] {
  return rates.map(({ base, quote, rate }, index) => {
    const place = `rates[${index}]`
    readCurrency(`${place}.base`, base, faults)
    readCurrency(`${place}.quote`, quote, faults)
    if (base === quote) faults.add(place, 'has the same base and quote')
    if (readDecimal(rate).coefficient === 0n) faults.add(`${place}.rate`, 'must be above zero')
    faults.requireUnique('rate', place, `${base} to ${quote}`)
    return { base, quote, rate }
  })
}

function readCurrency (place: string, numericCode: string, faults: Faults): Currency | undefined {
  const currency = findCurrency(numericCode)
  if (currency === undefined) faults.add(place, `is ${numericCode}, which is no current ISO 4217 currency with a minor unit`)
  return currency
}

function readAmount (place: string, text: string, currency: Currency, faults: Faults): bigint {
  const amount = toMinorUnits(readDecimal(text), currency)
  if (typeof amount === 'bigint') return amount
  faults.add(place, AMOUNT_FAULTS[amount](currency))
  return 0n
}

function readIdentifier (kind: string, place: string, digits: string, faults: Faults): bigint {
  const value = BigInt(digits)
  if (!isInt64(value)) faults.add(place, 'must be at most 9223372036854775807')
  faults.requireUnique(kind, place, digits)
  return value
}

/** The schema's patterns are narrower than the grammar of a decimal. */
function readDecimal (text: string): Decimal {
  return parseDecimal(text) as Decimal
}
