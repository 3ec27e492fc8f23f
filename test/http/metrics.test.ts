import { statSync } from 'node:fs'
import { mock } from 'node:test'
import t from 'tap'
import { makeMetrics } from '../../src/metrics.js'
import { ADMIN_TOKEN, makeService, updateBody, type TestService } from '../support/service.js'

const AUTHORIZATION = { authorization: `Bearer ${ADMIN_TOKEN}` }

/** Reads what is counted: the name of a series with its labels → its value, as written. */
async function readMetrics ({ app }: TestService): Promise<Map<string, string>> {
  const response = await app.inject({ url: '/metrics', headers: AUTHORIZATION })
  return new Map(response.body.split('\n').filter((line) => line !== '' && !line.startsWith('#')).map((line) => {
    const [, series = '', value = ''] = /^(\S+) (\S+)$/.exec(line) ?? []
    return [series, value]
  }))
}

t.test('what is counted is shown with the admin token only', async (t) => {
  const { app } = await makeService(t)
  for (const headers of [{}, { authorization: 'Bearer key-of-123' }]) {
    const refused = await app.inject({ url: '/metrics', headers })
    t.equal(refused.statusCode, 401)
    t.equal(refused.headers['content-type'], 'application/problem+json; charset=utf-8')
  }
  const shown = await app.inject({ url: '/metrics', headers: AUTHORIZATION })
  t.equal(shown.statusCode, 200)
  t.equal(shown.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8')
})

t.test('requests are counted by route and status, and never by address', async (t) => {
  const service = await makeService(t)
  await service.update(updateBody())
  await service.update(updateBody())
  await service.update({})
  await service.read('/accounts/4000001')
  for (const path of ['/health/live', '/docs/', '/cards/4000002', '/cards/4000003?x=4000004']) {
    await service.app.inject(path)
  }
  const metrics = await readMetrics(service)
  const count = (method: string, route: string, status: number): string | undefined =>
    metrics.get(`http_request_duration_seconds_count{method="${method}",route="${route}",status="${status}"}`)
  t.equal(count('POST', '/ppws/api/v1/pws_update_balance', 200), '2')
  t.equal(count('POST', '/ppws/api/v1/pws_update_balance', 400), '1')
  t.equal(count('GET', '/sandbox/v1/accounts/:account_id', 404), '1')
  t.equal(count('GET', '/health/live', 200), '1')
  t.equal(count('GET', 'unknown', 404), '2')
  t.notMatch([...metrics.keys()].join('\n'), /400000\d/)
})

t.test('transactions are timed, and their repetitions counted by SQLSTATE', async (t) => {
  const { registry, storeObserver } = makeMetrics()
  storeObserver.transacted(20)
  storeObserver.retried('40001')
  storeObserver.retried('40P01')
  storeObserver.retried('40001')
  const shown = await registry.metrics()
  t.match(shown, /^stip_transaction_duration_seconds_sum 0\.02$/m)
  t.match(shown, /^stip_transaction_retries_total\{sqlstate="40001"\} 2$/m)
  t.match(shown, /^stip_transaction_retries_total\{sqlstate="40P01"\} 1$/m)
})

t.test('items are counted once they are durable, by source and by the reason of their failure', async (t) => {
  const service = await makeService(t)
  const items = [{}, { input_id: 987654321 }, { input_id: 1003, bill_ccy: '999' }]
  const body = updateBody(items)
  await service.app.inject({
    method: 'POST',
    url: '/ppws/api/v1/pws_update_balance?dry_run=true',
    headers: { 'x-api-key': 'key-of-123' },
    payload: body
  })
  await service.update(body)
  await service.update(body)
  await service.update(updateBody([{ act_balance: 7 }]))
  await service.update(
    updateBody([{}, { input_id: 987654321 }], { api_call_unique_identifier: 'strict' }), { prefer: 'handling=strict' }
  )
  await service.call('PUT', '/accounts/1002/balances', {
    actual_balance: '1.00',
    blocked_balance: '0',
    currency: '840',
    reason: 'to count it'
  })
  const metrics = await readMetrics(service)
  const ours = [...metrics].filter(([series]) => /^stip_balance_/.test(series))
  t.same(Object.fromEntries(ours), {
    'stip_balance_items_updated_total{source="paymentology"}': '1',
    'stip_balance_items_updated_total{source="sandbox"}': '1',
    'stip_balance_items_failed_total{source="paymentology",reason="account-unknown"}': '2',
    'stip_balance_items_failed_total{source="paymentology",reason="currency-unknown"}': '1',
    'stip_balance_update_replays_total{source="paymentology"}': '1'
  })
})

t.test('rows of balance files are counted like items', async (t) => {
  const service = await makeService(t)
  const send = async (dryRun: boolean): Promise<void> => {
    const response = await service.app.inject({
      method: 'POST',
      url: `/sandbox/v1/balance-files?client_id=123&file_name=daily.csv&dry_run=${dryRun}`,
      headers: { ...AUTHORIZATION, 'content-type': 'text/csv' },
      payload: 'record_id,account_id,bill_ccy,act_balance,blk_balance,token\na,1002,840,5000,2000,\na,1002,840,5000,' +
        '2000,\nb,987654321,840,1,0,\nc,no,840,1,0,\n'
    })
    t.equal(response.statusCode, 200)
  }
  await send(true)
  await send(false)
  await send(false)
  const metrics = await readMetrics(service)
  t.same(Object.fromEntries([...metrics].filter(([series]) => series.includes('batch-file'))), {
    'stip_balance_items_updated_total{source="batch-file"}': '1',
    'stip_balance_items_failed_total{source="batch-file",reason="record-repeated"}': '2',
    'stip_balance_items_failed_total{source="batch-file",reason="account-unknown"}': '2',
    'stip_balance_items_failed_total{source="batch-file",reason="row-invalid"}': '2'
  })
})

t.test('commits, the write-ahead log and the event loop are measured', async (t) => {
  // The journal would commit as well, and the log would begin anew, a second later.
  mock.timers.enable({ apis: ['setTimeout'] })
  t.teardown(() => { mock.timers.reset() })
  const service = await makeService(t)
  const before = await readMetrics(service)
  await service.update(updateBody())
  await Promise.all(['002', '003', '004'].map(async (identifier) =>
    await service.update(updateBody([{}], { api_call_unique_identifier: identifier }))))
  const metrics = await readMetrics(service)
  const grown = (name: string): number => Number(metrics.get(name)) - Number(before.get(name))
  t.equal(grown('stip_commit_group_size_count'), 2)
  t.equal(grown('stip_commit_group_size_sum'), 4, 'the second commit made three updates durable')
  t.equal(grown('stip_commit_duration_seconds_count'), 2)
  t.ok(Number(metrics.get('stip_commit_duration_seconds_sum')) > 0)
  t.equal(metrics.get('stip_wal_bytes'), String(statSync(`${service.databasePath}-wal`).size))
  t.ok(metrics.has('nodejs_eventloop_lag_p99_seconds'))
})
