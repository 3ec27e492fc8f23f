import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import type { Test } from '../support/folder.js'
import { makeService, NOW, updateBody, type TestService } from '../support/service.js'

const PATH = '/clients/123/faults'

interface FaultyService extends TestService {
  /** Sends an update over a connection. */
  readonly send: (actual: number, identifier?: string) => Promise<Response>
  readonly actual: () => Promise<string>
}

async function serveFaults (t: Test, options: Parameters<typeof makeService>[2] = {}): Promise<FaultyService> {
  const service = await makeService(t, undefined, options)
  const address = await service.app.listen({ host: '127.0.0.1', port: 0 })
  return {
    ...service,
    send: async (actual, identifier = String(actual)) => await fetch(`${address}/ppws/api/v1/pws_update_balance`, {
      method: 'POST',
      headers: { 'x-api-key': 'key-of-123', 'content-type': 'application/json' },
      body: JSON.stringify(updateBody([{ act_balance: actual }], { api_call_unique_identifier: identifier }))
    }),
    actual: async () => (await service.read('/accounts/1002')).json().actual_balance
  }
}

t.test('the next calls fail as many times as was set, and nothing of them is applied', async (t) => {
  const { call, read, send, actual } = await serveFaults(t)
  const set = await call('PUT', PATH, { fault: 'status', status: 500, calls: 2 })
  t.equal(set.statusCode, 200)
  t.same(set.json(), {
    definition: { fault: 'status', status: 500, calls: 2 }, calls_left: 2, until: null, hits: 0
  })
  for (const balance of [1, 2]) {
    const failed = await send(balance)
    t.equal(failed.status, 500)
    t.equal(failed.headers.get('stip-sandbox-fault'), 'status=500')
    t.same(await failed.json(), { header: { error_id: 90500, error_desc: 'As the sandbox was told' }, body: {} })
  }
  t.equal(await actual(), '0.00')
  const right = await send(3)
  t.equal(right.status, 200)
  t.equal(right.headers.get('stip-sandbox-fault'), null)
  t.equal(await actual(), '3.00')
  t.match((await read(PATH)).json(), { calls_left: 0, hits: 2 })
})

t.test('faults that are set anew take the place of those before', async (t) => {
  const { call, send } = await serveFaults(t)
  await call('PUT', PATH, { fault: 'status', calls: 5 })
  t.match((await call('PUT', PATH, { delay_ms: 1, calls: 1 })).json(), { definition: { delay_ms: 1 }, calls_left: 1 })
  t.equal((await send(1)).headers.get('stip-sandbox-fault'), 'delay=1')
  t.equal((await send(2)).headers.get('stip-sandbox-fault'), null)
})

t.test('1066 says that the first request is still being processed', async (t) => {
  const { call, send, actual } = await serveFaults(t)
  await call('PUT', PATH, { fault: 'error_1066', calls: 1 })
  const failed = await send(1)
  t.equal(failed.status, 409)
  t.equal(failed.headers.get('stip-sandbox-fault'), 'error=1066')
  t.match(await failed.json(), { header: { error_id: 1066 }, body: {} })
  t.equal(await actual(), '0.00')
})

t.test('a connection is cut after the commit, and sending the call again replays its answer', async (t) => {
  const { call, send, actual } = await serveFaults(t)
  await call('PUT', PATH, { fault: 'cut', calls: 1, delay_ms: 1 })
  await t.rejects(send(7))
  t.equal(await actual(), '7.00')
  const again = await send(7)
  t.equal(again.status, 200)
  t.equal(again.headers.get('idempotent-replayed'), 'true')
})

t.test('a late answer is late after the commit, and the end of the faults sends it', async (t) => {
  const { call, send, actual } = await serveFaults(t)
  await call('PUT', PATH, { delay_ms: 120_000, for_ms: 60_000 })
  const late = send(8)
  while (await actual() !== '8.00') await setImmediate()
  t.match((await call('DELETE', PATH)).json(), { hits: 1 })
  const answer = await late
  t.equal(answer.status, 200)
  t.equal(answer.headers.get('stip-sandbox-fault'), 'delay=120000')
})

t.test('an answer that waits is sent when the service stops', async (t) => {
  const { app, call, read, send, actual } = await serveFaults(t)
  await call('PUT', PATH, { fault: 'status', delay_ms: 120_000, calls: 5 })
  const late = send(8)
  while ((await read(PATH)).json().hits === 0) await setImmediate()
  t.equal(await actual(), '0.00')
  const closed = app.close()
  t.equal((await late).status, 503)
  await closed
})

t.test('faults end with their time, and are those of one client', async (t) => {
  let now = NOW
  const { call, read, send, app } = await serveFaults(t, { clock: () => now })
  await call('PUT', PATH, { fault: 'status', for_ms: 1000 })
  t.equal((await send(1)).status, 503)
  t.equal((await app.inject({
    method: 'POST',
    url: '/ppws/api/v1/pws_update_balance',
    headers: { 'x-api-key': 'key-of-456' },
    payload: updateBody([{ input_id: 2001, bill_ccy: '404' }], { client_id: 456 })
  })).statusCode, 200)
  t.match((await read(PATH)).json(), { until: '2026-01-31T08:15:31.123Z', calls_left: null, hits: 1 })
  now = new Date(NOW.getTime() + 1000)
  t.equal((await send(2)).status, 200)
})

t.test('what the sandbox itself sends again meets no fault', async (t) => {
  const { app, call, send, read } = await serveFaults(t)
  await send(1)
  await app.flushJournal()
  const [{ request_id: requestId }] = (await read('/requests')).json().requests
  await call('PUT', PATH, { fault: 'status', calls: 1 })
  t.match((await call('POST', `/requests/${requestId}/resend`)).json(), { status: 200 })
  t.match((await read(PATH)).json(), { hits: 0 })
})

t.test('where nothing was set, or there is no client, the answer says so', async (t) => {
  const { call, read } = await serveFaults(t)
  for (const response of [await read(PATH), await call('DELETE', PATH)]) {
    t.equal(response.statusCode, 404)
    t.equal(response.json().detail, 'No faults are set for client 123')
  }
  t.match((await call('PUT', '/clients/9/faults', { delay_ms: 1, calls: 1 })).json(), {
    status: 404, detail: 'There is no client 9'
  })
})

for (const [body, status, detail] of [
  [{}, 422, 'fault or delay_ms is required'],
  [{ fault: 'cut' }, 422, 'calls or for_ms is required: no fault is for ever'],
  [{ fault: 'cut', status: 500, calls: 1 }, 422, 'status belongs to the fault status only'],
  [{ fault: 'status', status: 200, calls: 1 }, 400, 'status must be from 400 to 599'],
  [{ fault: 'cut', calls: 0 }, 400, 'calls must be from 1 to 1000000']
] as const) {
  t.test(`faults are not set by ${JSON.stringify(body)}`, async (t) => {
    const { call } = await makeService(t)
    const response = await call('PUT', PATH, body)
    t.equal(response.statusCode, status)
    t.equal(response.json().detail, detail)
  })
}

t.test('readiness says what is turned on, and nothing while nothing is', async (t) => {
  const { app, call } = await makeService(t)
  const ready = await app.inject('/health/ready')
  t.equal(ready.headers['stip-sandbox-faults'], undefined)
  t.notOk('faults' in ready.json())
  await call('PUT', '/issuers/main')
  await call('PUT', PATH, { fault: 'cut', calls: 1 })
  await call('PUT', '/clients/456/faults', { fault: 'cut', for_ms: 1 })
  const faulty = await app.inject('/health/ready')
  t.equal(faulty.headers['stip-sandbox-faults'], 'issuers=1 clients=2')
  t.same(faulty.json().faults, { issuers: 1, clients: 2 })
})
