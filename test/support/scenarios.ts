import fc from 'fast-check'
import type { ScenarioDocument } from '../../schemas/scenario.js'
import { FAILURE_KINDS, STAND_IN_MODES } from '../../schemas/client-settings.js'
import { CARD_STATES, type CardState } from '../../src/domain/card.js'
import { hashApiKey } from '../../src/domain/api-key.js'
import { formatAmount } from '../../src/domain/money.js'
import { anyCharacter, anyCurrency, int64, rateText } from './arbitraries.js'

type ClientDocument = ScenarioDocument['clients'][number]
type AccountDocument = NonNullable<ScenarioDocument['accounts']>[number]
type RuleDocument = NonNullable<ScenarioDocument['rules']>[number]
type RateDocument = NonNullable<ScenarioDocument['rates']>[number]

/** A key as a client may have it in a scenario: none, in plain, or as its hash. */
const keyForm = fc.constantFrom('none', 'plain', 'hash')

const client = fc.record({
  clientId: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  // PostgreSQL cannot keep U+0000.
  name: fc.string({ unit: anyCharacter, minLength: 1, maxLength: 20 }).map((name) => name.replaceAll('\0', '0')),
  apiKey: keyForm,
  amlyzeToken: keyForm,
  standIn: fc.option(fc.record({
    mode: fc.constantFrom(...STAND_IN_MODES), stand_in_on: fc.subarray([...FAILURE_KINDS]), manual: fc.boolean()
  }, { requiredKeys: [], noNullPrototype: true }), { nil: undefined }),
  issuer: fc.option(fc.record({
    url: fc.constant('http://127.0.0.1:4000/fast'),
    deadline_ms: fc.integer({ min: 100, max: 30_000 }),
    throttle: fc.record({ failures: fc.integer({ min: 1, max: 9 }) }, { requiredKeys: [], noNullPrototype: true }),
    header: fc.constantFrom(null, { name: 'X-Key', value: 'secret' }),
    state: fc.constant('off' as const)
  }, { requiredKeys: ['url'], noNullPrototype: true }), { nil: undefined })
})

const account = fc.record({
  accountId: fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }),
  owner: fc.nat(),
  currency: anyCurrency,
  hasReference: fc.boolean(),
  actual: int64,
  blocked: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
  cards: fc.array(fc.record({
    state: fc.option(fc.constantFrom(...CARD_STATES), { nil: undefined }),
    expiry: fc.option(fc.constantFrom('2029-11', '2030-01'), { nil: undefined })
  }), { maxLength: 3 })
})

const rate = fc.record({
  base: anyCurrency,
  quote: anyCurrency,
  rate: rateText,
  effectiveAtMs: fc.option(fc.integer({ min: 0, max: 253402300799999 }), { nil: undefined })
}).filter(({ base, quote }) => base !== quote)

const rule = fc.record({
  owner: fc.nat(),
  priority: fc.nat(3),
  countries: fc.subarray(['KE', 'GB']),
  currency: anyCurrency,
  max: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
  window: fc.constantFrom('day', 'PT3H', 'P7D')
})

/** Any scenario that can be loaded. Client `n` has the keys `key-n` and `token-n`, where it has any. */
export const anyScenario: fc.Arbitrary<ScenarioDocument> = fc.record({
  clients: fc.uniqueArray(client, { maxLength: 4, selector: ({ clientId }) => clientId }),
  accounts: fc.uniqueArray(account, { maxLength: 6, selector: ({ accountId }) => accountId }),
  rates: fc.uniqueArray(rate, {
    maxLength: 6,
    selector: ({ base, quote, effectiveAtMs = 0 }) => [base.numericCode, quote.numericCode, effectiveAtMs].join()
  }),
  rules: fc.array(rule, { maxLength: 4 })
}).map(({ clients, accounts, rates, rules }) => ({
  clients: clients.map(({ clientId, name, apiKey, amlyzeToken, standIn, issuer }): ClientDocument => ({
    client_id: clientId,
    name,
    ...keyFields('api_key', apiKey, `key-${clientId}`),
    ...keyFields('amlyze_token', amlyzeToken, `token-${clientId}`),
    ...standIn === undefined ? {} : { stand_in: standIn },
    ...issuer === undefined ? {} : { issuer }
  })),
  accounts: clients.length === 0
    ? []
    : accounts.map(({ accountId, owner, currency, hasReference, actual, blocked, cards }, index): AccountDocument => ({
      client_id: clients[owner % clients.length]?.clientId ?? 0,
      account_id: accountId.toString(),
      currency: currency.numericCode,
      ...hasReference ? { external_reference: `WALLET-${index}` } : {},
      actual_balance: formatAmount(actual, currency),
      blocked_balance: formatAmount(blocked, currency),
      tokens: cards.map(({ state, expiry }, place) => cardDocument(String(index * 10 + place + 1), state, expiry))
    })),
  rates: rates.map(({ base, quote, rate, effectiveAtMs }): RateDocument => ({
    base: base.numericCode,
    quote: quote.numericCode,
    rate,
    ...effectiveAtMs === undefined
      ? {}
      : { effective_at: new Date(effectiveAtMs).toISOString() }
  })),
  rules: clients.length === 0
    ? []
    : rules.map(({ owner, priority, countries, currency, max, window }, index): RuleDocument => ({
      rule_id: `rule-${index}`,
      client_id: clients[owner % clients.length]?.clientId ?? 0,
      priority,
      when: { countries },
      limits: { currency: currency.numericCode, cumulative: { max: formatAmount(max, currency), window } }
    }))
}))

function cardDocument (
  token: string, state: CardState | undefined, expiry: string | undefined
): NonNullable<AccountDocument['tokens']>[number] {
  if (state === undefined && expiry === undefined) return token
  return { token, ...state === undefined ? {} : { state }, ...expiry === undefined ? {} : { expiry } }
}

function keyFields (name: 'api_key' | 'amlyze_token', form: string, key: string): Partial<ClientDocument> {
  if (form === 'none') return {}
  return form === 'plain' ? { [name]: key } : { [`${name}_sha256`]: hashApiKey(key).toString('hex') }
}
