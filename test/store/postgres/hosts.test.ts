import { mock } from 'node:test'
import t from 'tap'
import { makeDatabaseProxy, type DatabaseProxy } from '../../support/database-proxy.js'
import { makeUpdate } from '../../support/updates.js'
import type { Test } from '../../support/folder.js'
import { openPostgresStore } from '../../../src/store/postgres/store.js'
import { NOW } from '../../support/service.js'
import { openAt, placeFor } from './places.js'

/** How long a connection may take, and after which a connection in use has its server looked for. */
const CONNECT_SECONDS = 120

/** Two ways to one server: each can be made to look like a host that only reads, or that is gone. */
async function makeHosts (t: Test): Promise<{ first: DatabaseProxy, second: DatabaseProxy, url: string }> {
  const place = await placeFor(t)
  const [first, second] = [await makeDatabaseProxy(t, place), await makeDatabaseProxy(t, place)]
  const url = new URL(place)
  const hosts = [first, second].map((proxy) => new URL(proxy.url).host).join(',')
  const query = `${url.search}&connect_timeout=${CONNECT_SECONDS}`
  return { first, second, url: `postgresql://${url.username}:${url.password}@${hosts}${url.pathname}${query}` }
}

/** Everything that says so to a client says that this server does not write. */
function onlyRead (proxy: DatabaseProxy): void {
  proxy.rewrite('off', 'yes')
}

t.test('the host that takes writes is found at the start', async (t) => {
  const { first, second, url } = await makeHosts(t)
  onlyRead(first)
  const store = await openAt(t, url)
  const before = second.roundTrips()
  t.match(await store.updateBalances(makeUpdate(1)), { kind: 'applied' })
  t.ok(second.roundTrips() > before)
  second.refuse(true)
  await t.rejects(store.updateBalances(makeUpdate(2)), { name: 'StoreUnavailableError' })
  await t.rejects(store.check(), {
    name: 'StoreUnavailableError',
    message: /^no connection to the database: (?=.*the server takes no writes)127\.0\.0\.1:\d+: .+; 127\.0\.0\.1:\d+: ./
  })
  second.refuse(false)
  t.match(await store.updateBalances(makeUpdate(2)), { kind: 'applied' })
})

t.test('no host that takes writes: the start says what each of them said', async (t) => {
  const { first, second, url } = await makeHosts(t)
  onlyRead(first)
  second.refuse(true)
  await t.rejects(openPostgresStore({ url, pivotCurrency: '840', clock: () => NOW }), {
    name: 'DatabaseError',
    message: /^the database of DATABASE_URL cannot be used: no connection .*takes no writes; 127\.0\.0\.1:\d+: \S/
  })
})

t.test('a host that became a standby is left, and its other connections with it', async (t) => {
  const { first, second, url } = await makeHosts(t)
  const store = await openAt(t, url)
  await Promise.all([1, 2, 3].map(async () => await store.readAccount(1002n)))
  t.equal(second.roundTrips(), 0)
  onlyRead(first)
  first.rewrite('ISOLATION LEVEL READ COMMITTED', 'READ ONLY')
  await t.rejects(store.updateBalances(makeUpdate(1)), { name: 'StoreUnavailableError', message: /\(25006\)$/ })
  t.match(await store.updateBalances(makeUpdate(1)), { kind: 'applied' })
  const readThrice = async (): Promise<unknown> =>
    await Promise.all([1, 2, 3].map(async () => await store.readAccount(1002n)))
  await readThrice()
  const before = first.roundTrips()
  await readThrice()
  t.equal(first.roundTrips(), before)
})

t.test('a connection whose server only reads since it was made fails the check', async (t) => {
  const proxy = await makeDatabaseProxy(t, await placeFor(t))
  const store = await openAt(t, proxy.url)
  const asked = 'current_setting(\'transaction_read_only\')'
  proxy.rewrite(asked, '\'on\''.padEnd(asked.length))
  await t.rejects(store.check(), { name: 'StoreUnavailableError', message: 'the database takes no writes' })
})

/** Lets a test say when servers are looked for. */
function holdLooks (t: Test): () => void {
  mock.timers.enable({ apis: ['setInterval'] })
  t.teardown(() => { mock.timers.reset() })
  return () => { mock.timers.tick(CONNECT_SECONDS * 1000) }
}

t.test('a server that lost its power never says so: its work is given up, also in its commit', async (t) => {
  const look = holdLooks(t)
  const { first, url } = await makeHosts(t)
  const store = await openAt(t, url)
  const frozen = first.freezeAt('SET LOCAL statement_timeout = 0')
  const update = t.rejects(store.updateBalances(makeUpdate(1)), {
    name: 'StoreUnavailableError', message: /^the database did not say whether it kept a commit: /
  })
  await frozen
  for (let looks = 0; looks < 2; looks += 1) look()
  await update
  t.match(await store.updateBalances(makeUpdate(1)), { kind: 'applied' }, 'the other host answers')
})
