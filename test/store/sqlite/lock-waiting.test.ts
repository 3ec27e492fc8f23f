import Database from 'better-sqlite3'
import type { LightMyRequestResponse } from 'fastify'
import t from 'tap'
import { makeMetrics } from '../../../src/metrics.js'
import { makeLockWaiting } from '../../../src/store/sqlite/lock-waiting.js'
import type { Test } from '../../support/folder.js'
import { makeService, SCENARIO, updateBody } from '../../support/service.js'

/** A service whose database another connection can lock. */
async function makeLockedService (t: Test) {
  const groupSizes: number[] = []
  const metrics = makeMetrics()
  const observer = { ...metrics.storeObserver, committed: (size: number) => { groupSizes.push(size) } }
  const { databasePath, store, update, read, call } = await makeService(t, SCENARIO, {
    metrics: { ...metrics, storeObserver: observer }
  })
  const { updateBalances } = store
  let asked = 0
  store.updateBalances = async (request) => {
    asked += 1
    return await updateBalances(request)
  }
  const holder = new Database(databasePath)
  t.teardown(() => { holder.close() })
  return {
    lock: () => { holder.exec('BEGIN IMMEDIATE') },
    release: () => { holder.exec('ROLLBACK') },
    update: async (number: number): Promise<LightMyRequestResponse> =>
      await update(updateBody([{ act_balance: number }], { api_call_unique_identifier: `locked-${number}` })),
    read,
    call,
    /** How many updates have come to the store. */
    asked: () => asked,
    groupSizes: () => groupSizes
  }
}

t.test('what waits for a lock is applied once and in the order in which it came, and nothing overtakes it',
  async (t) => {
    const { lock, release, update, read, asked } = await makeLockedService(t)
    lock()
    const waiting = [update(1)]
    while (asked() < 1) await new Promise(setImmediate)
    waiting.push(update(2))
    while (asked() < 2) await new Promise(setImmediate)
    waiting.push(update(3))
    t.match((await read('/accounts/1002')).json(), { actual_balance: '0.00' }, 'what only reads is answered at once')
    release()
    waiting.push(update(4))
    t.same(
      (await Promise.all(waiting)).map(({ statusCode, headers }) => [statusCode, headers['idempotent-replayed']]),
      Array.from({ length: 4 }, () => [200, undefined])
    )
    t.equal((await update(5)).statusCode, 200, 'and later ones need not wait')
    const { changes } =
    (await read('/accounts/1002/history')).json<{ changes: Array<{ after: { actual_balance: string } }> }>()
    t.same(changes.map(({ after }) => after.actual_balance), ['5.00', '4.00', '3.00', '2.00', '1.00', '0.00'])
  })

t.test('a lock that stays fails all that wait for it, and nothing is written', async (t) => {
  const { lock, release, update, read, call } = await makeLockedService(t)
  lock()
  const [creation, first, ...others] = await Promise.all([
    call('POST', '/clients', { client_id: 7, name: 'Seventh' }),
    update(1),
    update(2),
    update(3)
  ])
  for (const { statusCode, headers, body } of [first, ...others]) {
    t.same([statusCode, headers['retry-after'], body], [503, '5', first.body])
  }
  t.match(first.json(), { header: { error_id: 90503 } })
  t.match([creation.statusCode, creation.headers['retry-after'], creation.json()], [
    503,
    '5',
    { title: 'Service Unavailable', detail: /Send the request again/ }
  ])
  release()
  t.match((await read('/accounts/1002')).json(), { actual_balance: '0.00' })
  t.equal((await update(1)).statusCode, 200, 'the same request is applied later')
})

t.test('when the lock is gone, all that have waited share commits again', async (t) => {
  const { lock, release, update, asked, groupSizes } = await makeLockedService(t)
  lock()
  const waiting = Array.from({ length: 40 }, async (_, number) => await update(number))
  while (asked() < 40) await new Promise(setImmediate)
  for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate)
  release()
  await Promise.all(waiting)
  t.same(groupSizes(), [1, 39])
})

t.test('what only reads asked again, too, and fails at once for other faults', async (t) => {
  const { read } = makeLockWaiting()
  let attempts = 0
  t.equal(await read(() => {
    attempts += 1
    if (attempts === 1) throw new Database.SqliteError('database is locked', 'SQLITE_BUSY_RECOVERY')
    return 'read'
  }), 'read')
  t.equal(attempts, 2)
  await t.rejects(read(() => { throw new Database.SqliteError('no room', 'SQLITE_FULL') }), {
    name: 'StoreUnavailableError'
  })
})
