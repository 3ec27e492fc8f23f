import t from 'tap'
import { readScenario } from '../../../src/domain/scenario.js'
import { openPostgresStore } from '../../../src/store/postgres/store.js'
import { NOW } from '../../support/service.js'
import { patient } from '../../support/patience.js'
import { ask, PAYMENT_SCENARIO, payInStandIn, receive, settle } from '../../support/stored-payments.js'
import { connect, untilBlocked } from './holders.js'
import { placeFor } from './places.js'

t.test('a payment whose key another process writes at the same moment waits for that, and is no second one', async (
  t
) => {
  const url = await placeFor(t)
  const store = await openPostgresStore({ url: patient(url), pivotCurrency: '840', clock: () => NOW })
  t.teardown(async () => { await store.close() })
  await store.loadScenario(readScenario(PAYMENT_SCENARIO), false)
  const settled = await settle(store, await ask(store, {}, 'k'))
  const other = await connect(t, url)
  await other.query('BEGIN; UPDATE transactions SET idempotency_key = \'other\' WHERE idempotency_key = \'k\'')
  await other.query('COMMIT; BEGIN; UPDATE transactions SET idempotency_key = \'k\' WHERE idempotency_key = \'other\'')
  const received = receive(store, {}, 'k')
  await untilBlocked(t, url, other, received)
  await other.query('COMMIT')
  t.same(await received, { kind: 'replayed', answer: settled?.answer })
  t.match(await store.readAccount(9_007_199_254_740_993n), { balances: { blocked: 11_000n } })
})

t.test('a prune leaves a payment whose parked advice is sent again in its middle', async (t) => {
  const url = await placeFor(t)
  const store = await openPostgresStore({ url: patient(url), pivotCurrency: '840', clock: () => NOW })
  t.teardown(async () => { await store.close() })
  await store.loadScenario(readScenario(PAYMENT_SCENARIO), false)
  const { thread: { tid } } = await payInStandIn(store, { amount: 100_000_000n })
  const filter = { clientId: undefined, tid, state: undefined }
  const { items: advices } = await store.listAdvices(filter, { from: undefined, limit: 9 })
  for (const { rid } of advices) await store.cancelAdvice(rid)
  const other = await connect(t, url)
  await other.query(`BEGIN; UPDATE advices SET state = 'waiting', next_at_ms = 1 WHERE rid = ${advices[0]?.rid}`)
  const pruning = store.prune(NOW.getTime() + 1, false)
  await untilBlocked(t, url, other, pruning)
  await other.query('COMMIT')
  t.match(await pruning, { transactions: 0 })
  t.equal((await store.listAdvices(filter, { from: undefined, limit: 9 })).items.length, advices.length)
  for (const { rid } of advices) await store.cancelAdvice(rid)
  t.match(await store.prune(NOW.getTime() + 1, false), { transactions: 1 })
})
