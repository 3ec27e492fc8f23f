import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import type { ScenarioDocument } from '../../schemas/scenario.js'
import { hashApiKey } from '../../src/domain/api-key.js'
import { formatAmount } from '../../src/domain/money.js'
import { readScenario, ScenarioError, ScenarioReader } from '../../src/domain/scenario.js'
import { anyCurrency, currency, int64 } from '../support/arbitraries.js'
import { holds } from '../support/property.js'
import { rule } from '../support/rules.js'

type AccountDocument = NonNullable<ScenarioDocument['accounts']>[number]

const CLIENT = { client_id: 123, name: 'Demo Bank', api_key: 'secret-of-123' }
const OTHER = { client_id: 456, name: 'Other Bank', api_key: 'secret-of-456' }

const account = (more: Partial<AccountDocument> = {}): AccountDocument =>
  ({ client_id: 123, account_id: '1001', currency: '404', actual_balance: '200.00', blocked_balance: '50.00', ...more })

function faultsOf (document: Partial<ScenarioDocument>): readonly string[] {
  try {
    readScenario({ clients: [CLIENT, OTHER], ...document })
    return []
  } catch (error) {
    if (error instanceof ScenarioError) return error.faults
    throw error
  }
}

t.test('a scenario becomes what is stored: hashed keys, minor units and whole numbers of 64 bits', async (t) => {
  const scenario = readScenario({
    clients: [
      {
        ...CLIENT,
        amlyze_token: 'token-of-123',
        stand_in: { mode: 'basic' },
        issuer: { url: 'http://issuer.example', state: 'off' }
      },
      { ...OTHER, issuer: { url: 'http://issuer.example' } }
    ],
    accounts: [account({
      account_id: '9007199254740993',
      external_reference: 'WALLET-1',
      tokens: ['12345', { token: '9223372036854775807', state: 'lost', expiry: '2029-11' }]
    })],
    rates: [{ base: '840', quote: '404', rate: '129.050' }],
    rules: [{ rule_id: 'r', client_id: 456 }]
  })
  t.strictSame(scenario, {
    clients: [
      {
        clientId: 123,
        name: 'Demo Bank',
        keyHash: hashApiKey('secret-of-123'),
        amlyzeTokenHash: hashApiKey('token-of-123'),
        standIn: { mode: 'basic' },
        issuer: { choice: { url: 'http://issuer.example' }, state: 'off' }
      },
      {
        clientId: 456,
        name: 'Other Bank',
        keyHash: hashApiKey('secret-of-456'),
        amlyzeTokenHash: undefined,
        standIn: undefined,
        issuer: { choice: { url: 'http://issuer.example' }, state: 'on' }
      }
    ],
    accounts: [{
      clientId: 123,
      accountId: 9007199254740993n,
      currency: currency('404'),
      externalReference: 'WALLET-1',
      balances: {
        actual: 20000n,
        blocked: 5000n
      },
      cards: [
        { token: 12345n, state: 'active', expiry: undefined },
        { token: 9223372036854775807n, state: 'lost', expiry: '2029-11' }
      ]
    }],
    rates: [{ base: '840', quote: '404', rate: '129.05', effectiveAtMs: 0 }],
    rules: [rule({ rule_id: 'r', client_id: 456 })]
  })
})

t.test('accounts, rates, tokens and external references may be left out', async (t) => {
  t.strictSame(readScenario({ clients: [CLIENT] }).accounts, [])
  t.strictSame(readScenario({ clients: [CLIENT] }).rates, [])
  t.match(
    readScenario({ clients: [CLIENT], accounts: [account()] }).accounts, [{ externalReference: undefined, cards: [] }]
  )
})

t.test('every balance that can be stored can be written into a scenario', async (t) => {
  holds(t, fc.property(anyCurrency, int64, fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }), (currency, actual, blocked) => {
    const document = account({
      currency: currency.numericCode,
      actual_balance: formatAmount(actual, currency),
      blocked_balance: formatAmount(blocked, currency)
    })
    return isDeepStrictEqual(
      readScenario({ clients: [CLIENT], accounts: [document] }).accounts[0]?.balances, { actual, blocked }
    )
  }))
})

t.test('of very many faults the first are told, and how many more there are', async (t) => {
  const accounts = Array.from({ length: 1000 }, (_, index) =>
    account({ account_id: String(index + 1), currency: '999' }))
  const faults = faultsOf({ accounts })
  t.equal(faults.length, 21)
  t.match(faults.slice(19), [/^accounts\[19\]\.currency is 999/, /^and at least 980 more faults$/])
})

t.test('a client id stands for one client', async (t) => {
  t.same(
    faultsOf({ clients: [CLIENT, { ...OTHER, client_id: 123 }] }),
    ['clients[1].client_id is the same as clients[0].client_id, and must be unique']
  )
})

t.test('an issuer is checked where it stands', async (t) => {
  const issuer = { url: 'http://me:secret@issuer.example', header: { name: 'Host', value: 'x' } }
  t.same(faultsOf({ clients: [{ ...CLIENT, issuer }] }), [
    'clients[0].issuer.url must have no user and no password; send a header instead',
    'clients[0].issuer.header must not be Host, which the sandbox sets itself'
  ])
})

t.test('an API key opens the door to one client, and is not shown in the fault', async (t) => {
  const faults = faultsOf({ clients: [CLIENT, { ...OTHER, api_key: 'secret-of-123' }] })
  t.same(faults, ['clients[1].api_key is the same as clients[0].api_key, and must be unique'])
})

t.test('a secret opens one kind of door to one client', async (t) => {
  const amlyze = (token: string): object => ({ amlyze_token: token })
  t.same(
    faultsOf({ clients: [{ ...CLIENT, ...amlyze('secret-of-123') }] }),
    ['clients[0].amlyze_token is the same as clients[0].api_key, and must be unique']
  )
  t.same(
    faultsOf({ clients: [{ ...CLIENT, ...amlyze('t') }, { ...OTHER, ...amlyze('t') }] }),
    ['clients[1].amlyze_token is the same as clients[0].amlyze_token, and must be unique']
  )
  t.same(faultsOf({ clients: [{ ...CLIENT, ...amlyze('t') }, { ...OTHER, ...amlyze('u') }] }), [])
})

t.test('an account belongs to a client of the scenario', async (t) => {
  t.same(
    faultsOf({ accounts: [account({ client_id: 7 })] }),
    ['accounts[0].client_id is 7, which is none of the scenario\'s clients']
  )
})

t.test('an account number is unique across all clients', async (t) => {
  t.same(
    faultsOf({ accounts: [account(), account({ client_id: 456 })] }),
    ['accounts[1].account_id is the same as accounts[0].account_id, and must be unique']
  )
})

t.test('a token is unique across all accounts', async (t) => {
  const accounts = [
    account({ tokens: ['1', '2'] }),
    account({ client_id: 456, account_id: '1002', tokens: ['3', { token: '2' }] })
  ]
  const [first, second] = ['accounts[0].tokens[1]', 'accounts[1].tokens[1].token']
  t.same(faultsOf({ accounts }), [`${second} is the same as ${first}, and must be unique`])
})

t.test('a token may have the number of an account', async (t) => {
  t.same(faultsOf({ accounts: [account({ tokens: ['1001'] })] }), [])
})

t.test('an external reference is unique within its client, and another client may have the same', async (t) => {
  const again = (clientId: number): AccountDocument[] => [
    account({ external_reference: 'WALLET-1' }), account({
      client_id: clientId,
      account_id: '1002',
      external_reference: 'WALLET-1'
    })
  ]
  t.same(
    faultsOf({ accounts: again(123) }),
    ['accounts[1].external_reference is the same as accounts[0].external_reference, and must be unique']
  )
  t.same(faultsOf({ accounts: again(456) }), [])
})

t.test('account numbers and tokens go up to 9223372036854775807', async (t) => {
  t.same(faultsOf({ accounts: [account({ account_id: '9223372036854775807', tokens: ['9223372036854775807'] })] }), [])
  t.same(faultsOf({ accounts: [account({ account_id: '9223372036854775808', tokens: ['9999999999999999999'] })] }), [
    'accounts[0].account_id must be at most 9223372036854775807',
    'accounts[0].tokens[0] must be at most 9223372036854775807'
  ])
})

t.test('an account is kept in a currency of ISO 4217 that has a minor unit', async (t) => {
  t.same(
    faultsOf({ accounts: [account({ currency: '959' })] }),
    ['accounts[0].currency is 959, which is no current ISO 4217 currency with a minor unit']
  )
})

t.test('a balance has no more decimals than its currency', async (t) => {
  t.same(
    faultsOf({ accounts: [account({ actual_balance: '1.005' })] }),
    ['accounts[0].actual_balance has more decimals than KES has (2)']
  )
  t.same(
    faultsOf({ accounts: [account({ currency: '392', blocked_balance: '0.5' })] }),
    ['accounts[0].blocked_balance has more decimals than JPY has (0)']
  )
})

t.test('a balance fits into 64 bits of minor units', async (t) => {
  const fault = 'is outside the range of a balance in KES (64 bits of minor units)'
  t.same(
    faultsOf({ accounts: [account({ actual_balance: '-92233720368547758.09' })] }),
    [`accounts[0].actual_balance ${fault}`]
  )
  t.same(
    faultsOf({ accounts: [account({ blocked_balance: '92233720368547758.08' })] }),
    [`accounts[0].blocked_balance ${fault}`]
  )
})

t.test('a blocked balance is not negative, but an actual one may be', async (t) => {
  t.same(faultsOf({ accounts: [account({ actual_balance: '-0.01', blocked_balance: '0' })] }), [])
  t.same(
    faultsOf({ accounts: [account({ blocked_balance: '-0.01' })] }),
    ['accounts[0].blocked_balance must not be negative']
  )
})

t.test('a rate leads from one currency to another one, and both are of ISO 4217', async (t) => {
  t.same(faultsOf({ rates: [{ base: '840', quote: '840', rate: '1' }] }), ['rates[0] has the same base and quote'])
  t.same(faultsOf({ rates: [{ base: '000', quote: '999', rate: '1' }] }), [
    'rates[0].base is 000, which is no current ISO 4217 currency with a minor unit',
    'rates[0].quote is 999, which is no current ISO 4217 currency with a minor unit'
  ])
})

t.test('a rate is above zero', async (t) => {
  t.same(faultsOf({ rates: [{ base: '840', quote: '404', rate: '0.000' }] }), ['rates[0].rate must be above zero'])
  t.same(faultsOf({ rates: [{ base: '840', quote: '404', rate: '0.000000000000000001' }] }), [])
})

t.test('a rate stands once in each direction', async (t) => {
  const rate = { base: '840', quote: '404', rate: '129.05' }
  t.same(
    faultsOf({ rates: [rate, { ...rate, rate: '130' }] }), ['rates[1] is the same as rates[0], and must be unique']
  )
  t.same(faultsOf({ rates: [rate, { base: '404', quote: '840', rate: '0.0077' }] }), [])
})

t.test('a rate holds from its time on, and without one from the beginning of time', async (t) => {
  const rate = { base: '840', quote: '404', rate: '129.05' }
  const later = { ...rate, effective_at: '2026-07-01T02:00:00+02:00' }
  t.match(readScenario({ clients: [CLIENT], rates: [rate, later] }).rates, [
    { effectiveAtMs: 0 },
    { effectiveAtMs: Date.parse('2026-07-01T00:00:00Z') }
  ])
  t.same(
    faultsOf({ rates: [later, { ...later, effective_at: '2026-07-01T00:00:00Z' }] }),
    ['rates[1] is the same as rates[0], and must be unique']
  )
  t.same(
    faultsOf({ rates: [rate, { ...rate, effective_at: '1970-01-01T00:00:00Z' }] }),
    ['rates[1] is the same as rates[0], and must be unique']
  )
  t.match(
    faultsOf({ rates: [{ ...rate, effective_at: '1969-12-31T23:59:59Z' }] }),
    [/^rates\[0\]\.effective_at must be a time such as .*, not before 1970-01-01T00:00:00Z/]
  )
})

t.test('a scenario that is read part by part is the same as one that is read at once, in any order', async (t) => {
  const accounts = [account(), account({ account_id: '1002', client_id: 456 })]
  const rates = [{ base: '840', quote: '404', rate: '1' }, { base: '840', quote: '392', rate: '2' }]
  const reader = new ScenarioReader()
  for (const part of accounts) reader.add({ accounts: [part] })
  for (const part of rates) reader.add({ rates: [part] })
  for (const part of [CLIENT, OTHER]) reader.add({ clients: [part] })
  t.same(reader.finish(), readScenario({ clients: [CLIENT, OTHER], accounts, rates }))
})

t.test('the places of faults are counted over all parts', async (t) => {
  const reader = new ScenarioReader()
  reader.add({ clients: [CLIENT] })
  reader.add({ clients: [{ ...OTHER, client_id: 123 }] })
  reader.add({ accounts: [account({ currency: '000' })] })
  reader.add({
    accounts: [account({ account_id: '7', client_id: 9 })],
    rates: [{ base: '840', quote: '840', rate: '1' }]
  })
  reader.add({ rates: [{ base: '840', quote: '404', rate: '0' }] })
  t.throws(() => reader.finish(), {
    message: [
      'clients[1].client_id is the same as clients[0].client_id, and must be unique',
      'accounts[0].currency is 000, which is no current ISO 4217 currency with a minor unit',
      'rates[0] has the same base and quote',
      'rates[1].rate must be above zero',
      'accounts[1].client_id is 9, which is none of the scenario\'s clients'
    ].join('\n')
  })
})

t.test('all faults are told at once, one a line', async (t) => {
  t.throws(() =>
    readScenario({ clients: [CLIENT], accounts: [account({ client_id: 7 }), account({ currency: '000' })] }), {
    name: 'ScenarioError',
    message: [
      'accounts[1].account_id is the same as accounts[0].account_id, and must be unique',
      'accounts[1].currency is 000, which is no current ISO 4217 currency with a minor unit',
      'accounts[0].client_id is 7, which is none of the scenario\'s clients'
    ].join('\n')
  })
})

t.test('a client has each of its keys in plain, as a hash, or not at all', async (t) => {
  const hash = hashApiKey('secret-of-123').toString('hex')
  const clientOf = (keys: object) =>
    readScenario({ clients: [{ client_id: 123, name: 'Demo Bank', ...keys }] }).clients[0]
  t.strictSame(
    clientOf({ api_key_sha256: hash, amlyze_token_sha256: hashApiKey('t').toString('hex') }),
    clientOf({ api_key: 'secret-of-123', amlyze_token: 't' })
  )
  t.match(clientOf({}), { clientId: 123, name: 'Demo Bank', keyHash: undefined, amlyzeTokenHash: undefined })
  t.same(faultsOf({
    clients: [{ ...CLIENT, api_key_sha256: hash }, { ...OTHER, amlyze_token: 't', amlyze_token_sha256: hash }]
  }), [
    'clients[0].api_key_sha256 must not stand beside api_key: at most one of the two may be given',
    'clients[1].amlyze_token_sha256 must not stand beside amlyze_token: at most one of the two may be given'
  ])
  t.same(
    faultsOf({ clients: [CLIENT, { client_id: 456, name: 'Other Bank', amlyze_token_sha256: hash }] }),
    ['clients[1].amlyze_token_sha256 is the same as clients[0].api_key, and must be unique']
  )
})

t.test('a rule belongs to a client of the scenario, and its identifier is its own', async (t) => {
  const document = { rule_id: 'r', client_id: 123 }
  t.same(faultsOf({ rules: [document, { ...document, rule_id: 's', client_id: 456 }] }), [])
  t.same(faultsOf({ rules: [document, { ...document, client_id: 789 }, { ...document, priority: 1 }] }), [
    'rules[1].rule_id is the same as rules[0].rule_id, and must be unique',
    'rules[2].rule_id is the same as rules[0].rule_id, and must be unique',
    'rules[1].client_id is 789, which is none of the scenario\'s clients'
  ])
  t.same(
    faultsOf({ rules: [document, { rule_id: 's', client_id: 123, limits: { amount: { max: '1' } } }] }),
    ['rules[1].limits.currency is missing. A limit of an amount (amount, cumulative) needs it']
  )
})

t.test('a client of a scenario has at most 100 rules', async (t) => {
  const rules = Array.from({ length: 102 }, (_, index) => ({ rule_id: `r${index}`, client_id: 123 }))
  t.same(faultsOf({ rules: rules.slice(0, 100) }), [])
  t.same(faultsOf({ rules }), ['rules[100].client_id is 123, which may have at most 100 rules'])
})
