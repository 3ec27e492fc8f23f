import fc from 'fast-check'
import t from 'tap'
import type { Card } from '../../src/domain/card.js'
import { decide, processorDecisionOf, type DecisionFacts, type IssuerResult } from '../../src/domain/decision.js'
import {
  FAILURE_KINDS, STAND_IN_DEFAULTS, STAND_IN_MODES, type StandInSettings
} from '../../src/domain/issuer-settings.js'
import type { Balances } from '../../src/domain/money.js'
import { PAYMENT_KINDS, type Payment } from '../../src/domain/payment.js'
import type { RulesOutcome } from '../../src/domain/rule-evaluation.js'
import { currency } from '../support/arbitraries.js'
import { PAYMENT, THREAD } from '../support/payments.js'
import { holds } from '../support/property.js'

const CARD: Card = { state: 'active', expiry: undefined }
const ALLOWED: RulesOutcome = { allowed: true, ruleId: 'small-pos' }
const TIMEOUT: IssuerResult = { kind: 'timeout', reason: 'no complete answer within 2000 ms' }

const FACTS: DecisionFacts = {
  payment: PAYMENT,
  atMs: THREAD.receivedAtMs,
  card: CARD,
  billing: THREAD.billing,
  issuer: TIMEOUT,
  standIn: STAND_IN_DEFAULTS,
  rules: ALLOWED,
  listing: { actual: 2_000_000n, blocked: 500_000n }
}

function answered (de39: string): IssuerResult {
  return { kind: 'answered', answer: { de39, de38: undefined, shadow: undefined, lenient: [] } }
}

function standIn (settings: Partial<StandInSettings>): StandInSettings {
  return { ...STAND_IN_DEFAULTS, ...settings }
}

function payment (members: Partial<Payment>): Payment {
  return { ...PAYMENT, ...members }
}

/** A row of the decision table: its facts, and what they come to. */
type Row = readonly [
  name: string, facts: Partial<DecisionFacts>, de39: string, decidedBy: string, reason: string, advice?: string
]

const ROWS: readonly Row[] = [
  ['an unknown token', { card: undefined }, '14', 'processor', '000'],
  ['a lost card', { card: { ...CARD, state: 'lost' } }, '41', 'processor', '000'],
  ['a stolen card', { card: { ...CARD, state: 'stolen' } }, '43', 'processor', '000'],
  ['a restricted card', { card: { ...CARD, state: 'restricted' } }, '62', 'processor', '000'],
  ['a closed card', { card: { ...CARD, state: 'closed' } }, '14', 'processor', '000'],
  ['a card that is not activated', { card: { ...CARD, state: 'not_activated' } }, '57', 'processor', '000'],
  ['a card in its last month', { card: { ...CARD, expiry: '2027-02' } }, '00', 'stand_in', '900', '900'],
  ['an expired card', { card: { ...CARD, expiry: '2027-01' } }, '54', 'processor', '000'],
  ['no rate', { billing: undefined }, '96', 'processor', '000'],
  ['an approval of the issuer', { issuer: answered('00') }, '00', 'issuer', '000'],
  ['a decline of the issuer', { issuer: answered('51') }, '51', 'issuer', '000'],
  ['an approval that the processor declines', {
    issuer: answered('00'), payment: payment({ processorDecision: '05' })
  }, '05', 'processor', '930', '930'],
  ['two declines', { issuer: answered('51'), payment: payment({ processorDecision: '82' }) }, '82', 'processor', '000'],
  ['a part that the terminal takes', {
    issuer: answered('10'), payment: payment({ partialApprovalCapable: true })
  }, '10', 'issuer', '000'],
  ['a part that the terminal does not take', { issuer: answered('10') }, '10', 'issuer', '000'],
  ['no reason to decline a check', { issuer: answered('85'), payment: payment({ amount: 0n }) }, '85', 'issuer', '000'],
  ['a processor that declines where the issuer is silent', {
    payment: payment({ checks: { ...PAYMENT.checks, cvv: 'FAIL' } })
  }, '82', 'processor', '900', '900'],
  ['a timeout', {}, '00', 'stand_in', '900', '900'],
  ['a refused connection', { issuer: { kind: 'connection', reason: 'refused' } }, '00', 'stand_in', '930', '930'],
  ['a throttled issuer', { issuer: { kind: 'throttled', reason: '' } }, '00', 'stand_in', '930', '930'],
  ['a failure that the client does not stand in for', {
    standIn: standIn({ stand_in_on: ['connection'] })
  }, '91', 'stand_in', '900', '900'],
  ['an issuer that is switched off, whatever the client stands in for', {
    issuer: { kind: 'off', reason: '' }, standIn: standIn({ stand_in_on: [] })
  }, '00', 'stand_in', '930', '930'],
  ['mode basic', { standIn: standIn({ mode: 'basic' }) }, '05', 'stand_in', '900', '900'],
  ['mode basic with 91', { standIn: standIn({ mode: 'basic', decline_code: '91' }) }, '91', 'stand_in', '900', '900'],
  ['a balance inquiry', { payment: payment({ kind: 'balance_inquiry' }) }, '57', 'stand_in', '900', '900'],
  ['rules that decline', { rules: { allowed: false, de39: '65', ruleId: 'r' } }, '65', 'stand_in', '900', '900'],
  ['too little available', { listing: { actual: 798_999n, blocked: 500_000n } }, '51', 'stand_in', '900', '900'],
  ['just enough available', { listing: { actual: 799_000n, blocked: 500_000n } }, '00', 'stand_in', '900', '900'],
  ['too little available in a mode without listing', {
    listing: { actual: 0n, blocked: 0n }, standIn: standIn({ mode: 'enhanced' })
  }, '00', 'stand_in', '900', '900'],
  ['an account without money that is checked', {
    listing: { actual: 0n, blocked: 0n }, payment: payment({ amount: 0n }), billing: { ...THREAD.billing, amount: 0n }
  }, '00', 'stand_in', '900', '900'],
  ['a refund to an account without money', {
    listing: { actual: -1n, blocked: 0n }, payment: payment({ kind: 'refund' })
  }, '00', 'stand_in', '900', '900'],
  ['an account that was deleted meanwhile', { listing: undefined }, '14', 'stand_in', '900', '900'],
  ['balances that would leave the range', {
    listing: { actual: 2n ** 63n - 1n, blocked: 2n ** 63n - 1n }, standIn: standIn({ mode: 'enhanced' })
  }, '96', 'stand_in', '900', '900']
]

t.test('each row of the decision table', async (t) => {
  for (const [name, facts, de39, decidedBy, reasonCode, adviceReason] of ROWS) {
    const decision = decide({ ...FACTS, ...facts })
    t.match(decision, { de39, decidedBy, reasonCode, adviceReason }, name)
    t.equal(decision.steps.length, 8, `${name}: each step leaves an entry`)
    const approves = ['00', '85'].includes(de39) || name === 'a part that the terminal takes'
    t.equal(decision.approved, approves, `${name}: ${approves ? 'approved' : 'declined'}`)
  }
})

t.test('a payment that cannot be billed says why', async (t) => {
  t.match(decide({ ...FACTS, billing: undefined, unbilled: 'no rate' }).steps[1], {
    step: 'billing', result: 'failed', reason: 'no rate'
  })
})

t.test('what a stand-in approval does to the listing', async (t) => {
  const effectOf = (members: Partial<Payment>) => decide({ ...FACTS, payment: payment(members) }).effect
  t.strictSame(effectOf({}), { hold: 299_000n, post: 0n }, '0100 holds')
  t.strictSame(effectOf({ messageType: '0200' }), { hold: 0n, post: 299_000n }, '0200 posts at once')
  t.strictSame(effectOf({ kind: 'refund' }), { hold: 0n, post: 0n }, 'a refund waits for its clearing')
  t.strictSame(effectOf({ kind: 'refund', messageType: '0200' }), { hold: 0n, post: -299_000n }, 'or is posted at once')
})

t.test('the first failed check gives the processor\'s decision, and a forced one comes before', async (t) => {
  const checks = { ...PAYMENT.checks, cvv: 'FAIL', arqc: 'FAIL' } as const
  t.equal(processorDecisionOf({ checks, processorDecision: undefined }), '82')
  t.equal(processorDecisionOf({ checks, processorDecision: '05' }), '05')
  t.equal(processorDecisionOf(PAYMENT), '00')
})

const anyIssuer: fc.Arbitrary<IssuerResult> = fc.oneof(
  fc.constantFrom('00', '05', '10', '85', '51').map(answered),
  fc.constantFrom(...FAILURE_KINDS, 'off', 'throttled', 'not_configured').map((kind) =>
    ({ kind: kind as 'off', reason: 'it failed' })))

const anyFacts: fc.Arbitrary<DecisionFacts> = fc.record({
  payment: fc.record({
    kind: fc.constantFrom(...PAYMENT_KINDS),
    processorDecision: fc.constantFrom(undefined, '05'),
    messageType: fc.constantFrom('0100', '0200'),
    partialApprovalCapable: fc.boolean()
  }).map(payment),
  atMs: fc.constant(FACTS.atMs),
  card: fc.constantFrom(CARD, undefined, { state: 'lost', expiry: undefined } as const),
  billing: fc.bigInt({ min: 0n, max: 1000n }).map((amount) => ({ amount, currency: currency('404') })),
  issuer: anyIssuer,
  standIn: fc.record({
    mode: fc.constantFrom(...STAND_IN_MODES), stand_in_on: fc.subarray([...FAILURE_KINDS])
  }).map(standIn),
  rules: fc.constantFrom(ALLOWED, { allowed: false, de39: '61', ruleId: 'r' } as const),
  listing: fc.record({ actual: fc.bigInt({ min: -500n, max: 1500n }), blocked: fc.bigInt({ min: 0n, max: 800n }) })
})

t.test('whatever happens, no decline and no decision of the issuer touches the listing', async (t) => {
  holds(t, fc.property(anyFacts, (facts) => {
    const { approved, decidedBy, effect: { hold, post } } = decide(facts)
    return (approved && decidedBy === 'stand_in') || (hold === 0n && post === 0n)
  }))
})

t.test('stand-in with a listing never approves more than is available', async (t) => {
  holds(t, fc.property(anyFacts, (facts) => {
    const { approved, decidedBy, effect: { hold, post } } = decide(facts)
    const { actual, blocked } = facts.listing as Balances
    const needed = hold + (post > 0n ? post : 0n)
    return facts.standIn.mode !== 'enhanced_with_listing' || !approved || decidedBy !== 'stand_in' || needed === 0n ||
      actual - blocked >= needed
  }))
})

t.test('stand-in never turns a decline of the processor', async (t) => {
  holds(t, fc.property(anyFacts, (facts) => facts.payment.processorDecision === undefined || !decide(facts).approved))
})

t.test('whatever was decided without the issuer is told to it', async (t) => {
  holds(t, fc.property(anyFacts, (facts) => {
    const { decidedBy, adviceReason } = decide(facts)
    return decidedBy !== 'stand_in' || adviceReason === (facts.issuer.kind === 'timeout' ? '900' : '930')
  }))
})
