import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import { Faults } from '../../src/domain/faults.js'
import { readRule, writeRule, type StandInRuleDocument } from '../../src/domain/stand-in-rule.js'
import { int64 } from '../support/arbitraries.js'
import { holds } from '../support/property.js'
import { rule } from '../support/rules.js'

/** The example of the documentation. */
const SMALL_POS = {
  rule_id: 'small-pos',
  client_id: 123,
  name: 'Small purchases',
  active: true,
  priority: 10,
  applies_to: { accounts: [], tokens: [] },
  when: {
    spend_types: ['POS - Purchase', 'ECOM - Purchase'],
    entry_modes: ['chip', 'contactless'],
    merchant_categories: ['5411', '5812-5814'],
    countries: ['KE', 'GB'],
    message_types: ['0100', '0200']
  },
  limits: {
    currency: '404',
    amount: { max: '5000.00' },
    count: { max: 3, window: 'PT3H', include_current: false },
    cumulative: { max: '7000.00', window: 'PT24H', include_current: true }
  },
  counts: { per: 'token', what: 'approvals', include_reversed: false }
} satisfies StandInRuleDocument

function faultsOf (document: Partial<StandInRuleDocument>, place = ''): readonly string[] {
  const faults = new Faults()
  readRule({ rule_id: 'r', client_id: 1, ...document }, place, faults)
  return faults.found
}

t.test('a rule is read and written back as it is', async (t) => {
  t.same(writeRule(rule(SMALL_POS)), SMALL_POS)
  t.same(rule(SMALL_POS).conditions.merchantCategories, [{ from: '5411', to: '5411' }, { from: '5812', to: '5814' }])
  t.equal(rule(SMALL_POS).limits.amount?.max, 500_000n)
})

t.test('what a rule leaves out has the published defaults', async (t) => {
  t.same(writeRule(rule({
    limits: { currency: 'kes', count: { max: 3, window: 'PT3H' }, cumulative: { max: '7', window: 'day' } }
  })), {
    rule_id: 'r',
    client_id: 1,
    name: 'r',
    active: true,
    priority: 100,
    applies_to: { accounts: [], tokens: [] },
    when: { spend_types: [], entry_modes: [], merchant_categories: [], countries: [], message_types: [] },
    limits: {
      currency: '404',
      count: { max: 3, window: 'PT3H', include_current: false },
      cumulative: { max: '7.00', window: 'day', include_current: true }
    },
    counts: { per: 'token', what: 'approvals', include_reversed: false }
  })
  t.same(writeRule(rule({})).limits, {})
  t.same(writeRule(rule({ limits: { count: { max: 0, window: 'day' } } })).limits,
    { count: { max: 0, window: 'day', include_current: false } })
})

t.test('what a schema cannot check is refused with its place', async (t) => {
  t.same(faultsOf({
    applies_to: { accounts: ['1', '9223372036854775808'], tokens: ['9999999999999999999'] },
    when: { merchant_categories: ['5411', '5814-5812'] },
    limits: {
      currency: 'KES',
      amount: { max: '1.001' },
      count: { max: 1, window: 'P1M' },
      cumulative: { max: '-1', window: 'PT0S' }
    }
  }).map((fault) => fault.split(' ')[0]), [
    'applies_to.accounts[1]', 'applies_to.tokens[0]', 'when.merchant_categories[1]', 'limits.amount.max',
    'limits.count.window', 'limits.cumulative.max', 'limits.cumulative.window'
  ])
  t.match(faultsOf({ when: { merchant_categories: ['5814-5812'] } })[0], /Write 5812-5814/)
  t.match(faultsOf({ limits: { count: { max: 1, window: 'P1M' } } }, 'rules[3]')[0],
    /^rules\[3\]\.limits\.count\.window must be day .*Months and years have no fixed length/)
})

t.test('a limit of an amount needs a currency that there is', async (t) => {
  t.match(faultsOf({ limits: { amount: { max: '1' } } })[0], /^limits\.currency is missing/)
  t.match(faultsOf({ limits: { cumulative: { max: '1', window: 'day' } } })[0], /^limits\.currency is missing/)
  t.match(faultsOf({ limits: { currency: 'XXX', amount: { max: '1' } } }),
    ['limits.currency is XXX, which is no current ISO 4217 currency with a minor unit'])
  t.same(faultsOf({ limits: { count: { max: 1, window: 'day' } } }), [])
})

t.test('a rule that was written reads as the same rule', async (t) => {
  const positive = int64.filter((value) => value > 0n).map(String)
  const window = fc.constantFrom('day', 'PT3H', 'P7D')
  const optional = { requiredKeys: [] as [] }
  const document = fc.record({
    applies_to: fc.record({ accounts: fc.array(positive), tokens: fc.array(positive) }, optional),
    when: fc.record({ countries: fc.array(fc.constantFrom('KE', 'GB')) }, optional),
    limits: fc.record({
      amount: fc.constant({ max: '5' }),
      count: fc.record({ max: fc.nat(), window }),
      cumulative: fc.record({ max: fc.constantFrom('0', '7.1'), window, include_current: fc.boolean() })
    }, optional).map((limits) => ({ currency: '404', ...limits })),
    counts: fc.record({ per: fc.constantFrom('token' as const, 'account' as const) }, optional)
  }, optional)
  holds(t, fc.property(document, (document) => {
    const once = rule(document)
    return isDeepStrictEqual(rule(writeRule(once)), once)
  }), { numRuns: 50 })
})
