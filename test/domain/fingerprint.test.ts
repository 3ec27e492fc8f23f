import { createHash } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import type { BalanceUpdateItem } from '../../src/domain/balance-update.js'
import { fingerprintOf, type UpdateMeaning } from '../../src/domain/fingerprint.js'
import { decimal, numberText, updateCase } from '../support/arbitraries.js'
import { equalFractions, fractionOf } from '../support/fraction.js'
import { holds } from '../support/property.js'

const ITEM: BalanceUpdateItem = { inputType: 'account', inputId: 12345n, actual: decimal('200'), blocked: decimal('50.5'), currency: '404' }

const meaning = (more: Partial<BalanceUpdateItem> = {}): UpdateMeaning => ({ items: [{ ...ITEM, ...more }], userId: undefined, remarks: undefined })

const hash = (meaning: UpdateMeaning): string => fingerprintOf(meaning).toString('hex')

t.test('numbers count by their value and not by how they are written', async (t) => {
  t.equal(hash(meaning({ actual: decimal('200.00') })), hash(meaning()))
  t.equal(hash(meaning({ actual: decimal('2e2') })), hash(meaning()))
  holds(t, fc.property(numberText, numberText, (one, two) =>
    (hash(meaning({ blocked: decimal(one) })) === hash(meaning({ blocked: decimal(two) }))) === equalFractions(fractionOf(one), fractionOf(two))))
})

t.test('each field of an item counts', async (t) => {
  const others = [
    {}, { inputType: 'token' as const }, { inputId: 12346n }, { actual: decimal('200.01') }, { blocked: decimal('50.51') }, { currency: '840' }, { externalReference: 'WALLET-1' }, { actual: ITEM.blocked, blocked: ITEM.actual }
  ]
  t.equal(new Set(others.map((more) => hash(meaning(more)))).size, others.length)
})

t.test('the account number counts exactly, beyond what a double holds', async (t) => {
  t.not(hash(meaning({ inputId: 9007199254740993n })), hash(meaning({ inputId: 9007199254740992n })))
})

t.test('user id and remarks count, and one is not taken for the other', async (t) => {
  const others = [{}, { userId: 'qa' }, { remarks: 'qa' }, { userId: 'qa', remarks: 'qa' }, { userId: 'null' }, { userId: '' }]
  t.equal(new Set(others.map((more) => hash({ ...meaning(), ...more }))).size, others.length)
})

t.test('the order and the number of the items count', async (t) => {
  const second = { ...ITEM, inputId: 2n }
  const lists = [[ITEM, second], [second, ITEM], [ITEM], [ITEM, ITEM], []]
  t.equal(new Set(lists.map((items) => hash({ ...meaning(), items }))).size, lists.length)
})

t.test('two updates have one fingerprint exactly when they mean the same', async (t) => {
  holds(t, fc.property(updateCase, updateCase, (one, two) => {
    const [first, second] = [one, two].map(({ items }) => hash({ ...meaning(), items }))
    return (first === second) === (fc.stringify(one.items) === fc.stringify(two.items))
  }))
})

t.test('a copy of an update has its fingerprint', async (t) => {
  holds(t, fc.property(updateCase, ({ items }) =>
    hash({ ...meaning(), items }) === hash({ ...meaning(), items: items.map((item) => ({ ...item })) })))
})

t.test('a number too long to be written in full has a fingerprint, too', async (t) => {
  t.not(hash(meaning({ actual: decimal('1e1000') })), hash(meaning({ actual: decimal('1e999') })))
})

t.test('the form of a fingerprint stands still, because stored ones are compared with it', async (t) => {
  const update = { items: [{ ...ITEM, externalReference: 'WALLET-1' }, ITEM], userId: 'qa-7', remarks: undefined }
  const text = '["qa-7",null,["account","12345","2e2","505e-1","404","WALLET-1"],["account","12345","2e2","505e-1","404",null]]'
  t.equal(hash(update), createHash('sha256').update(text).digest('hex'))
  t.equal(fingerprintOf(update).length, 32)
})
