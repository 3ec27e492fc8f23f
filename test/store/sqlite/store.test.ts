import { copyFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readScenario } from '../../../src/domain/scenario.js'
import { openDatabase } from '../../../src/store/sqlite/database.js'
import { openSqliteStore } from '../../../src/store/sqlite/store.js'
import { bytesOf, execute, rowsOf } from '../../support/database.js'
import { makeFolder } from '../../support/folder.js'
import { makeService, NOW, SCENARIO, updateBody } from '../../support/service.js'
import { ask, DECIDING, PAYMENT_SCENARIO, payInStandIn } from '../../support/stored-payments.js'

t.test('every commit is synced, also after writes', async (t) => {
  const database = openDatabase(join(makeFolder(t), 'test.sqlite'))
  t.teardown(() => { database.close() })
  database.prepare('INSERT INTO clients VALUES (1, \'x\', 0)').run()
  t.equal(database.pragma('synchronous', { simple: true }), 2n, 'FULL')
  t.equal(database.pragma('journal_mode', { simple: true }), 'wal')
  t.equal(database.pragma('foreign_keys', { simple: true }), 1n)
})

t.test('a commit of 8 MiB leaves the log to a later one, so that hardly any waits for it', async (t) => {
  const path = join(makeFolder(t), 'test.sqlite')
  const database = openDatabase(path)
  t.teardown(() => { database.close() })
  const before = statSync(path).size
  database.exec('CREATE TABLE blobs (bytes BLOB); INSERT INTO blobs VALUES (zeroblob(8388608))')
  t.equal(statSync(path).size, before)
})

t.test('what a killed process left in the log is in the file itself once the database is opened', async (t) => {
  const folder = makeFolder(t)
  const path = (name: string): string => join(folder, `${name}.sqlite`)
  const killed = openDatabase(path('killed'))
  t.teardown(() => { killed.close() })
  killed.prepare('INSERT INTO clients VALUES (7, \'x\', 0)').run()
  for (const suffix of ['', '-wal']) copyFileSync(`${path('killed')}${suffix}`, `${path('left')}${suffix}`)
  const opened = openDatabase(path('left'))
  t.teardown(() => { opened.close() })
  copyFileSync(path('left'), path('file-alone'))
  t.same(rowsOf(path('file-alone'), 'SELECT client_id FROM clients'), [{ client_id: 7n }])
})

t.test('a client has one key of each kind at most', async (t) => {
  const database = openDatabase(join(makeFolder(t), 'test.sqlite'))
  t.teardown(() => { database.close() })
  database.prepare('INSERT INTO clients VALUES (1, \'x\', 0)').run()
  const insert = database.prepare('INSERT INTO api_keys (key_hash, kind, client_id, created_at_ms) VALUES (?, ?, 1, 0)')
  for (const kind of ['paymentology', 'amlyze']) insert.run(Buffer.from(kind), kind)
  t.throws(() => insert.run(Buffer.from('another'), 'amlyze'), { code: 'SQLITE_CONSTRAINT_UNIQUE' })
})

t.test('an account\'s history is a chain from its newest change to the balances that it began with', async (t) => {
  const { update, databasePath } = await makeService(t)
  for (const identifier of ['1', '2']) {
    await update(updateBody([{ act_balance: Number(identifier) }], { api_call_unique_identifier: identifier }))
  }
  const chain = rowsOf(databasePath, `
    WITH RECURSIVE chain AS (
      SELECT * FROM balance_changes WHERE change_id = (SELECT last_change_id FROM balances WHERE account_id = 1002)
      UNION ALL SELECT c.* FROM balance_changes c JOIN chain ON c.change_id = chain.previous_change_id)
    SELECT previous_actual, actual FROM chain`)
  t.same(chain, [
    { previous_actual: 100n, actual: 200n },
    { previous_actual: 0n, actual: 100n },
    { previous_actual: null, actual: 0n }
  ])
})

t.test('a scenario is loaded into an empty database only', async (t) => {
  const { store, read, databasePath } = await makeService(t)
  t.strictSame(
    await store.loadScenario(readScenario({ clients: [{ client_id: 9, name: 'Ninth', api_key: 'nine' }] }), false),
    { kind: 'not-empty', content: { clients: 2, accounts: 6, rates: 2 } }
  )
  t.match((await read('/accounts/1002')).json(), { actual_balance: '0.00' })
  t.same(rowsOf(databasePath, 'SELECT name FROM clients WHERE client_id = 9'), [])
})

t.test('keys are kept only as hashes', async (t) => {
  const { databasePath } = await makeService(t)
  const bytes = bytesOf(databasePath)
  t.equal(bytes.includes('First Bank'), true)
  for (const key of ['key-of-123', 'amlyze-token-of-123']) t.equal(bytes.includes(key), false)
})

t.test('those that write while a scenario is loaded come behind it', async (t) => {
  const path = join(makeFolder(t), 'test.sqlite')
  const store = openSqliteStore({ path, pivotCurrency: '840', clock: () => NOW })
  t.teardown(async () => { await store.close() })
  const loading = store.loadScenario(readScenario(SCENARIO), false)
  const creating = store.createClient({ clientId: 999, name: 'Late', keyHash: Buffer.from('late') })
  t.same(await loading, { kind: 'loaded' })
  t.match(await creating, { clientId: 999 })
  t.match(await store.countContent(), { clients: 3, accounts: 6 })
})

t.test('a payment that a process left undecided is abandoned as soon as the next one starts', async (t) => {
  const path = join(makeFolder(t), 'test.sqlite')
  const open = (): ReturnType<typeof openSqliteStore> =>
    openSqliteStore({ path, pivotCurrency: '840', clock: () => NOW })
  const ended = open()
  await ended.loadScenario(readScenario(PAYMENT_SCENARIO), false)
  const { thread: { tid } } = await ask(ended)
  t.equal(await ended.abandonPayments(DECIDING.messages), 0)
  await ended.close()
  const store = open()
  t.teardown(async () => { await store.close() })
  t.equal(await store.abandonPayments(DECIDING.messages), 1)
  t.match(await store.readTransaction(tid), { state: 'abandoned' })
})

t.test('an advice waits for those before it of its payment and feed', async (t) => {
  const path = join(makeFolder(t), 'test.sqlite')
  let ms = NOW.getTime()
  const store = openSqliteStore({ path, pivotCurrency: '840', clock: () => new Date(ms) })
  t.teardown(async () => { await store.close() })
  await store.loadScenario(readScenario(PAYMENT_SCENARIO), false)
  await payInStandIn(store)
  // No payment has two advices on one feed yet.
  execute(path, "UPDATE advices SET feed = 'active'")
  ms += 500
  const take = async (): Promise<bigint[]> =>
    (await store.claimAdvices([{ clientId: 123, limit: 64 }], 1000)).map(({ rid }) => rid)
  const [first = 0n, ...more] = await take()
  t.same(more, [])
  await store.settleAdvice(first, { kind: 'failed', reason: 'refused', waitMs: 2000 })
  ms += 1000
  t.same(await take(), [], 'one that is tried again keeps its place')
  await store.settleAdvice(first, { kind: 'acknowledged' })
  t.same(await take(), [first + 1n])
})
