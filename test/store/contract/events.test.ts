import { hashApiKey } from '../../../src/domain/api-key.js'
import { rule } from '../../support/rules.js'
import { NOW, SCENARIO } from '../../support/service.js'
import { ACCOUNT, DECIDING, payInStandIn, payment, PAYMENT_SCENARIO } from '../../support/stored-payments.js'
import { makeUpdate } from '../../support/updates.js'
import { contract } from './engines.js'

const START = { after: 0n, missing: [] }

contract('what every process commits is read, in both tables', async (t, place) => {
  const [store, other] = [await place.open({ scenario: SCENARIO }), await place.open()]
  const { operations: { numbers } } = await store.findEventEnds()
  t.equal(numbers.length, 1, 'the scenario')
  await other.storeRules([rule({ client_id: 123 })], { replaces: false, max: 9 }, false)
  await store.storeRules([rule({ client_id: 123, rule_id: 's' })], { replaces: false, max: 9 }, true)
  await other.updateBalances(makeUpdate(1))
  const [scenario = 0n] = numbers
  const rows = await store.readEvents({ operations: { after: scenario, missing: [] }, events: START }, 10)
  t.match(rows.operations, [{ source: 'paymentology', changes: [{ accountId: BigInt, balances: {} }], hasMore: false }])
  t.match(rows.events, [{ type: 'rule', clientId: 123, data: '{"rule_id":"r","change":"created"}' }])
  t.equal(rows.operations[0]?.number, rows.newest.operations)
  t.equal(rows.events[0]?.number, rows.newest.events)
})

contract('what was missing is read first, and at most as many others as are asked for', async (t, place) => {
  const store = await place.open()
  await store.createClient({ clientId: 1, name: 'One', keyHash: hashApiKey('one') })
  for (const ruleId of ['a', 'b', 'c', 'd']) {
    await store.storeRules([rule({ rule_id: ruleId })], { replaces: false, max: 9 }, false)
  }
  const { events: { numbers: [a = 0n, , c = 0n] } } = await store.findEventEnds()
  const rows = await store.readEvents({ operations: START, events: { after: c, missing: [a, a + 999n] } }, 1)
  t.same(rows.events.map(({ data }) => JSON.parse(data).rule_id), ['a', 'd'])
  t.same((await store.readEvents({ operations: START, events: { after: a, missing: [] } }, 1)).events.length, 1)
})

contract('what is taken back leaves out no number that listeners would look for', async (t, place) => {
  const store = await place.open({ scenario: PAYMENT_SCENARIO })
  await payInStandIn(store)
  const before = await store.findEventEnds()
  const asIf = { kind: 'timeout', reason: 'silent' } as const
  for (let round = 0; round < 3; round += 1) {
    const { transaction, advised } = await store.evaluatePayment({ ...DECIDING, payment: payment(), asIf })
    t.match([transaction, advised], [{ state: 'approved', hold: { amount: 10_000n } }, true])
  }
  await store.storeRules([rule({ client_id: 123, rule_id: 's' })], { replaces: false, max: 9 }, true)
  await store.restoreSnapshot('scenario', true)
  t.match(await store.deleteAccount(ACCOUNT, true), { accountId: ACCOUNT })
  await store.updateBalances(makeUpdate(1))
  await store.storeRules([rule({ client_id: 123, rule_id: 's' })], { replaces: false, max: 9 }, false)
  const after = await store.findEventEnds()
  for (const table of ['operations', 'events'] as const) {
    const { numbers } = before[table]
    t.same(after[table].numbers, [...numbers, (numbers.at(-1) ?? 0n) + 1n], table)
  }
})

contract('the end of what a prune has left is what came behind it, or the newest', async (t, place) => {
  let nowMs = NOW.getTime()
  const store = await place.open({ scenario: SCENARIO, clock: () => new Date(nowMs) })
  for (const actual of [1, 2, 3]) await store.updateBalances(makeUpdate(actual))
  nowMs += 1000
  await store.updateBalances(makeUpdate(4))
  const { operations: { after, numbers } } = await store.findEventEnds()
  t.same([after, numbers.length], [0n, 5])
  const newest = numbers.slice(-1)
  const end = { after: (newest[0] ?? 0n) - 1n, numbers: newest }
  await store.prune(nowMs, false)
  t.same((await store.findEventEnds()).operations, end, 'the scenario is still there')
  await store.prune(nowMs + 1000, false)
  t.same((await store.findEventEnds()).operations, end)
})

contract('the end of a table without rows is its beginning', async (t, place) => {
  const end = { after: 0n, numbers: [] }
  t.same(await (await place.open()).findEventEnds(), { operations: end, events: end })
})
