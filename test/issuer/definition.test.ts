import fc from 'fast-check'
import t from 'tap'
import { Faults } from '../../src/domain/faults.js'
import {
  checkDefinition, checkScript, describeBehaviour, findRule, type Condition, type IssuerDefinition
} from '../../src/issuer/definition.js'
import { readMessage } from '../../src/issuer/message.js'
import { fastMessage } from '../support/built-in-issuer.js'
import { holds } from '../support/property.js'

const MESSAGE = readMessage(fastMessage())
const SET_MS = Date.parse('2027-02-03T14:00:00Z')

function isHeld (when: Condition, ms = 0, random = 0): boolean {
  const rules = [{ when, then: { behaviour: 'drop' as const } }]
  return findRule(rules, MESSAGE, { nowMs: SET_MS + ms, setMs: SET_MS, random: () => random }) === 0
}

t.test('a rule holds for its cards and amounts, whichever way these are written', async (t) => {
  t.ok(isHeld({}))
  t.ok(isHeld({ tokens: ['1', '12345'] }))
  t.notOk(isHeld({ tokens: ['1'] }))
  t.ok(isHeld({ amounts: ['1', '18.4'] }))
  t.notOk(isHeld({ amounts: ['18.41'] }))
  t.notOk(isHeld({ tokens: ['12345'], amounts: ['1'] }), 'all that is given must hold')
  const silent = readMessage({})
  t.equal(findRule([{ when: { amounts: ['0'] }, then: { behaviour: 'drop' } }], silent, {
    nowMs: 0, setMs: 0, random: () => 0
  }), -1)
})

t.test('a rule holds in its time', async (t) => {
  const when = { after_ms: 1000, for_ms: 500 }
  t.same([0, 999, 1000, 1499, 1500].map((ms) => isHeld(when, ms)), [false, false, true, true, false])
  t.same([0, 499, 500].map((ms) => isHeld({ for_ms: 500 }, ms)), [true, true, false])
  t.same([0, 999, 1000].map((ms) => isHeld({ until: '2027-02-03T15:00:01+01:00' }, ms)), [true, true, false])
})

t.test('a rule holds in so many of a hundred cases', async (t) => {
  holds(t, fc.property(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 0, max: 99 }), (probability, case100) =>
    // The middle of each hundredth: 0.29 * 100 is less than 29.
    isHeld({ probability }, 0, (case100 + 0.5) / 100) === (case100 < probability)))
})

t.test('the first rule that holds counts', async (t) => {
  const then = { behaviour: 'drop' } as const
  const rules = [{ when: { tokens: ['1'] }, then }, { when: {}, then }, { when: { tokens: ['12345'] }, then }]
  t.equal(findRule(rules, MESSAGE, { nowMs: 0, setMs: 0, random: () => 0 }), 1)
})

t.test('a behaviour is named in one line', async (t) => {
  t.same([
    describeBehaviour({ behaviour: 'approve' }),
    describeBehaviour({ behaviour: 'never_answer' }),
    describeBehaviour({ behaviour: 'decline' }),
    describeBehaviour({ behaviour: 'decline', code: '51', delay_ms: 3000, shadow: 'wrong_currency' }),
    describeBehaviour({ behaviour: 'status' }),
    describeBehaviour({ behaviour: 'status', status: 404 })
  ], [
    'approve', 'never-answer', 'decline=05', 'decline=51 delay=3000 shadow=wrong-currency', 'status=503', 'status=404'
  ])
})

t.test('what does not belong to a behaviour, a time or a currency is named with its place', async (t) => {
  const faults = new Faults()
  const definition: IssuerDefinition = {
    default: { behaviour: 'approve', code: '51' },
    rules: [{ when: { until: '2027-02-30T00:00:00Z' }, then: { behaviour: 'drop', status: 500, shadow: 'right' } }],
    script: [{ behaviour: 'approve' }, { behaviour: 'decline', status: 500 }],
    ledger: [
      { token: '1', currency: 'XXX', actual_balance: '1', blocked_balance: '0' },
      { token: '1', currency: 'JPY', actual_balance: '1.5', blocked_balance: '-1' }
    ]
  }
  checkDefinition(definition, faults)
  t.same(faults.found.map((fault) => fault.split(' ').slice(0, 4).join(' ')), [
    'default.code does not belong',
    'script[1].status does not belong',
    'rules[0].then.status does not belong',
    'rules[0].then.shadow does not belong',
    'rules[0].when.until must be a',
    'ledger[0].currency is XXX, which',
    'ledger[1].token is the same',
    'ledger[1].actual_balance has more decimals',
    'ledger[1].blocked_balance must not be'
  ])
  const none = new Faults()
  t.same(checkDefinition({}, none), [])
  checkScript('steps', [{ behaviour: 'status', status: 500 }, { behaviour: 'decline', code: '51' }], none)
  t.same(none.found, [])
})
