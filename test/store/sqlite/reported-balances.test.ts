import { join } from 'node:path'
import Database from 'better-sqlite3'
import t from 'tap'
import { hashApiKey } from '../../../src/domain/api-key.js'
import type { ReportedBalance } from '../../../src/domain/reported-balance.js'
import { readScenario } from '../../../src/domain/scenario.js'
import { migrate, readMigrations } from '../../../src/store/sqlite/migrate.js'
import { openSqliteStore } from '../../../src/store/sqlite/store.js'
import type { ReportedBalanceQuery } from '../../../src/store/reported-balances.js'
import type { Store } from '../../../src/store/store.js'
import { makeFolder, type Test } from '../../support/folder.js'
import { NOW, SCENARIO } from '../../support/service.js'

const LISTS = { balanceTypes: [], businessUnits: undefined }

const WALLET: ReportedBalanceQuery = { accountId: 9007199254740993n, incarnation: undefined, view: 'series', page: { from: undefined, limit: 10 } }

const report = (communicationNumber: string): ReportedBalance => ({
  communicationNumber,
  requester: 'core',
  externalReference: 'WALLET-1',
  balanceType: undefined,
  businessUnit: undefined,
  balanceAt: '2023-09-05T08:07:34.605000000Z',
  value: '1',
  equivalentValue: undefined
})

/** Opens a store whose clock goes through these times, and stands still at the last. Opening and loading take one each. */
async function openStore (t: Test, timesMs: number[] = [], path = join(makeFolder(t), 'test.sqlite')): Promise<Store> {
  const clock = (): Date => new Date(timesMs.length > 1 ? timesMs.shift() ?? 0 : timesMs[0] ?? NOW)
  const store = openSqliteStore({ path, pivotCurrency: '840', clock })
  await store.loadScenario(readScenario(SCENARIO), false)
  return store
}

t.test('each report takes the time that the clock shows, and none when the clock goes back', async (t) => {
  const store = await openStore(t, [0, 0, 100, 103, 200, 150, 300])
  t.teardown(async () => { await store.close() })
  const outcomes = await store.reportBalances({ clientId: 123, balances: [report('1'), report('2'), report('1')], lists: LISTS, dryRun: false })
  t.same(outcomes, [{ fault: undefined, elapsedMs: 3 }, { fault: undefined, elapsedMs: 0 }, { fault: 'communication-number-used', elapsedMs: 0 }])
})

t.test('a call in which one report cannot be written writes none', async (t) => {
  const store = await openStore(t)
  t.teardown(async () => { await store.close() })
  const broken = { ...report('2'), balanceAt: 'too short' }
  await t.rejects(store.reportBalances({ clientId: 123, balances: [report('1'), broken], lists: LISTS, dryRun: false }), { message: /CHECK constraint failed/ })
  t.match(await store.readReportedBalances(WALLET), { items: [], next: undefined })
})

t.test('what was taken is there in the next process, and its number stays used', async (t) => {
  const path = join(makeFolder(t), 'test.sqlite')
  const first = await openStore(t, [], path)
  await first.reportBalances({ clientId: 123, balances: [report('1')], lists: LISTS, dryRun: false })
  // The first one is not closed: as after a crash, only what was committed counts.
  const second = await openStore(t, [], path)
  t.teardown(async () => { await first.close(); await second.close() })
  t.match(await second.readReportedBalances({ ...WALLET, view: 'latest' }), { items: [{ communicationNumber: '1', balanceAt: '2023-09-05T08:07:34.605000000Z' }] })
  t.match(await second.reportBalances({ clientId: 123, balances: [report('1')], lists: LISTS, dryRun: false }), [{ fault: 'communication-number-used' }])
})

t.test('reports are never those of a later account, even when nothing else is left of theirs', async (t) => {
  const path = join(makeFolder(t), 'test.sqlite')
  const store = await openStore(t, [], path)
  t.teardown(async () => { await store.close() })
  await store.reportBalances({ clientId: 123, balances: [report('1'), report('2')], lists: LISTS, dryRun: false })
  const before = await store.readReportedBalances({ ...WALLET, page: { from: undefined, limit: 1 } })
  const account = await store.deleteAccount(WALLET.accountId, false)
  if (account === undefined || typeof before === 'string') throw new Error('the scenario has the account')
  const database = new Database(path)
  database.exec('DELETE FROM deleted_accounts')
  database.close()
  t.equal(await store.readReportedBalances(WALLET), 'account-unknown')
  await store.createAccounts([account], false)
  t.match(await store.readReportedBalances(WALLET), { incarnation: 2, items: [] })
  t.equal(await store.readReportedBalances({ ...WALLET, page: { from: before.next, limit: 1 } }), 'page-unknown')
})

t.test('a key opens its own kind of door only', async (t) => {
  const store = await openStore(t)
  t.teardown(async () => { await store.close() })
  t.equal(await store.findClientByKey('amlyze', hashApiKey('amlyze-token-of-123')), 123)
  t.equal(await store.findClientByKey('paymentology', hashApiKey('amlyze-token-of-123')), undefined)
  t.equal(await store.findClientByKey('paymentology', hashApiKey('key-of-123')), 123)
  t.equal(await store.findClientByKey('amlyze', hashApiKey('key-of-123')), undefined)
})

t.test('the keys of a database that knew only one kind open Paymentology\'s calls', async (t) => {
  const path = join(makeFolder(t), 'test.sqlite')
  const older = new Database(path).defaultSafeIntegers(true)
  migrate(older, readMigrations().slice(0, 1))
  older.prepare('INSERT INTO clients VALUES (123, \'First Bank\', 0)').run()
  older.prepare('INSERT INTO api_keys VALUES (?, 123, 0)').run(hashApiKey('older-key'))
  older.close()
  const store = await openStore(t, [], path)
  t.teardown(async () => { await store.close() })
  t.equal(await store.findClientByKey('paymentology', hashApiKey('older-key')), 123)
  t.equal(await store.findClientByKey('amlyze', hashApiKey('older-key')), undefined)
})
