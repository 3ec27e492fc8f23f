import { join } from 'node:path'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import t from 'tap'
import { readScenario } from '../../../src/domain/scenario.js'
import { openDatabase } from '../../../src/store/sqlite/database.js'
import { readMigrations } from '../../../src/store/sqlite/migrate.js'
import { openSqliteStore } from '../../../src/store/sqlite/store.js'
import type { BalanceUpdate } from '../../../src/store/store.js'
import { makeFolder } from '../../support/folder.js'
import { rowsOf } from '../../support/database.js'
import { NOW, SCENARIO } from '../../support/service.js'

const BALANCES = 'SELECT account_id, actual_balance, blocked_balance FROM accounts ORDER BY account_id'

/** Each change with what its account had before, and each account with the newest of its changes. */
const BROKEN_CHAINS = `
  SELECT c.change_id FROM balance_changes c LEFT JOIN balance_changes p ON p.change_id = c.previous_change_id
  WHERE p.change_id IS NULL AND (c.previous_change_id IS NOT NULL OR c.previous_actual IS NOT NULL)
    OR p.change_id IS NOT NULL AND (p.account_id <> c.account_id OR p.actual <> c.previous_actual OR p.blocked <> c.previous_blocked)
  UNION ALL
  SELECT last_change_id FROM accounts a JOIN balance_changes c ON c.change_id = a.last_change_id
  WHERE c.account_id <> a.account_id OR c.actual <> a.actual_balance OR c.blocked <> a.blocked_balance`

const change = fc.record({
  accountId: fc.constantFrom(1002n, 1003n, 1004n, 9007199254740992n, 9007199254740993n),
  actual: fc.bigInt({ min: -3n, max: 3n }),
  blocked: fc.bigInt({ min: 0n, max: 2n })
})

const ALL = { from: undefined, limit: 100 }

let identifier = 0

function updateOf ({ accountId, actual, blocked }: { accountId: bigint, actual: bigint, blocked: bigint }): BalanceUpdate {
  const account = SCENARIO.accounts?.find((candidate) => candidate.account_id === accountId.toString())
  identifier += 1
  return {
    source: 'sandbox',
    clientId: 123,
    identity: { identifier: `${identifier}`, fingerprint: Buffer.alloc(32) },
    items: [{ inputType: 'account', inputId: accountId, actual: { coefficient: actual, exponent: 0 }, blocked: { coefficient: blocked, exponent: 0 }, currency: `${account?.currency}` }],
    userId: undefined,
    remarks: undefined,
    reason: undefined,
    allOrNothing: true,
    dryRun: false,
    answer: () => ({ body: '', preferenceApplied: undefined })
  }
}

t.test('whatever happens after a save, a restore gives exactly the saved balances, and every history stays a chain', async (t) => {
  const databasePath = join(makeFolder(t), 'test.sqlite')
  const store = openSqliteStore({ path: databasePath, pivotCurrency: '840', clock: () => NOW })
  t.teardown(async () => { await store.close() })
  await store.loadScenario(readScenario(SCENARIO), false)
  let name = ''
  const property = fc.asyncProperty(fc.array(change, { maxLength: 6 }), fc.array(change, { maxLength: 6 }), async (before, after) => {
    for (const one of before) await store.updateBalances(updateOf(one))
    name += 'x'
    await store.saveSnapshot(name, undefined)
    const saved = rowsOf(databasePath, BALANCES)
    for (const one of after) await store.updateBalances(updateOf(one))

    const differences = await store.listDifferences(name, ALL)
    const rehearsed = await store.restoreSnapshot(name, true)
    const untouched = await store.listDifferences(name, ALL)
    const report = await store.restoreSnapshot(name, false)
    t.same(untouched, differences)
    t.same(report, rehearsed)
    t.equal(report?.restored, differences?.items.length)
    t.equal(Number(report?.restored) + Number(report?.unchanged), saved.length)
    t.same(rowsOf(databasePath, BALANCES), saved)
    t.same(await store.listDifferences(name, ALL), { items: [], next: undefined })
    t.match(await store.restoreSnapshot(name, false), { restored: 0, unchanged: saved.length })
    t.same(rowsOf(databasePath, BROKEN_CHAINS), [])
  })
  await fc.assert(property, { numRuns: 30 })
})

t.test('a snapshot\'s number is never given anew', async (t) => {
  const store = openSqliteStore({ path: join(makeFolder(t), 'test.sqlite'), pivotCurrency: '840', clock: () => NOW })
  t.teardown(async () => { await store.close() })
  await store.saveSnapshot('first', undefined)
  const first = await store.findSnapshot('first')
  await store.deleteSnapshot('first')
  await store.saveSnapshot('first', undefined)
  t.not((await store.findSnapshot('first'))?.snapshotId, first?.snapshotId)
})

t.test('a database from before can be reset to its scenario, and its rates hold from the beginning', async (t) => {
  const path = join(makeFolder(t), 'test.sqlite')
  const [first] = readMigrations()
  const old = new Database(path)
  old.exec(`${first?.sql}
    PRAGMA user_version = 1;
    INSERT INTO clients VALUES (123, 'First Bank', 0);
    INSERT INTO operations (operation_id, source, created_at_ms) VALUES (1, 'scenario', 5), (2, 'paymentology', 6);
    INSERT INTO accounts VALUES (1002, 123, '840', NULL, 700, 70, 6, 2);
    INSERT INTO balance_changes VALUES (1, 1002, NULL, 1, 0, NULL, NULL, 100, 10, 100, 10, '840', '1'), (2, 1002, 1, 2, 0, 100, 10, 700, 70, 700, 70, '840', '1');
    INSERT INTO rates VALUES ('840', '404', '129.05');`)
  old.close()
  openDatabase(path).close()
  t.same(rowsOf(path, 'SELECT * FROM rates'), [{ base: '840', quote: '404', effective_at_ms: 0n, rate: '129.05' }])
  t.same(rowsOf(path, 'SELECT name, saved_at_ms, covers_all, account_count FROM snapshots'), [{ name: 'scenario', saved_at_ms: 5n, covers_all: 1n, account_count: 1n }])
  t.same(rowsOf(path, 'SELECT account_id, client_id, currency, actual_balance, blocked_balance FROM snapshot_balances'), [{ account_id: 1002n, client_id: 123n, currency: '840', actual_balance: 100n, blocked_balance: 10n }])
})
