import { EventEmitter, once } from 'node:events'
import { connect, type Socket } from 'node:net'
import t from 'tap'
import { whenReading } from '../../src/http/unread-bodies.js'
import { limited } from '../support/limits.js'
import { ADMIN_TOKEN, makeService, SCENARIO, type TestService } from '../support/service.js'
import { openWire, type Wire } from '../support/socket.js'

const UPDATE = 'POST /ppws/api/v1/pws_update_balance'
const KEY = 'X-API-KEY: key-of-123\r\n'
const ADMIN = `Authorization: Bearer ${ADMIN_TOKEN}\r\n`
const JSON_BODY = 'Content-Type: application/json\r\n'
const CSV_BODY = 'Content-Type: text/csv\r\n'

/** More than the buffers of a connection on this machine hold, so that somebody has to read it. */
const BODY = Buffer.alloc(12 * 1024 * 1024, ' ')

async function listen ({ app }: TestService): Promise<string> {
  return await app.listen({ host: '127.0.0.1', port: 0 })
}

/** Sends all, reads nothing before all is sent, and gives what has come then until the other side ends. */
async function sendFirst (wire: Wire, head: string, body: Buffer): Promise<string> {
  wire.socket.pause()
  wire.socket.write(head)
  await new Promise((resolve) => { wire.socket.write(body, resolve) })
  wire.socket.resume()
  return await wire.received
}

const CASES: ReadonlyArray<readonly [status: number, line: string, headers: string]> = [
  [401, UPDATE, `X-API-KEY: wrong\r\n${JSON_BODY}`],
  [413, UPDATE, KEY + JSON_BODY],
  [415, UPDATE, `${KEY}Content-Type: text/plain\r\n`],
  [404, 'POST /nowhere', JSON_BODY],
  [404, 'PATCH /ppws/api/v1/pws_update_balance', KEY],
  [400, 'POST /%zz', ''],
  [401, 'PUT /amlyze-ws-rest/account-balance', JSON_BODY],
  [405, 'POST /amlyze-ws-rest/account-balance', `Authorization: Bearer amlyze-token-of-123\r\n${JSON_BODY}`],
  [413, 'PUT /amlyze-ws-rest/account-balance', `Authorization: Bearer amlyze-token-of-123\r\n${JSON_BODY}`],
  [401, 'POST /sandbox/v1/balance-files?client_id=123&file_name=x.csv', CSV_BODY],
  [400, 'POST /sandbox/v1/balance-files?client_id=123&file_name=x.csv', ADMIN + CSV_BODY],
  [404, 'POST /sandbox/v1/balance-files?client_id=789&file_name=x.csv', ADMIN + CSV_BODY],
  [413, 'POST /sandbox/v1/rates/ecb', ADMIN + CSV_BODY],
  [400, 'PUT /sandbox/v1/snapshots/x/file', ADMIN + JSON_BODY],
  [409, 'POST /sandbox/v1/scenario', ADMIN + JSON_BODY],
  [431, 'POST /nowhere', `X-Long: ${'x'.repeat(20_000)}\r\n`],
  [200, 'GET /health/live', '']
]

t.test('a client that only writes can read why its body was not wanted', async (t) => {
  const address = await listen(await makeService(t))
  for (const [status, line, headers] of CASES) {
    for (const [length, body] of [
      [`Content-Length: ${BODY.length}`, BODY],
      [
        'Transfer-Encoding: chunked',
        Buffer.concat([Buffer.from(`${BODY.length.toString(16)}\r\n`), BODY, Buffer.from('\r\n')])
      ]
    ] as const) {
      const head = `${line} HTTP/1.1\r\nHost: localhost\r\n${headers}${length}\r\n\r\n`
      const answer = await sendFirst(await openWire(t, address), head, body)
      t.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `), `${line} ${length}`)
      t.match(answer, /^connection: close\r$/im)
    }
  }
})

t.test('a client that has sent too many requests reads it as well', async (t) => {
  const address = await listen(await makeService(t, SCENARIO, { rateLimit: 1 }))
  const head = `GET /sandbox/v1/clients HTTP/1.1\r\nHost: localhost\r\n${ADMIN}`
  const answer =
    await sendFirst(await openWire(t, address), `${head}\r\n${head}Content-Length: ${BODY.length}\r\n\r\n`, BODY)
  t.match(answer, /HTTP\/1\.1 200 [^]*HTTP\/1\.1 429 [^]*connection: close/i)
})

t.test('fetch reads the answer to a body that is refused', async (t) => {
  const address = await listen(await makeService(t))
  for (let time = 0; time < 5; time += 1) {
    const answer = await fetch(`${address}/nowhere`, { method: 'POST', body: BODY })
    t.equal(answer.status, 404)
    t.match(await answer.json(), { status: 404 })
  }
})

t.test('a refused request whose body has come whole keeps its connection', async (t) => {
  const address = await listen(await makeService(t))
  const { socket, received } = await openWire(t, address)
  const refused = `POST /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n${'x'.repeat(1000)}`
  socket.write(`${refused.repeat(2)}GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
  t.match(await received, /404 [^]*404 [^]*200 OK/)
})

for (const [setting, refusedBody, sent] of [
  ['REFUSED_BODY_BYTES', { bytes: 100_000, seconds: 3600 }, BODY],
  ['REFUSED_BODY_SECONDS', { bytes: BODY.length * 2, seconds: 1 }, Buffer.from('x')]
] as const) {
  t.test(`more of a body than ${setting} allows is not read, and the log names the setting`, async (t) => {
    const { options, logged } = limited({ refusedBody })
    const service = await makeService(t, SCENARIO, options)
    const address = await listen(service)
    const accepted = once(service.app.server, 'connection')
    const { socket } = await openWire(t, address)
    socket.on('error', () => {})
    socket.allowHalfOpen = true
    const [serverSide] = await accepted
    socket.write(`POST /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${BODY.length}\r\n\r\n`)
    socket.write(sent)
    await once(serverSide, 'close')
    t.ok(serverSide.bytesRead < BODY.length)
    t.same(logged(), [setting])
  })
}

t.test('nobody who still sends the body of a refused request holds up the end of the service', async (t) => {
  const service = await makeService(t)
  const address = await listen(service)
  const unfinished = 'POST /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nx'
  const before = await openWire(t, address)
  before.socket.allowHalfOpen = true
  before.socket.write(unfinished)
  await once(before.socket, 'end')
  const accepted = once(service.app.server, 'connection')
  const meanwhile = await openWire(t, address)
  const [serverSide] = await accepted
  meanwhile.socket.allowHalfOpen = true
  meanwhile.socket.write(unfinished.slice(0, 50))
  // One that has sent nothing yet is idle, and ends with the service.
  while (serverSide.bytesRead < 50) await new Promise(setImmediate)
  const answered = once(meanwhile.socket, 'end')
  const closed = service.app.close()
  meanwhile.socket.write(unfinished.slice(50))
  await Promise.all([answered, closed])
  for (const { socket, received } of [before, meanwhile]) {
    socket.destroy()
    t.match(await received, /^HTTP\/1\.1 404 /)
  }
})

t.test('a socket that is paused again at once is waited for', async (t) => {
  let isPaused = true
  const socket = Object.assign(new EventEmitter(), { isPaused: () => isPaused, resume: () => socket as never })
  let calls = 0
  whenReading(socket, () => { calls += 1 })
  socket.emit('resume')
  t.equal(calls, 0)
  isPaused = false
  socket.emit('resume')
  socket.emit('resume')
  t.equal(calls, 1)
  whenReading(socket, () => { calls += 1 })
  t.equal(calls, 2)
})

t.test('a connection that is ended twice lingers once', async (t) => {
  const service = await makeService(t, SCENARIO, limited({}).options)
  await listen(service)
  const accepted = once(service.app.server, 'connection')
  const { port } = service.app.server.address() as { port: number }
  const client = connect(port, '127.0.0.1').resume()
  const [socket] = await accepted as [Socket]
  socket.destroySoon()
  socket.destroySoon()
  await once(client, 'end')
  client.destroy()
})
