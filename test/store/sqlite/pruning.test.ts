import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import { readScenario } from '../../../src/domain/scenario.js'
import type { AccountHistory } from '../../../src/store/history.js'
import { openSqliteStore } from '../../../src/store/sqlite/store.js'
import { verifyDatabase } from '../../../src/store/sqlite/verify.js'
import type { Store } from '../../../src/store/store.js'
import { decimal } from '../../support/arbitraries.js'
import { everythingIn, rowsOf } from '../../support/database.js'
import { makeFolder, type Test } from '../../support/folder.js'
import { holdsAsync } from '../../support/property.js'

const BEGINNING_MS = Date.parse('2026-01-01T00:00:00Z')
const ACCOUNTS = [1n, 2n, 3n]

const account = (accountId: bigint) => ({ client_id: 1, account_id: accountId.toString(), currency: '404', actual_balance: '0', blocked_balance: '0' })
const SCENARIO = readScenario({ clients: [{ client_id: 1, name: 'n' }], accounts: ACCOUNTS.map(account) })

/** A store whose clock the test sets, with three accounts in it. */
async function openStore (path: string): Promise<{ store: Store, at: (ms: number) => void }> {
  let ms = BEGINNING_MS
  const store = openSqliteStore({ path, pivotCurrency: '840', clock: () => new Date(ms) })
  await store.loadScenario(SCENARIO, false)
  return { store, at: (offsetMs) => { ms = BEGINNING_MS + offsetMs } }
}

async function makeStore (t: Test): Promise<Awaited<ReturnType<typeof openStore>> & { path: string }> {
  const path = join(makeFolder(t), 'test.sqlite')
  const opened = await openStore(path)
  t.teardown(async () => { await opened.store.close() })
  return { ...opened, path }
}

async function update (store: Store, accountIds: readonly bigint[], amount: number, identifier?: string): Promise<string> {
  const { kind } = await store.updateBalances({
    source: 'paymentology',
    clientId: 1,
    identity: identifier === undefined ? undefined : { identifier, fingerprint: Buffer.from(String(amount)) },
    items: accountIds.map((inputId) => ({ inputType: 'account', inputId, actual: decimal(String(amount)), blocked: decimal('0'), currency: '404' })),
    userId: undefined,
    remarks: undefined,
    reason: undefined,
    allOrNothing: false,
    dryRun: false,
    answer: () => ({ body: '{}', preferenceApplied: undefined })
  })
  return kind
}

async function historyOf (store: Store, accountId: bigint): Promise<AccountHistory['items']> {
  const history = await store.readHistory(accountId, { from: undefined, limit: 1000 })
  return typeof history === 'string' ? [] : history.items
}

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('update' as const), afterMs: fc.nat(3), accounts: fc.subarray(ACCOUNTS), identifier: fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), afterMs: fc.nat(3), accountId: fc.constantFrom(...ACCOUNTS) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('create' as const), afterMs: fc.nat(3), accountId: fc.constantFrom(...ACCOUNTS) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('prune' as const), afterMs: fc.nat(3), agoMs: fc.nat(8) }) }
)

t.test('whatever happened, a prune leaves balances, the newest rows and all that is young, and later changes go on from there', async (t) => {
  const folder = makeFolder(t)
  let run = 0
  await holdsAsync(t, fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
    const path = join(folder, `${run++}.sqlite`)
    const { store, at } = await openStore(path)
    const deletedAtMs = new Map<bigint, number>()
    let nowMs = 0
    try {
      for (const [index, next] of [...steps, { kind: 'prune' as const, afterMs: 1, agoMs: 2 }].entries()) {
        at(nowMs += next.afterMs)
        if (next.kind === 'update') await update(store, next.accounts, index, next.identifier)
        if (next.kind === 'delete' && await store.deleteAccount(next.accountId, false) !== undefined) deletedAtMs.set(next.accountId, nowMs)
        if (next.kind === 'create') {
          const wanted = readScenario({ clients: [{ client_id: 1, name: 'n' }], accounts: [account(next.accountId)] }).accounts
          if ((await store.createAccounts(wanted, false)).kind === 'carried-out') deletedAtMs.delete(next.accountId)
        }
        if (next.kind !== 'prune') continue
        const beforeMs = BEGINNING_MS + nowMs - next.agoMs
        const [whole, accounts, before] = [everythingIn(path), rowsOf(path, 'SELECT * FROM accounts'), await Promise.all(ACCOUNTS.map(async (id) => await historyOf(store, id)))]
        const promised = await store.prune(beforeMs, true)
        if (!isDeepStrictEqual(everythingIn(path), whole)) return false
        if (!isDeepStrictEqual(await store.prune(beforeMs, false), promised)) return false
        if (!isDeepStrictEqual(rowsOf(path, 'SELECT * FROM accounts'), accounts)) return false
        for (const [place, accountId] of ACCOUNTS.entries()) {
          const gone = (deletedAtMs.get(accountId) ?? Infinity) + BEGINNING_MS < beforeMs
          const wanted = before[place]?.filter((change, age) => !gone && (age === 0 || change.operation.createdAt.getTime() >= beforeMs))
          if (!isDeepStrictEqual(await historyOf(store, accountId), wanted)) return false
        }
        if (rowsOf(path, 'SELECT 1 FROM balance_changes WHERE previous_change_id NOT IN (SELECT change_id FROM balance_changes)').length > 0) return false
        if (rowsOf(path, 'SELECT 1 FROM deleted_accounts WHERE last_change_id NOT IN (SELECT change_id FROM balance_changes)').length > 0) return false
        if (rowsOf(path, 'PRAGMA foreign_key_check').length > 0) return false
      }
      return true
    } finally {
      await store.close()
    }
  }), { numRuns: 25 })
})

t.test('an old identifier can be used again, and one that is young cannot', async (t) => {
  const { store, at, path } = await makeStore(t)
  await update(store, [1n], 1, 'old')
  await update(store, [9n], 1, 'failed')
  at(1000)
  await update(store, [1n], 2, 'young')
  await update(store, [2n], 2, 'young-too')
  t.match(await store.prune(BEGINNING_MS + 1000, false), { changes: 3, answers: 2 })
  t.same(await Promise.all([update(store, [1n], 3, 'old'), update(store, [1n], 3, 'failed'), update(store, [1n], 2, 'young'), update(store, [1n], 3, 'young-too')]), ['applied', 'applied', 'replayed', 'identifier-reused'])
  t.match(rowsOf(path, 'PRAGMA integrity_check'), [{ integrity_check: 'ok' }])
})

t.test('the newest row of an account keeps what is known of its request, also when that is used again', async (t) => {
  const { store, at } = await makeStore(t)
  await update(store, [1n], 1, 'again')
  at(1000)
  await store.prune(BEGINNING_MS + 1000, false)
  t.match(await historyOf(store, 1n), [{ operation: { identifier: 'again' }, previous: { actual: 0n } }])
  t.equal(await store.readRequest(1, 'again'), undefined)
  t.equal(await update(store, [2n], 1, 'again'), 'applied')
  t.match((await store.readRequest(1, 'again'))?.changes, [{ accountId: 2n }])
})

t.test('a clock that was set back does not cut a history in its midst', async (t) => {
  const { store, at } = await makeStore(t)
  at(2000)
  await update(store, [1n], 1)
  at(500)
  await update(store, [1n], 2)
  at(3000)
  await update(store, [1n], 3)
  t.match(await store.prune(BEGINNING_MS + 1000, false), { changes: 1 })
  t.same((await historyOf(store, 1n)).map(({ next }) => next.actual), [300n, 200n, 100n])
})

t.test('an account that was deleted before its history, by the clock, stays with that', async (t) => {
  const { store, at, path } = await makeStore(t)
  at(2000)
  await update(store, [1n], 1)
  at(500)
  await store.deleteAccount(1n, false)
  at(3000)
  t.match(await store.prune(BEGINNING_MS + 1000, false), { changes: 1, deletedAccounts: 0 })
  t.match(await store.readHistory(1n, { from: undefined, limit: 10 }), { deletedAt: new Date(BEGINNING_MS + 500), items: [{ next: { actual: 100n } }] })
  t.same([...verifyDatabase(path)], [])
})

t.test('a file goes with all that it has done, but not the newest one, nor one under way', async (t) => {
  const { store, at, path } = await makeStore(t)
  const start = async (fileName: string) => await store.startBalanceFile({ clientId: 1, fileName, dryRun: false, describeFailure: () => ({ subject: 's', reason: 'r' }) })
  for (const fileName of ['old.csv', 'again.csv', 'under-way.csv']) {
    const job = await start(fileName)
    if (fileName !== 'under-way.csv') await job?.finish()
  }
  at(1000)
  await (await start('again.csv'))?.finish()
  await (await start('newest.csv'))?.finish()
  t.match(await store.prune(BEGINNING_MS + 1000, false), { balanceFiles: 1 })
  t.same(rowsOf(path, 'SELECT job_id FROM balance_files'), [2n, 3n, 4n, 5n].map((id) => ({ job_id: id })))
  at(5000)
  t.match(await store.prune(BEGINNING_MS + 4000, false), { balanceFiles: 2 })
  t.same(rowsOf(path, 'SELECT job_id FROM balance_files'), [{ job_id: 3n }, { job_id: 5n }])
  t.match(await start('next.csv'), { jobId: 6 })
})
