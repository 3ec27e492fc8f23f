import { join } from 'node:path'
import { mock } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import Database from 'better-sqlite3'
import t, { type Test } from 'tap'
import { planBalanceUpdate, type BalanceUpdateItem, type PlannedUpdate } from '../../../src/domain/balance-update.js'
import { findCurrency, type Currency } from '../../../src/domain/currency.js'
import type { NewAccount } from '../../../src/domain/new-account.js'
import { readScenario } from '../../../src/domain/scenario.js'
import type { AccountHistory } from '../../../src/store/history.js'
import { UNOBSERVED } from '../../../src/store/observer.js'
import { makeBalanceAccess, type BalanceAccess } from '../../../src/store/sqlite/balance-access.js'
import { prepareBalanceWriter } from '../../../src/store/sqlite/balance-writer.js'
import { openDatabase, type SqliteDatabase } from '../../../src/store/sqlite/database.js'
import { prepareHistory } from '../../../src/store/sqlite/history.js'
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
  mock.timers.enable({ apis: ['setTimeout'] })
  t.teardown(() => { mock.timers.reset() })
  const { store, path } = await makeStore(t)
  await updateTogether(store, 70)
  t.same(fileState(path), { actual_balance: 0n, behind: 1n })
  t.match(await store.readAccount(1002n), { balances: { actual: 7000n } })
  const history = await store.readHistory(1002n, { from: undefined, limit: 1 })
  t.match(history, { items: [{ next: { actual: 7000n } }] })
  t.match(await store.readHistory(1002n, { from: (history as AccountHistory).items[0]?.changeId, limit: 2 }), { items: [{ next: { actual: 7000n } }, { next: { actual: 6900n } }] })
  t.match(await store.readReportedBalances({ accountId: 1002n, incarnation: undefined, view: 'latest', page: { from: undefined, limit: 1 } }), { standInBalance: 7000n })
  t.match(await store.listAccounts({ clientId: 123, currency: '840', externalReference: undefined, token: undefined }, { from: undefined, limit: 1 }), { items: [{ balances: { actual: 7000n } }] })
  t.match((await store.exportScenario()).accounts.find(({ accountId }) => accountId === 1002n), { balances: { actual: 7000n } })
  t.same(fileState(path), { actual_balance: 0n, behind: 1n }, 'who reads accounts has nothing written')
  t.match(await store.listDifferences('scenario', { from: undefined, limit: 9 }), { items: [{ now: { balances: { actual: 7000n } } }] })
  t.same(fileState(path), { actual_balance: 7000n, behind: 0n }, 'to compare them with a snapshot, all of them are written')
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

t.test('a catching up that cannot be done is tried again', async (t) => {
  const { store, path } = await makeStore(t)
  await updateTogether(store, 70)
  const other = new Database(path)
  t.teardown(() => { other.close() })
  other.exec('BEGIN IMMEDIATE')
  await wait(250)
  t.match(fileState(path), { behind: 1n })
  other.exec('ROLLBACK')
  for (let tries = 0; tries < 1000 && (fileState(path) as { behind: bigint }).behind > 0n; tries += 1) await wait(10)
  t.match(fileState(path), { actual_balance: 7000n, behind: 0n })
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

t.test('who compares accounts with a snapshot waits for the lock that is needed to write those that are behind, and who reads them does not', async (t) => {
  const { store, path } = await makeStore(t)
  await updateTogether(store, 70)
  const other = new Database(path)
  t.teardown(() => { other.close() })
  other.exec('BEGIN IMMEDIATE')
  const reading = store.listDifferences('scenario', { from: undefined, limit: 9 })
  t.match(await store.readAccount(1002n), { balances: { actual: 7000n } })
  await wait(100)
  other.exec('ROLLBACK')
  t.match(await reading, { items: [{ now: { balances: { actual: 7000n } } }] })
})

t.test('who reads one account sees what another process has written behind it', async (t) => {
  const { store, path } = await makeStore(t)
  const other = openSqliteStore({ path, pivotCurrency: '840', clock: () => NOW })
  t.teardown(async () => { await other.close() })
  await updateTogether(store, 70)
  await updateTogether(other, 80)
  t.match(await store.readAccount(1002n), { balances: { actual: 8000n } })
  t.match(await other.readAccount(1002n), { balances: { actual: 8000n } })
})

t.test('who reads one account never sees what was undone, or what another process has gone beyond', async (t) => {
  const { store, path } = await makeStore(t)
  const other = openSqliteStore({ path, pivotCurrency: '840', clock: () => NOW })
  t.teardown(async () => { await other.close() })
  await updateTogether(store, 70)
  await store.listDifferences('scenario', { from: undefined, limit: 1 })
  execute(path, 'CREATE TRIGGER full BEFORE INSERT ON packed_changes BEGIN SELECT raise(ROLLBACK, \'as if full\'); END')
  await t.rejects(updateTogether(store, 80), { message: 'as if full' })
  t.match(await store.readAccount(1002n), { balances: { actual: 7000n } })
  execute(path, 'DROP TRIGGER full')
  await updateTogether(store, 90)
  await other.listDifferences('scenario', { from: undefined, limit: 1 })
  await other.updateBalances(makeUpdate(100))
  t.match(await store.readAccount(1002n), { balances: { actual: 10000n } })
})

/** Makes the access alone, in whose work a test may fail where a store's never does. No other connection is noticed. */
async function makeAccess (t: Test): Promise<{ database: SqliteDatabase, access: BalanceAccess, set: (actual: number, more?: Partial<BalanceUpdateItem>) => bigint }> {
  const { path, store } = await makeStore(t)
  await store.close()
  const database = openDatabase(path)
  const access = makeBalanceAccess(database, UNOBSERVED)
  t.teardown(() => {
    access.close()
    database.close()
  })
  const history = prepareHistory(database)
  const balances = prepareBalanceWriter(database, access.accounts, history, '840')
  return {
    database,
    access,
    set: (actual, more) => {
      const items = makeUpdate(actual).items.map((item) => ({ ...item, ...more }))
      const [planned] = planBalanceUpdate(items, balances.contextFor(123, NOW.getTime())) as [PlannedUpdate]
      balances.write([planned], history.insertOperation({ source: 'paymentology', createdAtMs: NOW.getTime() }), NOW.getTime())
      return planned.previous.actual
    }
  }
}

t.test('what an update did before it failed is forgotten, whether it failed among many or alone', async (t) => {
  const { access, set } = await makeAccess(t)
  const update = async (actual: number): Promise<bigint> => await access.update(() => set(actual))
  const fail = async (): Promise<void> => await access.update(() => {
    set(99)
    throw new Error('fails')
  })
  const failed = { reason: { message: 'fails' } }
  t.match(await Promise.allSettled([update(1), update(2), fail(), update(3)]), [{ value: 0n }, { value: 100n }, failed, { value: 200n }])
  await t.rejects(fail(), failed.reason)
  t.equal(await update(4), 300n)
  await Promise.all([5, 6, 7, 8].map(update))
  await t.rejects(fail(), failed.reason)
  t.equal(await update(9), 800n)
})

t.test('when a change fails, the rows that were written with it are behind again, and updates start from the newest balances', async (t) => {
  const { database, access, set } = await makeAccess(t)
  await Promise.all([1, 2, 3, 4].map(async (actual) => await access.update(() => set(actual))))
  await t.rejects(access.change(() => { throw new Error('fails') }), { message: 'fails' })
  t.equal(database.prepare('SELECT actual_balance FROM accounts WHERE account_id = 1002').pluck().get(), 0n)
  t.equal(await access.update(() => set(5)), 400n)
})

t.test('rows that cannot be written when nobody waits are behind as they were', async (t) => {
  const { database, access, set } = await makeAccess(t)
  const row = database.prepare('SELECT actual_balance FROM accounts WHERE account_id = 1003').pluck()
  await Promise.all([1, 2, 3, 4].map(async (actual) => await access.update(() => set(actual, { inputId: 1003n, currency: '048' }))))
  database.exec('CREATE TEMP TRIGGER full AFTER DELETE ON accounts_behind BEGIN SELECT raise(ROLLBACK, \'as if full\'); END')
  await wait(200)
  database.exec('DROP TRIGGER full')
  t.same([access.accounts.isBehind(), row.get()], [true, 1500n])
  await Promise.all([5, 6, 7, 8].map(async (actual) => await access.update(() => set(actual))))
  await access.update(() => set(9))
  t.same([access.accounts.isBehind(), row.get()], [false, 4000n])
})

/** Makes a store with so many accounts behind that they do not catch up at once. */
async function makeStoreFarBehind (t: Test): Promise<{ store: Store, item: BalanceUpdateItem, written: () => number, isBehind: () => boolean, path: string }> {
  const accounts = Array.from({ length: 5000 }, (_, index) =>
    ({ client_id: 123, account_id: String(1 + index), currency: '840', actual_balance: '0.00', blocked_balance: '0.00' }))
  const path = join(makeFolder(t), 'test.sqlite')
  const store = openSqliteStore({ path, pivotCurrency: '840', clock: () => NOW })
  t.teardown(async () => { await store.close() })
  await store.loadScenario(readScenario({ clients: [{ client_id: 123, name: 'First Bank' }], accounts, rates: [] }), false)
  const item = makeUpdate(1).items[0] as BalanceUpdateItem
  await Promise.all(Array.from({ length: 20 }, async (_, part) => await store.updateBalances(makeUpdate(1, {
    items: Array.from({ length: 250 }, (_, index) => ({ ...item, inputId: BigInt(1 + part * 250 + index) }))
  }))))
  const written = (): number => rowsOf(path, 'SELECT 1 FROM accounts WHERE actual_balance = 100').length
  const isBehind = (): boolean => rowsOf(path, 'SELECT 1 FROM accounts_behind').length > 0
  return { store, item, written, isBehind, path }
}

t.test('rows that are behind catch up a few at a time, until updates come again', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] })
  t.teardown(() => { mock.timers.reset() })
  const { store, written, isBehind, path } = await makeStoreFarBehind(t)
  t.equal(written(), 0)
  mock.timers.tick(1000)
  t.equal(written(), 2000)
  for (let last = 10; last < 30; last += 1) await updateTogether(store, last)
  t.ok(written() < 2100, 'each group writes its share of the sweep, and no more')
  t.ok(isBehind())
  await store.close()
  t.equal(written(), 4999)
  t.same([...verifyDatabase(path)], [])
})

t.test('an update that fails does not keep the rows from catching up', async (t) => {
  const { store, written, isBehind } = await makeStoreFarBehind(t)
  while (written() === 0) await wait(1)
  t.ok(isBehind())
  await t.rejects(store.updateBalances(makeUpdate(2, { answer: () => { throw new Error('no answer') } })), { message: 'no answer' })
  for (let tries = 0; tries < 500 && isBehind(); tries += 1) await wait(5)
  t.notOk(isBehind())
})
