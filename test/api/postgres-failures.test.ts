import t from 'tap'
import pg from 'pg'
import { buildApp } from '../../src/app.js'
import { makeMetrics } from '../../src/metrics.js'
import { readScenario } from '../../src/domain/scenario.js'
import { openPostgresStore } from '../../src/store/postgres/store.js'
import { makeDatabaseProxy } from '../support/database-proxy.js'
import { patient } from '../support/patience.js'
import { takePostgresPlace, returnPostgresPlace } from '../support/postgres-places.js'
import { startPostgresServer } from '../support/postgres-server.js'
import {
  ADMIN_TOKEN, AMLYZE_LISTS, AUTHORIZATION, JOURNAL, LIMITS, NOW, SCENARIO, TIMEOUTS, updateBody
} from '../support/service.js'
import type { Test } from '../support/folder.js'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'

async function makeApp (t: Test, url: string, more: { statementTimeoutMs?: number } = {}): Promise<FastifyInstance> {
  const metrics = makeMetrics()
  const store = await openPostgresStore({
    url: patient(url), pivotCurrency: '840', clock: () => NOW, observer: metrics.storeObserver, ...more
  })
  await store.loadScenario(readScenario(SCENARIO), false)
  const app = buildApp({
    store,
    clock: () => NOW,
    adminToken: ADMIN_TOKEN,
    logLevel: 'silent',
    amlyzeLists: AMLYZE_LISTS,
    metrics,
    timeouts: TIMEOUTS,
    limits: LIMITS,
    allowedHosts: undefined,
    rateLimit: 0,
    retentionDays: 0,
    journal: JOURNAL
  })
  t.teardown(async () => { await app.close() })
  return app
}

async function placeFor (t: Test): Promise<string> {
  const place = await takePostgresPlace()
  t.teardown(() => { returnPostgresPlace(place) })
  return place
}

async function update (app: FastifyInstance, identifier: string, actual = 200): Promise<LightMyRequestResponse> {
  return await app.inject({
    method: 'POST',
    url: '/ppws/api/v1/pws_update_balance',
    headers: { 'x-api-key': 'key-of-123', 'content-type': 'application/json' },
    payload: updateBody([{ act_balance: actual }], { api_call_unique_identifier: identifier })
  })
}

/** Every dialect says in its own shape that the database is not available, and when to try again. */
async function isUnavailable (
  t: Test & Pick<typeof import('tap').default, 'match'>, app: FastifyInstance
): Promise<void> {
  const paymentology = await update(app, 'unavailable')
  t.match([paymentology.statusCode, paymentology.headers['retry-after'], paymentology.json()], [
    503, '5', { header: { error_id: 90503 } }
  ])
  const amlyze = await app.inject({
    method: 'POST',
    url: '/amlyze-ws-rest/account-balance',
    headers: { authorization: 'Bearer amlyze-token-of-123' },
    payload: {}
  })
  t.match([amlyze.statusCode, amlyze.headers['retry-after']], [503, '5'])
  const sandbox = await app.inject({ url: '/sandbox/v1/accounts/1002', headers: AUTHORIZATION })
  t.match([sandbox.statusCode, sandbox.headers['retry-after'], sandbox.json()], [503, '5', { status: 503 }])
  const ready = await app.inject('/health/ready')
  t.match([ready.statusCode, ready.json()], [503, { status: 503 }])
}

t.test('a server that stops and starts again', async (t) => {
  const server = await startPostgresServer()
  t.teardown(async () => { await server.stop() })
  const app = await makeApp(t, server.url)
  const before = await update(app, 'before')
  t.equal(before.statusCode, 200)
  await server.halt()
  await isUnavailable(t, app)
  await server.resume()
  t.match(await update(app, 'after'), { statusCode: 200 }, 'the next request finds it')
  t.equal((await update(app, 'before')).body, before.body)
  t.match((await app.inject('/health/ready')).json(), {
    status: 'ok', database: { engine: 'PostgreSQL', read_only: false, commits_wait_for_standby: false }
  })
})

t.test('a connection that is lost, before the commit and in it', async (t) => {
  const proxy = await makeDatabaseProxy(t, await placeFor(t))
  const app = await makeApp(t, proxy.url)
  proxy.refuse(true)
  await isUnavailable(t, app)
  proxy.refuse(false)
  for (const reaches of [false, true]) {
    proxy.breakAt('SET LOCAL statement_timeout = 0', reaches)
    const lost = await update(app, `lost ${reaches}`, 300)
    t.match([lost.statusCode, lost.headers['retry-after'], lost.json()], [503, '5', { header: { error_id: 90503 } }])
    t.match(await update(app, `lost ${reaches}`, 300), { statusCode: 200 })
  }
  const history = await app.inject({ url: '/sandbox/v1/accounts/1002/history', headers: AUTHORIZATION })
  t.equal(history.json().changes.length, 3, 'what it began with, and each update once')
})

t.test('a balance file whose connection breaks never says that nothing was written', async (t) => {
  const proxy = await makeDatabaseProxy(t, await placeFor(t))
  const app = await makeApp(t, proxy.url)
  proxy.breakAt('INSERT INTO balance_file_records', true)
  const sent = await app.inject({
    method: 'POST',
    url: '/sandbox/v1/balance-files?client_id=123&file_name=broken.csv',
    headers: { ...AUTHORIZATION, 'content-type': 'text/csv' },
    payload: 'record_id,account_id,bill_ccy,act_balance,blk_balance,token\nrec-1,1002,840,100,0,\n'
  })
  t.equal(sent.statusCode, 503)
  const file = await app.inject({ url: String(sent.headers['location']), headers: AUTHORIZATION })
  t.match(file.json(), { status: 409, detail: /the log\. Send the whole file again: no record is applied twice$/ })
})

t.test('a statement that takes too long', async (t) => {
  const place = await placeFor(t)
  const patientApp = await makeApp(t, place)
  const app = await makeApp(t, place, { statementTimeoutMs: 3000 })
  const client = new pg.Client({ connectionString: place })
  await client.connect()
  t.teardown(async () => { await client.end() })
  await client.query('BEGIN; SELECT 1 FROM balances WHERE account_id = 1002 FOR UPDATE')
  const slow = await update(app, 'slow')
  t.match([slow.statusCode, slow.headers['retry-after'], slow.json()], [503, '5', { header: { error_id: 90503 } }])
  await client.query('ROLLBACK')
  t.match(await update(patientApp, 'slow'), { statusCode: 200 })
})

t.test('a server that only reads since a failover', async (t) => {
  const proxy = await makeDatabaseProxy(t, await placeFor(t))
  const app = await makeApp(t, proxy.url)
  proxy.rewrite('ISOLATION LEVEL READ COMMITTED', 'READ ONLY')
  t.match(await update(app, 'read only'), { statusCode: 503, headers: { 'retry-after': '5' } })
  proxy.rewrite('off', 'yes')
  await isUnavailable(t, app)
})

t.test('metrics show the connections, and nothing of SQLite', async (t) => {
  const app = await makeApp(t, await placeFor(t))
  await update(app, 'one')
  // Written by itself, the journal could take a connection just then.
  await app.flushJournal()
  const { body } = await app.inject({ url: '/metrics', headers: AUTHORIZATION })
  t.match(body, /^stip_database_connections_in_use 0$/m)
  t.match(body, /^stip_database_connections_waiting 0$/m)
  t.match(body, /^stip_transaction_duration_seconds_count [1-9]/m)
  t.match(body, /^# TYPE stip_transaction_retries_total counter$/m)
  t.notMatch(body, 'stip_wal_bytes')
  t.notMatch(body, 'secret-of-tests')
})
