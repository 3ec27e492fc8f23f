import { readFileSync } from 'node:fs'
import pg from 'pg'
import t from 'tap'
import { readMigrations } from '../../../src/store/postgres/migrate.js'
import { findSchemaFaults, SCHEMA_FILE } from '../../../src/store/postgres/schema-check.js'
import { openPostgresStore, verifyPostgres } from '../../../src/store/postgres/store.js'
import { allOf } from '../../support/all-of.js'
import { makeEmptyPostgresPlace } from '../../support/postgres-places.js'
import { describeMigrations } from '../../support/postgres-schema.js'
import { NOW } from '../../support/service.js'
import { connect } from './holders.js'

t.test('the file says what the migrations make: `npm run schema` writes it', async (t) => {
  t.equal(readFileSync(SCHEMA_FILE, 'utf8'), await describeMigrations(await makeEmptyPostgresPlace()))
})

const DAMAGES: ReadonlyArray<readonly [sql: string, fault: string]> = [
  ['DROP INDEX operations_by_identifier', 'index operations_by_identifier is missing'],
  [
    'DROP INDEX transactions_by_idempotency_key; ' +
      'CREATE INDEX transactions_by_idempotency_key ON transactions (idempotency_key)',
    'index transactions_by_idempotency_key is not what the migrations make'
  ],
  [
    'UPDATE pg_index SET indisvalid = FALSE WHERE indexrelid = \'holds_by_account\'::regclass',
    'index holds_by_account is missing'
  ],
  ['ALTER TABLE balances DROP CONSTRAINT balances_pkey', 'constraint balances_pkey of balances is missing'],
  ['ALTER TABLE tokens DROP CONSTRAINT tokens_pkey', 'constraint tokens_pkey of tokens is missing'],
  ['ALTER TABLE messages DROP CONSTRAINT messages_tid_fkey', 'constraint messages_tid_fkey of messages is missing'],
  [
    `ALTER TABLE balances DROP CONSTRAINT balances_blocked_check;
     ALTER TABLE balances ADD CONSTRAINT balances_blocked_check CHECK (blocked >= -1)`,
    'constraint balances_blocked_check of balances is not what the migrations make'
  ],
  ['ALTER TABLE balances ALTER actual TYPE numeric', 'column balances.actual is not what the migrations make'],
  ['ALTER TABLE balances ALTER actual DROP NOT NULL', 'column balances.actual is not what the migrations make'],
  ['ALTER TABLE tokens ALTER state SET DEFAULT \'lost\'', 'column tokens.state is not what the migrations make'],
  [
    'ALTER TABLE rates ALTER base TYPE text COLLATE "default"', 'column rates.base is not what the migrations make'
  ],
  ['ALTER TABLE events DROP COLUMN data', 'column events.data is missing'],
  ['ALTER TABLE events SET UNLOGGED', 'table events is not what the migrations make']
]

const POSTGRESQL = { engine: 'PostgreSQL' } as const

t.test('a schema that lacks anything is named by verify, and refused at the start', async (t) => {
  const url = await makeEmptyPostgresPlace()
  const other = await connect(t, url)
  await describeMigrations(url)
  await other.query(`INSERT INTO stip_migrations SELECT n, 0
    FROM generate_series(1, $1::bigint) AS n`, [readMigrations().length])
  for (const [sql, fault] of DAMAGES) {
    await other.query(`BEGIN; ${sql}`)
    const send = async (text: string): Promise<pg.QueryResult> => await other.query(text)
    t.same(await findSchemaFaults(send, POSTGRESQL), [fault], sql)
    await other.query('ROLLBACK')
  }
  await other.query('DROP INDEX operations_by_identifier; DROP TABLE events')
  const faults = await allOf(verifyPostgres(url))
  t.match(faults, ['column events.at_ms is missing'])
  t.match(faults.slice(-2), ['index operations_by_identifier is missing', 'table events is missing'])
  await t.rejects(openPostgresStore({ url, pivotCurrency: '840', clock: () => NOW }), {
    name: 'DatabaseError', message: /^the tables of DATABASE_URL are damaged: column events\.at_ms is missing\. Make it/
  })
})

t.test('what an operator adds, or stores in another way, is no fault', async (t) => {
  const url = await makeEmptyPostgresPlace()
  const other = await connect(t, url)
  await describeMigrations(url)
  await other.query(`CREATE TABLE ours (number bigint PRIMARY KEY); CREATE INDEX ours_too ON balances (actual);
    ALTER INDEX operations_by_identifier SET (fillfactor = 70); ALTER INDEX balances_pkey SET (fillfactor = 70);
    ALTER TABLE balances SET (fillfactor = 50); ALTER TABLE events ADD COLUMN seen bigint`)
  t.same(await findSchemaFaults(async (text) => await other.query(text), POSTGRESQL), [])
})

t.test('servers that describe tables in words of their own are not asked', async (t) => {
  const send = async (): Promise<never> => { throw new Error('it is asked') }
  for (const engine of ['CockroachDB', 'YugabyteDB'] as const) t.same(await findSchemaFaults(send, { engine }), [])
})
