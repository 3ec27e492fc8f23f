import t from 'tap'
import type { BalanceUpdate } from '../../../src/store/port/balance-updates.js'
import { withAdvice } from '../../../src/store/postgres/pooler.js'
import { migratePostgres, verifyPostgres } from '../../../src/store/postgres/store.js'
import { allOf } from '../../support/all-of.js'
import { makeDatabaseProxy } from '../../support/database-proxy.js'
import { makePooler } from '../../support/pooler.js'
import { makeEmptyPostgresPlace, sharedPostgresUrl } from '../../support/postgres-places.js'
import { makeUpdate } from '../../support/updates.js'
import { openAt, placeFor } from './places.js'

const MISPLACED = new RegExp('prepared statement "stip_.*" (does not exist \\(26000\\)|already exists \\(42P05\\))' +
  '\\. A pooler .* must use its session mode, .* PgBouncer from 1\\.21 on, with max_prepared_statements above 0$')

const CONNECTIONS = 6

t.test('a pooler that gives servers away with their prepared statements is refused at the start', async (t) => {
  const { url } = await makePooler(t, await makeEmptyPostgresPlace())
  for (const work of ['the first', 'another']) {
    await t.rejects(migratePostgres(url), { name: 'DatabaseError', message: MISPLACED }, work)
  }
})

t.test('a pooler that begins to misplace statements costs no balance, and the error names it', async (t) => {
  const place = await placeFor(t)
  const pooler = await makePooler(t, place, false)
  const store = await openAt(t, pooler.url, { connections: CONNECTIONS })
  const updates = [1, 2, 3, 4].map((actual) => makeUpdate(actual, {
    identity: { identifier: `update ${actual}`, fingerprint: Buffer.from(String(actual)) },
    answer: () => ({ body: '{}', preferenceApplied: undefined })
  }))
  pooler.share(true)

  /** Gives what became of an update; undefined when it was refused. */
  async function send (update: BalanceUpdate): Promise<string | undefined> {
    try {
      return (await store.updateBalances(update)).kind
    } catch (error) {
      t.match(error, { name: 'StoreUnavailableError', message: MISPLACED })
      return undefined
    }
  }

  const answers: Array<string | undefined> = []
  for (const update of updates) answers.push(await send(update))
  t.ok(answers.includes(undefined), 'the pooler did so')
  pooler.share(false)
  for (const [index, update] of updates.entries()) {
    let again: string | undefined
    // Each connection may be refused once, and is left then.
    for (let attempt = 0; attempt <= CONNECTIONS && again === undefined; attempt += 1) again = await send(update)
    t.equal(again, answers[index] === undefined ? 'applied' : 'replayed')
  }
  t.same(await allOf(verifyPostgres(place)), [])
})

t.test('a schema that a pooler leaves out is missed at the start, however `options` names it', async (t) => {
  const place = await placeFor(t)
  const [schema = ''] = /place_\w+$/.exec(place) ?? []
  const proxy = await makeDatabaseProxy(t, place)
  // The server takes every setting with a dot in its name.
  proxy.rewrite('-csearch_path=', '-cstip.schema=')
  await t.rejects(migratePostgres(proxy.url), {
    name: 'DatabaseError',
    message: new RegExp(`the search_path is .*public and not ${schema}, .* left it out\\. .*ALTER ROLE`)
  })
  for (const options of [
    `-c search_path=${schema}`, `--search-path=${schema}`, `-csearch_path=elsewhere -cSearch_Path=${schema}`,
    `-cgeqo=off -csearch_path="${schema}",\\ pg_catalog`
  ]) {
    const url = `${place.replace(/\?.*/, '')}?options=${encodeURIComponent(options)}`
    await t.resolves(migratePostgres(url), options)
  }
})

t.test('where a pooler refuses a connection or does not answer, the error says what to do', async (t) => {
  const proxy = await makeDatabaseProxy(t, `${await sharedPostgresUrl()}?options=-cnonsense%3D1`)
  // What PgBouncer says of `options`.
  proxy.rewrite('unrecognized configuration parameter', 'unsupported startup parameter:')
  await t.rejects(migratePostgres(proxy.url), {
    message: /unsupported startup parameter: .*a pooler does not take it\. Take `options` out of DATABASE_URL/
  })
  t.match(withAdvice('Query read timeout'), /^Query read timeout: .* all services together .* DATABASE_CONNECTIONS/)
  t.equal(withAdvice('connect ECONNREFUSED 127.0.0.1:5432'), 'connect ECONNREFUSED 127.0.0.1:5432')
})

t.test('other settings in `options` say nothing of a schema', async (t) => {
  const url = `${await sharedPostgresUrl()}?options=-cgeqo%3Doff`
  await t.rejects(allOf(verifyPostgres(url)), { message: /"stip_migrations" does not exist/ })
})

t.test('a connection whose statements somebody has removed is left for a new one', async (t) => {
  const proxy = await makeDatabaseProxy(t, await placeFor(t))
  const store = await openAt(t, proxy.url, { connections: 4 })
  await store.readAccount(1002n)
  proxy.rewrite('SELECT count(*) AS version FROM stip_migrations', 'DEALLOCATE ALL')
  await store.check()
  await t.rejects(store.readAccount(1002n), { name: 'StoreUnavailableError', message: MISPLACED })
  t.match(await store.readAccount(1002n), { accountId: 1002n })
})
