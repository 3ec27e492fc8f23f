import Database from 'better-sqlite3'
import t from 'tap'
import { ADMIN_TOKEN, CALL_PATH, startService, type ServiceProcess } from './support/service-process.js'
import { updateBody } from './support/service.js'
import { lastBody, openWire } from './support/socket.js'

const AUTHORIZATION = { authorization: `Bearer ${ADMIN_TOKEN}` }

async function stop ({ server }: ServiceProcess): Promise<Array<Record<string, unknown>>> {
  server.child.kill('SIGTERM')
  await server.exitCode
  return server.output().trim().split('\n').map((line) => JSON.parse(line))
}

t.test('neither keys nor tokens nor bodies nor addresses reach the log, at its most talkative', async (t) => {
  const service = await startService(t, { LOG_LEVEL: 'trace' })
  const { address, update } = service
  await update(updateBody([{ input_type: 't', input_id: 4000001 }], { api_call_unique_identifier: '4000002', remarks: '4000003' }))
  await update('{"card":4000004', { 'x-api-key': 'key-of-123' })
  await update(updateBody([{ input_id: '4000005' }]))
  await update({}, { 'x-api-key': '4000006' })
  await update({}, { 'content-type': 'text/4000007' })
  for (const path of ['/cards/4000008', '/ppws/4000009', '/4000010/%zz', '/sandbox/v1/accounts/4000011?token=4000012', '/sandbox/v1/accounts/x4000013']) {
    await fetch(`${address}${path}`, { headers: AUTHORIZATION })
  }
  await fetch(`${address}/sandbox/v1/accounts/4000014`, { headers: { authorization: 'Bearer 4000015' } })
  for (const broken of ['no header 4000016', `X-Long: ${'4000017'.repeat(5000)}`]) {
    const { socket, received } = await openWire(t, address)
    socket.write(`POST ${CALL_PATH}?4000018 HTTP/1.1\r\nX-API-KEY: key-of-123\r\n${broken}\r\n\r\n{"card":4000019}`)
    await received
  }
  const lines = await stop(service)
  t.equal(lines.filter(({ msg }) => msg === 'request answered').length, 10)
  t.equal(lines.filter(({ msg }) => msg === 'request not understood').length, 3)
  t.notMatch(service.server.output(), /40000\d\d|key-of|secret-admin/)
  t.equal(service.server.errors(), '')
})

t.test('the cause of an unforeseen error is in the log, and only there', async (t) => {
  const service = await startService(t)
  const database = new Database(service.databasePath)
  database.exec('ALTER TABLE accounts RENAME TO elsewhere')
  database.pragma('user_version = 9999')
  database.close()
  const answers = [
    await service.update(updateBody()),
    await fetch(`${service.address}/sandbox/v1/accounts/1002`, { headers: AUTHORIZATION }),
    await fetch(`${service.address}/amlyze-ws-rest/account-balance`, {
      method: 'PUT',
      headers: { authorization: 'Bearer amlyze-token-of-123', 'content-type': 'application/json' },
      body: '{"communicationNumber":"1","requester":"core","accountExtId":"WALLET-1","balanceAt":"2024-05-26T16:49:50.237","value":1}'
    }),
    await fetch(`${service.address}/health/ready`)
  ]
  t.same(answers.map(({ status }) => status), [500, 500, 500, 503])
  for (const answer of answers) t.notMatch(await answer.text(), /no such table|9999/)
  const errors = (await stop(service)).filter(({ level }) => level === 50)
  t.match(errors, [
    ...Array.from({ length: 3 }, () => ({ msg: 'the request failed for an unforeseen reason', err: { message: /no such table: (main\.)?accounts/, stack: String } })),
    { msg: 'the database is not ready', err: { message: /schema 9999/, stack: String } }
  ])
  t.equal(errors.length, 4)
})

t.test('a signal to stop waits for the request under way, and its answer', async (t) => {
  const service = await startService(t)
  const body = JSON.stringify(updateBody())
  const { socket, received } = await openWire(t, service.address)
  const head = `POST ${CALL_PATH} HTTP/1.1\r\nHost: x\r\nX-API-KEY: key-of-123\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nExpect: 100-continue\r\n\r\n`
  const accepted = new Promise((resolve) => socket.once('data', resolve))
  socket.write(head)
  await accepted
  service.server.child.kill('SIGTERM')
  await service.server.waitFor(/"closing"/)
  socket.write(body)
  t.match(lastBody(await received), { header: { error_id: 0 }, body: { total_failed: 0 } })
  t.equal(await service.server.exitCode, 0)
  const database = new Database(service.databasePath, { readonly: true })
  t.teardown(() => { database.close() })
  t.equal(database.prepare('SELECT actual_balance FROM accounts WHERE account_id = 1002').pluck().get(), 20000)
})
