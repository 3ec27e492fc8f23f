import pg from 'pg'
import t from 'tap'
import { OWN_TABLES, readMigrations } from '../../../src/store/postgres/migrate.js'
import { openPostgresStore, verifyPostgres } from '../../../src/store/postgres/store.js'
import { allOf } from '../../support/all-of.js'
import { makeDatabaseProxy } from '../../support/database-proxy.js'
import { makeEmptyPostgresPlace } from '../../support/postgres-places.js'
import { NOW } from '../../support/service.js'
import { connect, untilBlocked } from './holders.js'
import { openAt, placeFor } from './places.js'

const options = { pivotCurrency: '840', clock: () => NOW }

async function execute (url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

/** The number of the newest migration. */
const NEWEST = readMigrations().length

t.test('many processes that start at the same moment migrate once', async (t) => {
  const url = await makeEmptyPostgresPlace()
  const stores = await Promise.all([1, 2, 3, 4].map(async () => await openPostgresStore({ url, ...options })))
  for (const store of stores) await store.check()
  await Promise.all(stores.map(async (store) => { await store.close() }))
  t.same(await execute(url, 'SELECT count(*) FROM stip_migrations'), [{ count: String(NEWEST) }])
  t.same(await execute(url, 'SELECT * FROM leases'), [], 'nobody holds the lease any more')
})

t.test('a table that another process makes at the same moment is there in the end', async (t) => {
  const url = await makeEmptyPostgresPlace()
  const other = await connect(t, url)
  await other.query('BEGIN; CREATE TABLE stip_migrations (version bigint PRIMARY KEY, applied_at_ms bigint NOT NULL)')
  const opening = openPostgresStore({ url, ...options })
  await untilBlocked(t, url, other, opening)
  await other.query('COMMIT')
  await (await opening).close()
  t.same(await execute(url, 'SELECT count(*) FROM stip_migrations'), [{ count: String(NEWEST) }])
})

t.test('a table that cannot be made is not tried for ever', async (t) => {
  const url = await makeEmptyPostgresPlace()
  await execute(url, 'CREATE DOMAIN leases AS text')
  await t.rejects(openPostgresStore({ url, ...options }), { name: 'DatabaseError', message: /"leases" already exists/ })
})

t.test('a process takes over the migration of one that is gone, and waits for one that is not', async (t) => {
  const url = await makeEmptyPostgresPlace()
  await execute(url, `${OWN_TABLES};
    INSERT INTO leases VALUES ('migration', 'busy', now() + interval '1 hour'); CREATE SEQUENCE looks;
    CREATE FUNCTION look () RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM nextval('looks'); RETURN NEW; END $$;
    CREATE TRIGGER looks BEFORE INSERT ON leases FOR EACH ROW EXECUTE FUNCTION look()`)
  const opening = openPostgresStore({ url, ...options })
  let looks = 0
  while (looks < 3) {
    [{ looks }] = await execute(url, 'SELECT last_value::int AS looks FROM looks') as [{ looks: number }]
  }
  t.same(await execute(url, 'SELECT owner FROM leases'), [{ owner: 'busy' }])
  t.same(await execute(url, 'SELECT * FROM stip_migrations'), [])
  await execute(url, 'UPDATE leases SET expires_at = now()')
  await (await opening).close()
  t.same(await execute(url, 'SELECT count(*) FROM stip_migrations'), [{ count: String(NEWEST) }])
})

t.test('a connection that breaks in a migration is what the start names', async (t) => {
  const place = await makeEmptyPostgresPlace()
  const proxy = await makeDatabaseProxy(t, place)
  proxy.breakAt('CREATE TABLE clients', false)
  await t.rejects(openPostgresStore({ url: proxy.url, ...options }), {
    name: 'DatabaseError', message: /^the database of DATABASE_URL cannot be used: Connection terminated unexpectedly/
  })
  await execute(place, 'UPDATE leases SET expires_at = now()')
  await (await openPostgresStore({ url: place, ...options })).close()
})

t.test('a migration that fails leaves nothing and frees the lease', async (t) => {
  const url = await makeEmptyPostgresPlace()
  await execute(url, `${OWN_TABLES}; CREATE TABLE rates (x int)`)
  await t.rejects(openPostgresStore({ url, ...options }), {
    name: 'DatabaseError', message: /relation "rates" already exists/
  })
  t.same(await execute(url, 'SELECT * FROM leases'), [])
  await execute(url, 'DROP TABLE rates')
  await (await openPostgresStore({ url, ...options })).close()
})

t.test('a migration that takes longer than its lease ends in one schema, and both processes start', async (t) => {
  const url = await makeEmptyPostgresPlace()
  const slow = await connect(t, url)
  await slow.query(OWN_TABLES)
  await slow.query('INSERT INTO leases VALUES (\'migration\', \'slow\', now() - interval \'1 second\')')
  await slow.query(`BEGIN; ${readMigrations()[0] as string}; INSERT INTO stip_migrations VALUES (1, 0)`)
  const opening = openPostgresStore({ url, ...options })
  await untilBlocked(t, url, slow, opening)
  await slow.query('COMMIT')
  await (await opening).close()
  t.same(await execute(url, 'SELECT count(*) FROM stip_migrations'), [{ count: String(NEWEST) }])
})

t.test('another program\'s database is refused untouched', async (t) => {
  const url = await makeEmptyPostgresPlace()
  await execute(url, 'CREATE TABLE orders (order_id int)')
  await t.rejects(openPostgresStore({ url, ...options }), {
    name: 'DatabaseError',
    message: 'the database has tables of another program (orders). ' +
      'Set DATABASE_URL to an empty database or to one of stip-sandbox'
  })
  await t.rejects(allOf(verifyPostgres(url)), { name: 'DatabaseError' })
  const tables = await execute(url,
    'SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()')
  t.same(tables, [{ table_name: 'orders' }])
})

t.test('a user who may make no tables is refused', async (t) => {
  const url = await makeEmptyPostgresPlace()
  const schema = new URL(url).search.slice(1).replace('options=-csearch_path%3D', '')
  await execute(url, `CREATE ROLE weak LOGIN PASSWORD 'weak'; GRANT USAGE ON SCHEMA ${schema} TO weak`)
  t.teardown(async () => { await execute(url, 'DROP OWNED BY weak; DROP ROLE weak') })
  const weak = new URL(url)
  weak.username = weak.password = 'weak'
  await t.rejects(openPostgresStore({ url: weak.href, ...options }), {
    name: 'DatabaseError', message: /^the database of DATABASE_URL cannot be used: permission denied for schema/
  })
})

t.test('a database of a newer version is refused, and one of an older version is not ready', async (t) => {
  const url = await placeFor(t)
  const store = await openAt(t, url)
  await execute(url, `INSERT INTO stip_migrations VALUES (${NEWEST + 1}, 0)`)
  await t.rejects(openPostgresStore({ url, ...options }), {
    name: 'DatabaseError', message: new RegExp(`newer version of stip-sandbox \\(schema ${NEWEST + 1}, `)
  })
  await execute(url, `DELETE FROM stip_migrations WHERE version >= ${NEWEST}`)
  await t.rejects(store.check(), { message: new RegExp(`has schema ${NEWEST - 1} and this version needs ${NEWEST}`) })
  await execute(url, `INSERT INTO stip_migrations VALUES (${NEWEST}, 0)`)
  await store.check()
})

t.test('other decimals of a currency are refused, also of one that another process remembers first', async (t) => {
  const url = await placeFor(t)
  await openAt(t, url)
  const other = await connect(t, url)
  const refusal = {
    name: 'DatabaseError',
    message: /^the database keeps amounts in KWD with 2 decimals, and this version knows KWD with 3: /
  }
  await other.query('DELETE FROM currencies WHERE numeric_code = \'414\'')
  await other.query('BEGIN; INSERT INTO currencies VALUES (\'414\', \'KWD\', 2)')
  const opening = openPostgresStore({ url, ...options })
  await Promise.all([t.rejects(opening, refusal), (async () => {
    await untilBlocked(t, url, other, opening)
    await other.query('COMMIT')
  })()])
  await t.rejects(openPostgresStore({ url, ...options }), refusal)
  await other.query('UPDATE currencies SET minor_unit_decimals = 3 WHERE numeric_code = \'414\'')
})

t.test('a change whose operation or currency is not there is named', async (t) => {
  const url = await placeFor(t)
  await openAt(t, url)
  await execute(url, `UPDATE balance_changes SET operation_id = 90 WHERE account_id = 1003;
    UPDATE balance_changes SET sent_currency = '777' WHERE account_id = 1004;
    UPDATE sequences SET last_number = 200 WHERE name = 'operation'`)
  const faults = await allOf(verifyPostgres(url))
  t.match(faults.join('\n'), /^change \d+ of account 1003 is one of operation 90, which is not there$/m)
  t.match(faults.join('\n'), new RegExp('^change \\d+ of account 1004 is in currency 392 and was sent in 777, ' +
    'and one of them is not known$', 'm'))
})

t.test('what breaks a rule is named', async (t) => {
  const url = await placeFor(t)
  await openAt(t, url)
  const insert =
    'INSERT INTO operations (operation_id, source, client_id, identifier, fingerprint, answer_body, created_at_ms)'
  await execute(url, `${insert} VALUES
    (100, 'paymentology', 123, 'a', '', 'no json', 0),
    (101, 'sandbox', 123, 'b', '', '{}', 0),
    (102, 'paymentology', 123, 'c', '', '{"body":{"total_failed":0}}', 0),
    (103, 'paymentology', 123, 'd', '', '{"body":{"total_failed":1}}', 0),
    (104, 'paymentology', 123, 'e', '', '{"body":{"results":[{"status":"updated"}]}}', 0),
    (105, 'paymentology', 123, 'f', '', '{"body":{"results":[]}}', 0);
    UPDATE sequences SET last_number = 200 WHERE name = 'operation';
    UPDATE balances SET actual = 7 WHERE account_id = 1002`)
  t.same(await allOf(verifyPostgres(url)), [
    'account 1002: its balances are 7 actual and 0 blocked, and its newest change, 3, has 0 and 0 (in minor units)',
    'operation 100 has an answer that is no JSON',
    'operation 102 answered some updated items and has 0 changes',
    'operation 104 answered 1 updated items and has 0 changes'
  ])
  await execute(url, `${insert}
    SELECT number, 'sandbox', 123, number, '', '{}', 0 FROM generate_series(1000, 2100) AS number;
    ${insert} VALUES (3000, 'sandbox', 123, 'last', '', 'no json', 0);
    UPDATE sequences SET last_number = 3000 WHERE name = 'operation'`)
  t.match((await allOf(verifyPostgres(url))).at(-1), 'operation 3000 has an answer that is no JSON',
    'all of many are looked at')
})
