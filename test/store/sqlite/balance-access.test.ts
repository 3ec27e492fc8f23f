import { join } from 'node:path'
import { mock } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import Database from 'better-sqlite3'
import t, { type Test } from 'tap'
import { findCurrency, type Currency } from '../../../src/domain/currency.js'
import type { NewAccount } from '../../../src/domain/new-account.js'
import { readScenario } from '../../../src/domain/scenario.js'
import { openSqliteStore } from '../../../src/store/sqlite/store.js'
import { verifyDatabase } from '../../../src/store/sqlite/verify.js'
import type { Store } from '../../../src/store/store.js'
import { execute, rowsOf } from '../../support/database.js'
import { makeFolder } from '../../support/folder.js'
import { NOW, SCENARIO } from '../../support/service.js'
import { makeUpdate } from '../../support/updates.js'

const TWIN: NewAccount = {
  accountId: 7n, clientId: 123, currency: findCurrency('840') as Currency, externalReference: undefined, balances: { actual: 0n, blocked: 0n }, tokens: []
}

async function makeStore (t: Test): Promise<{ store: Store, path: string }> {
  const path = join(makeFolder(t), 'test.sqlite')
  const store = openSqliteStore({ path, pivotCurrency: '840', clock: () => NOW })
  await store.loadScenario(readScenario(SCENARIO), false)
  t.teardown(async () => { await store.close() })
  return { store, path }
}

/** Sends so many updates at once that accounts follow behind; the last one sets the balance to so much. */
async function updateTogether (store: Store, last: number): Promise<void> {
  await Promise.all(Array.from({ length: 8 }, async (_, index) => await store.updateBalances(makeUpdate(last - 7 + index))))
}

/** What the file itself says, and whether it says that it is behind. */
function fileState (path: string): unknown {
  return rowsOf(path, 'SELECT actual_balance, (SELECT count(*) FROM accounts_behind) AS behind FROM accounts WHERE account_id = 1002')[0]
}

t.test('whoever reads through the store sees what was answered, also while the accounts\' rows are behind', async (t) => {
  const { store, path } = await makeStore(t)
  await updateTogether(store, 70)
  t.same(fileState(path), { actual_balance: 0n, behind: 1n })
  t.match(await store.readAccount(1002n), { balances: { actual: 7000n } })
  t.same(fileState(path), { actual_balance: 7000n, behind: 0n }, 'the reading has written them')
  await updateTogether(store, 80)
  t.match(await store.readHistory(1002n, { from: undefined, limit: 1 }), { items: [{ next: { actual: 8000n } }] })
  await updateTogether(store, 90)
  t.match((await store.exportScenario()).accounts.find(({ accountId }) => accountId === 1002n), { balances: { actual: 9000n } })
})

t.test('whatever changes accounts past the updates starts from what they left, and they from what it left', async (t) => {
  const { store } = await makeStore(t)
  await updateTogether(store, 70)
  await store.saveSnapshot('seventy', undefined)
  await updateTogether(store, 80)
  const [, restored] = await Promise.all([updateTogether(store, 90), store.restoreSnapshot('seventy', false), updateTogether(store, 100)])
  t.match(restored, { restored: 1 })
  t.match(await store.readAccount(1002n), { balances: { actual: 10000n } })
  await updateTogether(store, 110)
  t.match(await store.deleteAccount(1002n, false), { balances: { actual: 11000n } })
  t.match(await store.updateBalances(makeUpdate(1)), { items: [{ failure: { code: 'account-unknown' } }] })
})

t.test('a dry run among updates sees those before it, and those after it do not see it', async (t) => {
  const { store } = await makeStore(t)
  const outcomes = await Promise.all([
    makeUpdate(1), makeUpdate(2), makeUpdate(3, { dryRun: true }), makeUpdate(4), makeUpdate(5)
  ].map(async (update) => await store.updateBalances(update)))
  t.match(outcomes, [0n, 100n, 200n, 200n, 400n].map((actual) => ({ items: [{ previous: { actual } }] })))
})

t.test('a change that fails beside an update that fails is told to its caller, and others are spared', async (t) => {
  const { store } = await makeStore(t)
  const outcomes = await Promise.allSettled([
    store.updateBalances(makeUpdate(1, { answer: () => { throw new Error('no answer') } })),
    store.createAccounts([TWIN, TWIN], false),
    store.updateBalances(makeUpdate(2))
  ])
  t.match(outcomes, [{ reason: { message: 'no answer' } }, { reason: { code: 'SQLITE_CONSTRAINT_PRIMARYKEY' } }, { value: { kind: 'applied' } }])
  t.equal(await store.readAccount(7n), undefined)
})

t.test('when SQLite itself undoes a whole change, its caller is told why, and nothing else goes on without a transaction', async (t) => {
  const { store, path } = await makeStore(t)
  await updateTogether(store, 70)
  // As a full disk does that is noticed in the middle of a statement.
  execute(path, 'CREATE TRIGGER full BEFORE INSERT ON tokens BEGIN SELECT raise(ROLLBACK, \'as if full\'); END')
  await updateTogether(store, 80)
  const outcomes = await Promise.allSettled([
    store.updateBalances(makeUpdate(81)),
    store.attachToken(1002n, 99n),
    store.updateBalances(makeUpdate(82))
  ])
  t.match(outcomes, [{ value: { items: [{ previous: { actual: 8000n } }] } }, { reason: { message: 'as if full' } }, { value: { items: [{ previous: { actual: 8100n } }] } }])
  execute(path, 'DROP TRIGGER full')
  t.match(await store.readAccount(1002n), { balances: { actual: 8200n }, tokens: [] })
  await store.close()
  t.same([...verifyDatabase(path)], [])
})

t.test('when no more updates come, the accounts\' rows catch up by themselves', async (t) => {
  const { store, path } = await makeStore(t)
  await updateTogether(store, 70)
  while ((fileState(path) as { behind: bigint }).behind > 0n) await wait(10)
  t.same(fileState(path), { actual_balance: 7000n, behind: 0n })
})

t.test('a catching up that cannot be done is left to whoever comes next', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] })
  t.teardown(() => { mock.timers.reset() })
  const { store, path } = await makeStore(t)
  await updateTogether(store, 70)
  const other = new Database(path)
  t.teardown(() => { other.close() })
  other.exec('BEGIN IMMEDIATE')
  mock.timers.tick(1000)
  t.match(fileState(path), { behind: 1n })
  other.exec('ROLLBACK')
  t.match(await store.readAccount(1002n), { balances: { actual: 7000n } })
})

t.test('a store that closes leaves the accounts\' rows true', async (t) => {
  const { store, path } = await makeStore(t)
  const waiting = updateTogether(store, 70)
  await store.close()
  await waiting
  t.same(fileState(path), { actual_balance: 7000n, behind: 0n })
})

t.test('whoever waits for a lock keeps its place, whatever it wants', async (t) => {
  const { store, path } = await makeStore(t)
  const other = new Database(path)
  t.teardown(() => { other.close() })
  other.exec('BEGIN IMMEDIATE')
  const outcomes = [store.updateBalances(makeUpdate(1)), store.deleteAccount(1002n, false), store.updateBalances(makeUpdate(2))] as const
  await wait(100)
  other.exec('ROLLBACK')
  t.match(await Promise.all(outcomes), [
    { items: [{ status: 'updated' }] }, { balances: { actual: 100n } }, { items: [{ failure: { code: 'account-unknown' } }] }
  ])
})

t.test('a reading that finds rows behind waits for the lock that it then needs', async (t) => {
  const { store, path } = await makeStore(t)
  await updateTogether(store, 70)
  const other = new Database(path)
  t.teardown(() => { other.close() })
  other.exec('BEGIN IMMEDIATE')
  const reading = store.readAccount(1002n)
  await wait(100)
  other.exec('ROLLBACK')
  t.match(await reading, { balances: { actual: 7000n } })
})
