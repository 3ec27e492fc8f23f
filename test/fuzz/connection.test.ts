import { once } from 'node:events'
import { connect, type AddressInfo } from 'node:net'
import t from 'tap'
import { everythingIn } from '../support/database.js'
import { makeService, updateBody } from '../support/service.js'

const HEAD = 'POST /ppws/api/v1/pws_update_balance HTTP/1.1\r\nHost: localhost\r\nX-API-KEY: ' +
  'key-of-123\r\nContent-Type: application/json\r\nConnection: close\r\n'
const BODY = JSON.stringify(updateBody())

/** Sends parts, each by itself, and gives all that comes back until the other side hangs up. */
async function exchange (port: number, parts: readonly string[], hangUp: boolean): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  let answer = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => { answer += chunk })
  socket.on('error', () => {}) // The other side may hang up first.
  const closed = new Promise((resolve) => { socket.once('close', resolve) })
  socket.setNoDelay(true)
  for (const part of parts) await new Promise((resolve) => { socket.write(part, resolve) })
  if (hangUp) socket.destroy()
  await closed
  return answer
}

const CASES: ReadonlyArray<readonly [name: string, parts: readonly string[], hangUp: boolean, answer: RegExp]> = [
  ['a body that breaks off', [`${HEAD}Content-Length: ${BODY.length + 1}\r\n\r\n${BODY}`], true, /^$/],
  [
    'a body in chunks that breaks off',
    [`${HEAD}Transfer-Encoding: chunked\r\n\r\n${BODY.length.toString(16)}\r\n${BODY}\r\n`],
    true,
    /^$/
  ],
  ['a header that breaks off', [HEAD], true, /^$/],
  [
    'a chunk of no size',
    [`${HEAD}Transfer-Encoding: chunked\r\n\r\nxyz\r\n${BODY}\r\n0\r\n\r\n`],
    false,
    /^HTTP\/1\.1 400 /
  ],
  [
    'two lengths',
    [`${HEAD}Content-Length: ${BODY.length}\r\nContent-Length: 5\r\n\r\n${BODY}`],
    false,
    /^HTTP\/1\.1 400 /
  ],
  [
    'a length and chunks',
    [`${HEAD}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    false,
    /^HTTP\/1\.1 400 /
  ],
  ['what is no HTTP', ['{"client_id":123}\r\n\r\n'], false, /^HTTP\/1\.1 400 /],
  ['a body that is shorter than it says', [`${HEAD}Content-Length: 10\r\n\r\n${BODY}`], false, /^HTTP\/1\.1 400 /]
]

for (const [name, parts, hangUp, answer] of CASES) {
  t.test(`${name} changes nothing`, async (t) => {
    const { app, databasePath } = await makeService(t)
    await app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = app.server.address() as AddressInfo
    const before = everythingIn(databasePath)
    t.match(await exchange(port, parts, hangUp), answer)
    t.same(everythingIn(databasePath), before)
    t.equal((await fetch(`http://127.0.0.1:${port}/health/live`)).status, 200)
  })
}

t.test('a body that comes byte by byte is applied like any other', async (t) => {
  const { app, read } = await makeService(t)
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  const parts = [`${HEAD}Content-Length: ${BODY.length}\r\n\r\n`, ...BODY]
  t.match(await exchange(port, parts, false), /^HTTP\/1\.1 200 /)
  t.match((await read('/accounts/1002')).json(), { actual_balance: '200.00' })
})
