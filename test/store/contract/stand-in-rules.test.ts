import { hashApiKey } from '../../../src/domain/api-key.js'
import { rule } from '../../support/rules.js'
import { contract, type Place } from './engines.js'

const CREATE = { replaces: false, max: 3 }
const REPLACE = { replaces: true, max: 3 }

async function openWithClients (place: Place) {
  const store = await place.open()
  for (const clientId of [1, 2]) {
    await store.createClient({ clientId, name: `Client ${clientId}`, keyHash: hashApiKey(String(clientId)) })
  }
  return store
}

contract('rules are stored all or none, and read as they were stored', async (t, place) => {
  const store = await openWithClients(place)
  const [a, b] = [
    rule({ rule_id: 'a', limits: { currency: 'KES', amount: { max: '5.00' } } }), rule({ rule_id: 'b', priority: 5 })
  ]
  t.same(await store.storeRules([b], CREATE, false), { kind: 'stored', created: true })
  t.same(await store.storeRules([a, b], CREATE, false), { kind: 'taken', ruleId: 'b', clientId: 1 })
  t.equal(await store.readRule('a'), undefined)
  t.same(await store.storeRules([a, b], REPLACE, true), { kind: 'stored', created: false })
  t.equal(await store.readRule('a'), undefined, 'a dry run stores nothing')
  t.same(await store.storeRules([a, b], REPLACE, false), { kind: 'stored', created: false })
  t.same(await store.listRules(1, undefined, 9), [b, a])
  t.same(await store.storeRules([{ ...a, clientId: 3 }], CREATE, false), { kind: 'client-unknown' })
})

contract('a client has no more rules than it may, and takes none of another client', async (t, place) => {
  const store = await openWithClients(place)
  const rules = ['a', 'b', 'c', 'd'].map((ruleId) => rule({ rule_id: ruleId }))
  t.same(await store.storeRules(rules, CREATE, false), { kind: 'too-many' })
  t.same(await store.storeRules(rules.slice(0, 3), CREATE, false), { kind: 'stored', created: true })
  t.same(await store.storeRules(rules.slice(2), REPLACE, false), { kind: 'too-many' })
  t.same(await store.storeRules(rules.slice(0, 3), REPLACE, false), { kind: 'stored', created: false })
  const foreign = rule({ rule_id: 'a', client_id: 2 })
  for (const options of [CREATE, REPLACE]) {
    t.same(await store.storeRules([foreign], options, false), { kind: 'taken', ruleId: 'a', clientId: 1 })
  }
})

contract('of many who store under one identifier one wins, and the bound holds', async (t, place) => {
  const store = await openWithClients(place)
  const other = await place.open()
  const outcomes = await Promise.all(Array.from({ length: 8 }, async (_, index) =>
    await (index % 2 === 0 ? store : other).storeRules(
      [rule({ rule_id: `r${index >> 1}`, client_id: index % 2 + 1 })], CREATE, false)))
  t.equal(outcomes.filter(({ kind }) => kind === 'stored').length, 4, 'each identifier is taken once')
  const stored = await store.listRules(undefined, undefined, 99)
  t.equal(new Set(stored.map(({ ruleId }) => ruleId)).size, stored.length)
  for (const clientId of [1, 2]) t.ok(stored.filter((rule) => rule.clientId === clientId).length <= 3)
})
