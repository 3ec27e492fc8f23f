import { inspect } from 'node:util'
import t from 'tap'
import { openPostgresStore } from '../../../src/store/postgres/store.js'
import { UNOBSERVED } from '../../../src/store/port/observer.js'
import type { BalanceUpdate } from '../../../src/store/port/balance-updates.js'
import type { Store } from '../../../src/store/port/store.js'
import { allOf } from '../../support/all-of.js'
import { makeDatabaseProxy } from '../../support/database-proxy.js'
import { NOW } from '../../support/service.js'
import { makeUpdate } from '../../support/updates.js'
import { connect } from './holders.js'
import { openAt, openImpatient, placeFor } from './places.js'

function updateOf (identifier: string, actual: number, more: Partial<BalanceUpdate> = {}): BalanceUpdate {
  const identity = { identifier, fingerprint: Buffer.from(String(actual)) }
  const answer: BalanceUpdate['answer'] = () => ({ body: String(actual), preferenceApplied: undefined })
  return makeUpdate(actual, { identity, answer, ...more })
}

async function actualOf (store: Store, accountId = 1002n): Promise<bigint | undefined> {
  return (await store.readAccount(accountId))?.balances.actual
}

t.test('a group of updates takes seven round trips at most, however many there are', async (t) => {
  const proxy = await makeDatabaseProxy(t, await placeFor(t))
  const groups: number[] = []
  const observer = { ...UNOBSERVED, committed: (groupSize: number) => { groups.push(groupSize) } }
  const store = await openAt(t, proxy.url, { observer })
  await store.attachToken(1002n, 99n)
  await store.updateBalances(updateOf('first', 1))
  const before = proxy.roundTrips()
  const { items: [item] } = makeUpdate(2)
  const byToken = { ...item, inputType: 'token', inputId: 99n } as BalanceUpdate['items'][number]
  const items = [item, byToken, { ...item, inputId: 1004n }] as BalanceUpdate['items']
  await Promise.all(Array.from({ length: 20 }, async (_, index) =>
    await store.updateBalances(updateOf(`together ${index}`, index, { items }))))
  t.same(groups, [1, 20])
  t.ok(proxy.roundTrips() - before <= 7, `${proxy.roundTrips() - before} round trips`)
  t.ok(proxy.roundTrips() - before >= 5, 'they are counted')
})

t.test('a commit whose answer is lost is not repeated; the same request finds what became of it', async (t) => {
  const place = await placeFor(t)
  const proxy = await makeDatabaseProxy(t, place)
  const store = await openAt(t, proxy.url)
  const direct = await openAt(t, place)
  for (const [reaches, kind] of [[true, 'replayed'], [false, 'applied']] as const) {
    proxy.breakAt('SET LOCAL statement_timeout = 0', reaches)
    const update = updateOf(`lost ${kind}`, 5)
    await t.rejects(store.updateBalances(update), {
      name: 'StoreUnavailableError',
      message: /^the database did not say whether it kept a commit: .*Send the same request again$/
    })
    t.match(await store.updateBalances(update), { kind })
    t.match(await direct.updateBalances(update), { kind: 'replayed' })
  }
  const history = await direct.readHistory(1002n, { from: undefined, limit: 10 })
  t.equal(typeof history === 'string' ? history : history.items.length, 3, 'the scenario, and each update once')
})

t.test('a warning at the commit, as of a cancelled wait for the standby, leaves the outcome unknown', async (t) => {
  const place = await placeFor(t)
  const store = await openAt(t, `${place}%20-cclient_min_messages%3Derror`)
  const client = await connect(t, place)
  await client.query(`CREATE FUNCTION warn () RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE WARNING 'canceling wait for synchronous replication' USING ERRCODE = '01000'; RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER warns AFTER INSERT ON operations
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION warn()`)
  t.teardown(async () => { await client.query('DROP TRIGGER warns ON operations; DROP FUNCTION warn') })
  await t.rejects(store.updateBalances(updateOf('warned', 1)), { message: /did not say whether .* canceling wait/ })
  t.match(await store.updateBalances(updateOf('warned', 1)), { kind: 'replayed' })
})

t.test('a connection that breaks before the commit leaves nothing, and the next request succeeds', async (t) => {
  const proxy = await makeDatabaseProxy(t, await placeFor(t))
  const store = await openAt(t, proxy.url)
  for (const [index, text] of ['SELECT', 'INSERT INTO', 'last_number', 'BEGIN'].entries()) {
    proxy.breakAt(text, false)
    await t.rejects(store.updateBalances(updateOf(`broken ${index}`, 7)), {
      name: 'StoreUnavailableError', message: /\(the connection to the database failed\)$/
    }, text)
  }
  t.equal(await actualOf(store), 0n)
  t.match(await store.updateBalances(updateOf('broken 0', 7)), { kind: 'applied' })
  t.equal(await actualOf(store), 700n)
})

t.test('a reading in slices whose connection breaks says so', async (t) => {
  const proxy = await makeDatabaseProxy(t, await placeFor(t))
  const store = await openAt(t, proxy.url)
  proxy.breakAt('amlyze_token_hash', false)
  await t.rejects(allOf(store.exportScenario()), { name: 'StoreUnavailableError' })
  t.equal((await allOf(store.exportScenario())).length, 4)
  t.equal(await store.countOtherProcesses(), 0)
})

t.test('a database that cannot be reached is not available, and is again', async (t) => {
  const proxy = await makeDatabaseProxy(t, await placeFor(t))
  const store = await openAt(t, proxy.url)
  proxy.refuse(true)
  const attempts: ReadonlyArray<() => Promise<unknown>> = [
    store.check, async () => await store.updateBalances(updateOf('x', 1)), async () => await store.readAccount(1002n),
    async () => await allOf(store.exportScenario())
  ]
  for (const attempt of attempts) await t.rejects(attempt(), { name: 'StoreUnavailableError' })
  proxy.refuse(false)
  await store.check()
  proxy.breakAt('synchronous_standby_names', false)
  await t.rejects(store.check(), { name: 'StoreUnavailableError' }, 'a connection that was open')
  await store.check()
  t.match(await store.updateBalances(updateOf('x', 1)), { kind: 'applied' })
})

t.test('a statement that takes too long is given up, and nothing of its work is left', async (t) => {
  const place = await placeFor(t)
  const store = await openAt(t, place)
  const impatient = await openImpatient(t, place, { statementTimeoutMs: 50 })
  const client = await connect(t, place)
  await client.query('BEGIN; SELECT 1 FROM balances WHERE account_id = 1002 FOR UPDATE')
  await t.rejects(impatient.updateBalances(updateOf('slow', 1)), {
    name: 'StoreUnavailableError', message: /timeout \(57014\)$/
  })
  await client.query('ROLLBACK')
  t.match(await store.updateBalances(updateOf('slow', 1)), { kind: 'applied' })
})

t.test('work that meets others again and again is given up in the end', async (t) => {
  const place = await placeFor(t)
  const store = await openAt(t, place)
  const client = await connect(t, place)
  const attempts = async (): Promise<unknown> =>
    (await client.query('SELECT last_value::int AS count FROM attempts')).rows
  await client.query(`CREATE SEQUENCE attempts;
    CREATE FUNCTION refuse () RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM nextval('attempts'); RAISE 'no' USING ERRCODE = TG_ARGV[0]; END $$;`)
  t.teardown(async () => { await client.query('DROP FUNCTION refuse CASCADE; DROP SEQUENCE attempts') })
  for (const [code, expected, count] of [
    ['40001', { name: 'StoreUnavailableError', message: 'no (40001)' }, 5],
    ['40P01', { name: 'StoreUnavailableError' }, 10],
    ['23505', { code: '23505' }, 15],
    ['22000', { code: '22000' }, 16]
  ] as const) {
    await client.query(`CREATE TRIGGER refuses BEFORE INSERT ON tokens FOR EACH ROW EXECUTE FUNCTION refuse('${code}')`)
    await t.rejects(store.attachToken(1002n, 55n), expected, code)
    t.same(await attempts(), [{ count }], `${code}: how often it was tried`)
    await client.query('DROP TRIGGER refuses ON tokens')
  }
  t.match(await store.attachToken(1002n, 55n), { kind: 'attached' })
})

t.test('a failing COMMIT that the server has answered is repeated like any other conflict', async (t) => {
  const place = await placeFor(t)
  const store = await openAt(t, place)
  const client = await connect(t, place)
  await client.query(`CREATE SEQUENCE commits; CREATE FUNCTION refuse () RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN IF nextval('commits') < 3 THEN RAISE 'no' USING ERRCODE = '40001'; END IF; RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER refuses AFTER INSERT ON tokens
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()`)
  t.teardown(async () => {
    await client.query('DROP TRIGGER refuses ON tokens; DROP FUNCTION refuse; DROP SEQUENCE commits')
  })
  t.match(await store.attachToken(1002n, 55n), { kind: 'attached' })
})

t.test('no password is in the error of a database that cannot be used', async (t) => {
  const url = new URL(await placeFor(t))
  url.port = '1'
  url.password = 'very-secret'
  const error = await openPostgresStore({ url: url.href, pivotCurrency: '840', clock: () => NOW })
    .catch((error: Error) => error)
  t.match(error, {
    name: 'DatabaseError',
    message: /^the database of DATABASE_URL cannot be used: no connection to the database: /
  })
  t.notMatch(inspect(error, { depth: 10, showHidden: true }), 'very-secret')
})

t.test('a COMMIT that the server answers with ROLLBACK is never called done', async (t) => {
  const proxy = await makeDatabaseProxy(t, await placeFor(t))
  const store = await openAt(t, proxy.url)
  proxy.rewrite('COMMIT\0', 'ABORT \0')
  await t.rejects(store.attachToken(1002n, 55n), {
    name: 'StoreUnavailableError', message: 'the database answered a commit with ROLLBACK: nothing of it was written'
  })
  t.same((await store.readAccount(1002n))?.cards, [])
})

t.test('a look-up of a key takes one round trip and no transaction', async (t) => {
  const proxy = await makeDatabaseProxy(t, await placeFor(t))
  const store = await openAt(t, proxy.url)
  await store.findClientByKey('paymentology', Buffer.alloc(32))
  const before = proxy.roundTrips()
  t.equal(await store.findClientByKey('paymentology', Buffer.alloc(32)), undefined)
  t.equal(proxy.roundTrips() - before, 1)
})

t.test('keys that are looked up at once are asked for together, and each gets its own client', async (t) => {
  const proxy = await makeDatabaseProxy(t, await placeFor(t))
  const store = await openAt(t, proxy.url)
  const keys = [1, 2, 3].map((clientId) => ({ clientId, keyHash: Buffer.alloc(32, clientId) }))
  for (const { clientId, keyHash } of keys) await store.createClient({ clientId, name: 'Bank', keyHash })
  const before = proxy.roundTrips()
  const asked = [...keys, { clientId: undefined, keyHash: Buffer.alloc(32, 9) }, ...keys]
  t.same(
    await Promise.all(asked.map(async ({ keyHash }) => await store.findClientByKey('paymentology', keyHash))),
    asked.map(({ clientId }) => clientId))
  t.equal(proxy.roundTrips() - before, 1)
})

t.test('what is counted: connections, transactions, and what was repeated', async (t) => {
  const place = await placeFor(t)
  const counted: Array<string | number> = []
  const observer = {
    ...UNOBSERVED,
    retried: (sqlState: string) => { counted.push(sqlState) },
    transacted: (transactionMs: number) => { counted.push(Math.sign(transactionMs)) }
  }
  const store = await openAt(t, place, { observer, connections: 4 })
  const gauge = async (name: string): Promise<unknown> =>
    await store.gauges.find((known) => known.name === `stip_database_connections_${name}`)?.read()
  const client = await connect(t, place)
  counted.length = 0
  await store.readAccount(1002n)
  t.same(counted, [1])
  await client.query('BEGIN; SELECT 1 FROM accounts WHERE account_id = 1002 FOR UPDATE')
  const waiting = [store.attachToken(1002n, 55n), store.attachToken(1002n, 56n)]
  while (await gauge('in_use') === 0) await new Promise(setImmediate)
  t.same([await gauge('in_use'), await gauge('waiting')], [1, 1])
  await client.query('ROLLBACK')
  await Promise.all(waiting)
  t.same([await gauge('in_use'), await gauge('waiting')], [0, 0])
  t.ok(Number(await gauge('idle')) >= 1)
})

t.test('work that finds no free connection is not available for now', async (t) => {
  const place = await placeFor(t)
  const store = await openAt(t, `${place}&connect_timeout=3`, { connections: 4 })
  const client = await connect(t, place)
  await client.query('BEGIN; LOCK TABLE accounts')
  const first = store.readAccount(1002n)
  await t.rejects(store.readAccount(1002n), {
    name: 'StoreUnavailableError', message: /^no connection to the database: timeout exceeded/
  })
  await client.query('ROLLBACK')
  t.match(await first, { accountId: 1002n })
})

t.test('a connection that breaks when work is taken back is not used again', async (t) => {
  const place = await placeFor(t)
  const proxy = await makeDatabaseProxy(t, place)
  const store = await openAt(t, proxy.url)
  const client = await connect(t, place)
  await client.query(`CREATE FUNCTION refuse () RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE 'no' USING ERRCODE = '57014'; END $$;
    CREATE TRIGGER refuses BEFORE INSERT ON tokens FOR EACH ROW EXECUTE FUNCTION refuse()`)
  t.teardown(async () => { await client.query('DROP FUNCTION refuse CASCADE') })
  proxy.breakAt('ROLLBACK', false)
  await t.rejects(store.attachToken(1002n, 55n), { name: 'StoreUnavailableError', message: /\(57014\)$/ })
  await client.query('DROP TRIGGER refuses ON tokens')
  t.match(await store.attachToken(1002n, 55n), { kind: 'attached' })
})

t.test('numbers that cannot be drawn fail the work that wants them', async (t) => {
  const place = await placeFor(t)
  const store = await openAt(t, place)
  const client = await connect(t, place)
  await client.query('ALTER TABLE sequences RENAME TO hidden')
  await t.rejects(store.updateBalances(updateOf('none', 1)), { code: '42P01' })
  await client.query('ALTER TABLE hidden RENAME TO sequences')
  t.match(await store.updateBalances(updateOf('none', 1)), { kind: 'applied' })
})

t.test('what the URL leaves out is taken from libpq\'s variables', async (t) => {
  const place = new URL(await placeFor(t))
  const variables = { PGUSER: place.username, PGPASSWORD: place.password, PGDATABASE: place.pathname.slice(1) }
  const before = { ...process.env }
  Object.assign(process.env, variables)
  t.teardown(() => {
    for (const name of Object.keys(variables)) delete process.env[name]
    Object.assign(process.env, before)
  })
  const store = await openAt(t, `postgresql://${place.host}/${place.search}`)
  t.match(await store.check(), { engine: 'PostgreSQL' })
})
