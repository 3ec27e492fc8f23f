import { mock } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import Database from 'better-sqlite3'
import t from 'tap'
import { everythingIn, rowsOf } from '../support/database.js'
import { makeService, NOW, SCENARIO, updateBody } from '../support/service.js'

const DAY_MS = 24 * 60 * 60 * 1000

/** Lets a day pass, and what is due by then be done. */
async function passDay (): Promise<void> {
  mock.timers.tick(DAY_MS)
  // Each slice of a prune lets the event loop turn.
  for (let turn = 0; turn < 50; turn += 1) await setImmediate()
}

t.beforeEach(() => { mock.timers.enable({ apis: ['setInterval'] }) })
t.afterEach(() => { mock.timers.reset() })

t.test('what becomes older than it is to be kept is removed at the start and once a day, and balances stay', async (t) => {
  let now = NOW.getTime()
  const { update, read, databasePath } = await makeService(t, SCENARIO, { clock: () => new Date(now), retentionDays: 30 })
  const answers = (): unknown[] => rowsOf(databasePath, 'SELECT identifier FROM operations WHERE answer_body IS NOT NULL')
  const pass = async (days: number): Promise<void> => {
    now += days * DAY_MS
    await passDay()
  }
  await update(updateBody())
  await update(updateBody([{ act_balance: 7 }], { api_call_unique_identifier: '002' }))
  await pass(30)
  t.same(answers(), [{ identifier: '001' }, { identifier: '002' }], 'thirty days are not more than thirty')
  await update(updateBody([{ input_id: 1003, bill_ccy: '048' }], { api_call_unique_identifier: '003' }))
  await pass(1)
  t.same(answers(), [{ identifier: '003' }])
  t.match((await read('/accounts/1002')).json(), { actual_balance: '7.00' })
  t.equal((await read('/accounts/1002/history')).json<{ changes: unknown[] }>().changes.length, 1)

  const later = await makeService(t, SCENARIO, { databasePath, clock: () => new Date(now + 30 * DAY_MS), retentionDays: 30 })
  await later.app.ready()
  t.same(answers(), [], 'a service that was away makes up for it when it starts')
})

t.test('everything is kept where nothing else is said', async (t) => {
  let now = NOW.getTime()
  const { update, databasePath } = await makeService(t, SCENARIO, { clock: () => new Date(now) })
  await update(updateBody())
  const before = everythingIn(databasePath)
  now += 36_500 * DAY_MS
  await passDay()
  t.same(everythingIn(databasePath), before)
})

t.test('what could not be removed is removed the next day', async (t) => {
  let now = NOW.getTime()
  const { update, databasePath } = await makeService(t, SCENARIO, { clock: () => new Date(now), retentionDays: 1 })
  await update(updateBody())
  now += 2 * DAY_MS
  const refusal = new Database(databasePath)
  refusal.exec('CREATE TRIGGER refusal BEFORE DELETE ON balance_changes BEGIN SELECT raise(ABORT, \'refused\'); END')
  const answers = (): unknown[] => rowsOf(databasePath, 'SELECT identifier FROM operations WHERE answer_body IS NOT NULL')
  await passDay()
  t.same(answers(), [{ identifier: '001' }])
  refusal.exec('DROP TRIGGER refusal')
  refusal.close()
  await passDay()
  t.same(answers(), [])
})

t.test('a clock that is a year ahead removes nothing', async (t) => {
  let now = NOW.getTime()
  const { update, databasePath } = await makeService(t, SCENARIO, { clock: () => new Date(now), retentionDays: 30 })
  await update(updateBody())
  const before = everythingIn(databasePath)
  now += 365 * DAY_MS
  await passDay()
  t.same(everythingIn(databasePath), before)
})
