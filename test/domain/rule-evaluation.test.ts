import fc from 'fast-check'
import t from 'tap'
import type { RateLookup } from '../../src/domain/exchange.js'
import type { RuleFacts } from '../../src/domain/rule-conditions.js'
import {
  earliestNeeded, evaluateRules, LISTED_TRANSACTIONS, outcomeOf, type PastPayment, type RuleEvaluation
} from '../../src/domain/rule-evaluation.js'
import type { StandInRule, StandInRuleDocument } from '../../src/domain/stand-in-rule.js'
import { currency, ratesFrom } from '../support/arbitraries.js'
import { holds } from '../support/property.js'
import { rule } from '../support/rules.js'

const KES = currency('404')
const JPY = currency('392')
const NOW = Date.parse('2027-02-03T14:05:11Z')
const HOUR = 3_600_000

const FACTS: RuleFacts = {
  token: 12345n,
  accountId: 1001n,
  clientId: 1,
  spendType: 'POS - Purchase',
  entryMode: 'chip',
  category: '5411',
  country: 'GB',
  messageType: '0100',
  billing: { amount: 299_000n, currency: KES },
  atMs: NOW
}

const PAST: PastPayment = {
  ...FACTS,
  tid: 39n,
  atMs: NOW - 1000,
  amount: 120_000n,
  currency: KES,
  approved: true,
  byStandIn: true,
  isReversed: false
}

const rates = (findRate: RateLookup = () => undefined) => ({ findRate, pivotCurrency: '840' })

function evaluate (
  document: Partial<StandInRuleDocument>, past: readonly PastPayment[] = [], facts = FACTS, findRate?: RateLookup
): RuleEvaluation {
  const [evaluation, ...more] = evaluateRules([rule(document)], facts, past, rates(findRate))
  if (evaluation === undefined || more.length > 0) throw new Error('one rule has one evaluation')
  return evaluation
}

const LIMITS = {
  currency: '404',
  amount: { max: '5000.00' },
  count: { max: 3, window: 'PT3H', include_current: false },
  cumulative: { max: '7000.00', window: 'PT24H', include_current: true }
}

t.test('the trace shows the conditions, the limits and the payments that were counted', async (t) => {
  t.same(evaluate({
    rule_id: 'small-pos',
    name: 'Small purchases',
    when: { spend_types: ['POS - Purchase', 'ECOM - Purchase'], countries: ['KE', 'GB'] },
    limits: LIMITS
  }, [PAST]), {
    rule_id: 'small-pos',
    name: 'Small purchases',
    triggered: true,
    conditions: [
      { condition: 'spend_types', matched: true, value: 'POS - Purchase' },
      { condition: 'countries', matched: true, value: 'GB' }
    ],
    limits: [
      { limit: 'amount', held: true, value: '2990.00', max: '5000.00', currency: '404' },
      { limit: 'count', held: true, value: 1, max: 3, since: '2027-02-03T11:05:11.000Z', transactions: ['39'] },
      {
        limit: 'cumulative',
        held: true,
        value: '4190.00',
        max: '7000.00',
        currency: '404',
        since: '2027-02-02T14:05:11.000Z',
        transactions: ['39']
      }
    ]
  })
})

t.test('every condition must match, and all of them are shown', async (t) => {
  const matching = {
    applies_to: { accounts: ['1001'], tokens: ['1', '12345'] },
    when: {
      spend_types: ['POS - Purchase'],
      entry_modes: ['chip'],
      merchant_categories: ['1000', '5410-5412'],
      countries: ['GB'],
      message_types: ['0100']
    }
  }
  const { triggered, conditions } = evaluate(matching)
  t.equal(triggered, true)
  t.same(conditions.map(({ condition, value }) => `${condition} ${value}`), [
    'accounts 1001', 'tokens 12345', 'spend_types POS - Purchase', 'entry_modes chip', 'merchant_categories 5411',
    'countries GB', 'message_types 0100'
  ])
  const others: ReadonlyArray<readonly [name: string, document: Partial<StandInRuleDocument>]> = [
    ['accounts', { applies_to: { ...matching.applies_to, accounts: ['1002'] } }],
    ['tokens', { applies_to: { ...matching.applies_to, tokens: ['1'] } }],
    ['spend_types', { when: { ...matching.when, spend_types: ['ATM - Withdrawal'] } }],
    ['entry_modes', { when: { ...matching.when, entry_modes: ['manual'] } }],
    ['merchant_categories', { when: { ...matching.when, merchant_categories: ['5412-5999', '0742-5410'] } }],
    ['countries', { when: { ...matching.when, countries: ['KE'] } }],
    ['message_types', { when: { ...matching.when, message_types: ['0200'] } }]
  ]
  for (const [name, other] of others) {
    const { triggered, conditions, limits } = evaluate({ ...matching, ...other, limits: LIMITS }, [PAST])
    t.equal(triggered, false, name)
    t.equal(conditions.length, 7)
    t.same(conditions.filter(({ matched }) => !matched).map(({ condition }) => condition), [name])
    t.same(limits, [])
  }
})

t.test('a rule counts only the payments that meet its own conditions', async (t) => {
  const document = {
    applies_to: { accounts: ['1001'], tokens: ['12345', '2'] },
    when: {
      spend_types: ['POS - Purchase'],
      entry_modes: ['chip'],
      merchant_categories: ['5411'],
      countries: ['GB'],
      message_types: ['0100']
    },
    limits: LIMITS,
    counts: { per: 'account' as const }
  }
  const valuesOf = (past: readonly PastPayment[]) => evaluate(document, past).limits.map(({ value }) => value)
  t.same(valuesOf([{ ...PAST, token: 2n }]), ['2990.00', 1, '4190.00'])
  const others: ReadonlyArray<Partial<PastPayment>> = [
    { token: 3n }, { spendType: 'ATM - Withdrawal' }, { entryMode: 'manual' }, { category: '5412' }, { country: 'KE' },
    { messageType: '0200' }
  ]
  for (const other of others) {
    t.same(valuesOf([{ ...PAST, ...other }]), ['2990.00', 0, '2990.00'], Object.keys(other).join())
  }
})

t.test('a window begins behind its length, and ends with the payment', async (t) => {
  const countAt = (atMs: number, window: string) =>
    evaluate({ limits: { count: { max: 0, window } } }, [{ ...PAST, atMs }]).limits[0]?.value
  t.equal(countAt(NOW - 3 * HOUR, 'PT3H'), 0)
  t.equal(countAt(NOW - 3 * HOUR + 1, 'PT3H'), 1)
  t.equal(countAt(NOW, 'PT3H'), 1)
  t.equal(countAt(NOW + 1, 'PT3H'), 0)
  t.equal(countAt(Date.parse('2027-02-03T00:00:00Z'), 'day'), 1)
  t.equal(countAt(Date.parse('2027-02-02T23:59:59.999Z'), 'day'), 0)
})

t.test('the trace lists the newest twenty payments and says how many more there are', async (t) => {
  const many = Array.from({ length: 25 }, (_, index) =>
    ({ ...PAST, tid: BigInt(index + 1), atMs: NOW - (index >> 1) * 1000 }))
  const [count] = evaluate({ limits: { count: { max: 99, window: 'PT3H' } } }, many).limits
  t.equal(count?.value, 25)
  t.same(count?.transactions?.slice(0, 4), ['2', '1', '4', '3'])
  t.equal(count?.transactions?.length, LISTED_TRANSACTIONS)
  t.equal(count?.more_transactions, 5)
  const [few] = evaluate({ limits: { count: { max: 99, window: 'PT3H' } } }, many.slice(0, LISTED_TRANSACTIONS)).limits
  t.notOk(few !== undefined && 'more_transactions' in few)
})

t.test('amounts are compared in the currency of the rule, each rounded for itself', async (t) => {
  const limits = { currency: '392', amount: { max: '100' }, cumulative: { max: '200', window: 'day' } }
  const facts = { ...FACTS, billing: { amount: 5_000n, currency: KES } }
  const past = [{ ...PAST, amount: 50n }, { ...PAST, tid: 40n, amount: 150n }, { ...PAST, currency: JPY, amount: 3n }]
  const { triggered, limits: found } = evaluate({ limits }, past, facts, ratesFrom({ '404/392': '1' }))
  t.equal(triggered, true)
  // 0.50 and 1.50 are rounded to the even 0 and 2.
  t.same(found.map(({ value, max, currency }) => [value, max, currency]), [['50', '100', '392'], ['55', '200', '392']])
})

t.test('a rule whose currency no rate leads to is not triggered, and says why', async (t) => {
  const limits = {
    currency: 'JPY', amount: { max: '9' }, count: { max: 9, window: 'day' }, cumulative: { max: '9', window: 'day' }
  }
  const evaluation = evaluate({ limits }, [PAST])
  t.match(evaluation, { triggered: false, reason: 'no rate leads from KES to JPY' })
  t.same(evaluation.limits.map(({ held, value }) => [held, value]), [[false, null], [true, 1], [false, null]])
  t.match(outcomeOf([evaluation], true), { allowed: false, de39: '61' })
  const vast = { ...FACTS, billing: { amount: 2n ** 62n, currency: KES } }
  t.match(
    evaluate({ limits }, [], vast, ratesFrom({ '404/392': '9e9' })),
    { triggered: false, reason: 'an amount in KES converted to JPY is outside 64 bits' }
  )
  const past = [{ ...PAST, currency: JPY }]
  t.match(evaluate({ limits: { currency: 'KES', cumulative: { max: '9000', window: 'day' } } }, past),
    { triggered: false, reason: 'no rate leads from JPY to KES' })
  t.notOk('reason' in evaluate({ limits: LIMITS }))
})

t.test('rules are evaluated by priority and then by identifier; inactive ones and those of others are left out',
  async (t) => {
    const rules = [
      rule({ rule_id: 'c', priority: 2 }), rule({ rule_id: 'b', priority: 10 }), rule({ rule_id: 'a', priority: 10 }),
      rule({ rule_id: 'd', active: false }), rule({ rule_id: 'e', client_id: 2 })
    ]
    t.same(evaluateRules(rules, FACTS, [], rates()).map(({ rule_id: ruleId }) => ruleId), ['c', 'a', 'b'])
  })

t.test('one triggered rule is enough; else the first rule whose conditions match gives the code', async (t) => {
  const rules = (...documents: ReadonlyArray<Partial<StandInRuleDocument>>): StandInRule[] =>
    documents.map((document, index) => rule({ rule_id: `r${index}`, priority: index, ...document }))
  const outcome = (...documents: ReadonlyArray<Partial<StandInRuleDocument>>) =>
    outcomeOf(evaluateRules(rules(...documents), FACTS, [PAST], rates()), documents.length > 0)
  const elsewhere = { when: { countries: ['FR'] } }
  const tooMuch = { limits: { currency: 'KES', amount: { max: '1' } } }
  const tooMany = { limits: { count: { max: 0, window: 'day' } } }
  const sumTooHigh = { limits: { currency: 'KES', cumulative: { max: '1', window: 'day' } } }
  t.same(outcome(elsewhere, tooMuch, {}), { allowed: true, ruleId: 'r2' })
  t.same(outcome(elsewhere, tooMany, tooMuch), { allowed: false, de39: '65', ruleId: 'r1' })
  t.same(outcome(tooMuch, tooMany), { allowed: false, de39: '61', ruleId: 'r0' })
  t.same(outcome({ limits: { ...tooMuch.limits, ...tooMany.limits } }), { allowed: false, de39: '61', ruleId: 'r0' })
  t.same(outcome({ limits: { ...tooMany.limits, ...sumTooHigh.limits } }), { allowed: false, de39: '65', ruleId: 'r0' })
  t.same(outcome(sumTooHigh), { allowed: false, de39: '61', ruleId: 'r0' })
  t.same(outcome(elsewhere), { allowed: false, de39: '57', ruleId: undefined })
  t.same(outcome(), { allowed: false, de39: '05', ruleId: undefined })
})

t.test('earlier payments are needed from the begin of the longest window on', async (t) => {
  const three = rule({ limits: { count: { max: 1, window: 'PT3H' }, currency: 'KES', amount: { max: '1' } } })
  const day = rule({ limits: { currency: 'KES', cumulative: { max: '1', window: 'day' } } })
  t.equal(earliestNeeded([], NOW), undefined)
  t.equal(earliestNeeded([rule({})], NOW), undefined)
  t.equal(earliestNeeded([rule({}), three], NOW), NOW - 3 * HOUR + 1)
  t.equal(earliestNeeded([three, day], NOW), Date.parse('2027-02-03T00:00:00Z'))
  t.equal(earliestNeeded([rule({ active: false, limits: { count: { max: 1, window: 'P1D' } } })], NOW), undefined)
})

/** Few values, so that conditions match and windows have edges. */
const few = {
  token: fc.constantFrom(12345n, 2n),
  spendType: fc.constantFrom('POS - Purchase', 'ATM - Withdrawal'),
  country: fc.constantFrom('GB', 'KE')
}
const anyPast: fc.Arbitrary<PastPayment[]> = fc.array(fc.record({
  ...few,
  tid: fc.constant(0n),
  entryMode: fc.constant('chip'),
  category: fc.constantFrom('5411', '5412'),
  messageType: fc.constant('0100'),
  atMs: fc.integer({ min: -4, max: 1 }).map((steps) => NOW + steps * 1000),
  amount: fc.bigInt({ min: 0n, max: 300n }),
  currency: fc.constantFrom(KES, KES, JPY),
  approved: fc.boolean(),
  byStandIn: fc.boolean(),
  isReversed: fc.boolean()
}), { maxLength: 8 }).map((past) => past.map((payment, index) => ({ ...payment, tid: BigInt(index + 1) })))

const anyRule: fc.Arbitrary<Partial<StandInRuleDocument>> = fc.record({
  applies_to: fc.record({ tokens: fc.constantFrom([], ['12345'], ['2', '12345']) }),
  when: fc.record({
    spend_types: fc.constantFrom([], ['POS - Purchase']),
    merchant_categories: fc.constantFrom([], ['5411'], ['5400-5499'])
  }),
  limits: fc.record({
    currency: fc.constantFrom('KES', 'JPY'),
    amount: fc.record({ max: fc.constantFrom('0', '2', '5') }),
    count: fc.record({
      max: fc.nat(3), window: fc.constantFrom('PT1S', 'PT3S', 'day'), include_current: fc.boolean()
    }),
    cumulative: fc.record({
      max: fc.constantFrom('2', '5'), window: fc.constantFrom('PT1S', 'PT3S'), include_current: fc.boolean()
    })
  }, { requiredKeys: ['currency'] }),
  counts: fc.record({
    per: fc.constantFrom('token', 'account'),
    what: fc.constantFrom('approvals', 'stand_in_approvals', 'all'),
    include_reversed: fc.boolean()
  })
})

/** Counts as a person would with the list before them: payment by payment. One KES is ten JPY. */
function modelOf (document: Partial<StandInRuleDocument>, facts: RuleFacts, past: readonly PastPayment[]) {
  const { applies_to: applies, when, limits, counts } = document
  const isYen = limits?.currency === 'JPY'
  const inLimits = (amount: bigint, isPaidInYen: boolean): bigint => {
    if (isYen === isPaidInYen) return amount
    if (!isYen) return amount * 10n
    const tenths = amount % 10n
    const isUp = tenths > 5n || (tenths === 5n && amount / 10n % 2n === 1n)
    return amount / 10n + (isUp ? 1n : 0n)
  }
  const matches = ({ token, spendType, category }: PastPayment | RuleFacts): boolean => {
    if (applies?.tokens?.length !== 0 && !applies?.tokens?.includes(String(token))) return false
    if (when?.spend_types?.length !== 0 && spendType !== 'POS - Purchase') return false
    return when?.merchant_categories?.[0] !== '5411' || category === '5411'
  }
  let number = limits?.count?.include_current === true ? 1 : 0
  let sum = limits?.cumulative?.include_current === true ? inLimits(facts.billing.amount, false) : 0n
  for (const payment of past) {
    if (!matches(payment) || (counts?.per === 'token' && payment.token !== facts.token)) continue
    if (payment.isReversed && counts?.include_reversed !== true) continue
    if (!payment.approved && counts?.what !== 'all') continue
    if (!payment.byStandIn && counts?.what === 'stand_in_approvals') continue
    const isWithin = (window = ''): boolean => payment.atMs <= NOW &&
      (window === 'day' || payment.atMs > NOW - Number(window.slice(2, 3)) * 1000)
    if (limits?.count !== undefined && isWithin(limits.count.window)) number += 1
    if (limits?.cumulative !== undefined && isWithin(limits.cumulative.window)) {
      sum += inLimits(payment.amount, payment.currency === JPY)
    }
  }
  if (!matches(facts)) return { triggered: false, values: [] }
  const units = (max = '0'): bigint => BigInt(max) * (isYen ? 1n : 100n)
  const amount = inLimits(facts.billing.amount, false)
  const write = (sum: bigint): string => isYen ? String(sum) : `${sum / 100n}.${String(sum % 100n).padStart(2, '0')}`
  return {
    triggered: (limits?.amount === undefined || amount <= units(limits.amount.max)) &&
      (limits?.count === undefined || number <= limits.count.max) &&
      (limits?.cumulative === undefined || sum <= units(limits.cumulative.max)),
    values: [
      ...limits?.amount === undefined ? [] : [write(amount)],
      ...limits?.count === undefined ? [] : [number],
      ...limits?.cumulative === undefined ? [] : [write(sum)]
    ]
  }
}

t.test('a rule counts what a person counts who goes through the payments', async (t) => {
  const billing = fc.bigInt({ min: 0n, max: 600n }).map((amount) => ({ amount, currency: KES }))
  // An amount of 10 minor units is 0.10 KES, and 1 JPY: the model needs whole numbers only.
  const tenYen = ratesFrom({ '404/392': '10' })
  holds(t, fc.property(anyRule, fc.record({ ...few, billing }), anyPast, (document, some, past) => {
    const facts = { ...FACTS, ...some }
    const { triggered, limits } = evaluate(document, past, facts, tenYen)
    const model = modelOf(document, facts, past)
    return triggered === model.triggered && limits.map(({ value }) => value).join() === model.values.join()
  }), { numRuns: 300 })
})

t.test('a rule without limits allows whatever matches', async (t) => {
  holds(t, fc.property(anyRule, fc.record(few), anyPast, ({ limits: _, ...document }, some, past) => {
    const { triggered, conditions } = evaluate(document, past, { ...FACTS, ...some })
    return triggered === conditions.every(({ matched }) => matched)
  }))
})

t.test('payments before the earliest that is needed change nothing, and no rates are no error', async (t) => {
  const some = fc.record({ ...few, findRate: fc.constantFrom(ratesFrom({}), ratesFrom({ '392/404': '0.1' })) })
  const anyRules = fc.array(anyRule, { maxLength: 3 })
  holds(t, fc.property(anyRules, some, anyPast, (documents, { findRate, ...facts }, past) => {
    const rules = documents.map((document, index) => rule({ ...document, rule_id: `r${index}` }))
    const since = earliestNeeded(rules, NOW) ?? Infinity
    const evaluated = [past, past.filter(({ atMs }) => atMs >= since)].map((past) =>
      JSON.stringify(evaluateRules(rules, { ...FACTS, ...facts }, past, rates(findRate))))
    return evaluated[0] === evaluated[1]
  }), { numRuns: 300 })
})
