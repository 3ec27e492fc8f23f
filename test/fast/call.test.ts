import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import t from 'tap'
import type { IssuerOutcome } from '../../src/domain/issuer-outcome.js'
import {
  makeFastClient, type Asked, type AskSettings, type Delivery, type FastClient
} from '../../src/fast/call.js'
import type { FastClientOptions } from '../../src/fast/calls.js'
import { describeFailure } from '../../src/fast/exchange.js'
import { requestMessage } from '../../src/fast/messages.js'
import { makeCertificate } from '../support/certificates.js'
import { makeFolder, type Test } from '../support/folder.js'
import {
  answerTo, decide, hangUp, holdBack, reply, startIssuer, stayAway, type Step, type TestIssuer
} from '../support/issuer.js'
import { THREAD } from '../support/payments.js'

/** A time that only a fault takes. */
const NEVER_MS = 30_000
/** A time that the test waits for. */
const SHORT_MS = 100

const PATIENT = { deadline_ms: NEVER_MS, late_answer_ms: NEVER_MS, header: null }
const HASTY = { ...PATIENT, deadline_ms: SHORT_MS }
const BODY = '{"ISO_MSG":{"DE39":"00"}}'

function makeClient (t: Test, options: FastClientOptions = {}): FastClient {
  const client = makeFastClient(options)
  t.teardown(async () => { await client.close() })
  return client
}

const messageOf = (rid: bigint) =>
  ({ tid: THREAD.tid, rid, body: JSON.stringify(requestMessage(THREAD, rid)), attempt: 0 })

function askWith (client: FastClient, settings: AskSettings, rid = 910_001n): Asked {
  return client.ask(settings, messageOf(rid))
}

/**
 * Asks with a deadline that passes after something has happened. On a slow machine it takes more than one try.
 *
 * @param step what the issuer does with the message
 * @param hasHappened by default, that the message has gone out
 */
async function askTooLate (
  client: FastClient, issuer: TestIssuer, step: Step, lateAnswerMs: number,
  hasHappened = ({ reason }: IssuerOutcome) => /^no complete answer within \d+ ms$/.test(String(reason))
): Promise<Pick<Asked, 'late' | 'end'> & { readonly outcome: IssuerOutcome }> {
  for (let deadlineMs = SHORT_MS; ; deadlineMs *= 4) {
    issuer.script.splice(0, Infinity, step)
    const settings = { ...PATIENT, url: issuer.url, deadline_ms: deadlineMs, late_answer_ms: lateAnswerMs }
    const asked = askWith(client, settings)
    const outcome = await asked.outcome
    if (hasHappened(outcome) || deadlineMs > NEVER_MS) return { ...asked, outcome }
  }
}

/** Starts something that takes connections and never says a word. */
async function startListener (t: Test): Promise<number> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => { sockets.add(socket) }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

t.test('an issuer is asked with the message, its headers and the client\'s own', async (t) => {
  const issuer = await startIssuer(t)
  issuer.script.push(decide('51', { SHADOW: { balances: [{ actual: '1.50', blocked: 0, currency: 'KES' }] } }))
  const { outcome, late } = makeClient(t).ask(
    { ...PATIENT, url: issuer.url, header: { name: 'Authorization', value: 'Bearer s3cret' } },
    { ...messageOf(910_001n), attempt: 2 }
  )
  t.match(await outcome, {
    kind: 'answered',
    reason: undefined,
    httpStatus: 200,
    elapsedMs: Number,
    answer: { de39: '51', de38: 'A1B2C3', shadow: { kind: 'balances' }, lenient: [] },
    body: /"DE39":"51"/
  })
  t.equal(await late, undefined)
  t.match(issuer.received, [{
    kind: 'request',
    path: '/fast',
    message: requestMessage(THREAD, 910_001n),
    headers: {
      'content-type': 'application/json',
      'x-request-id': '910001',
      'stip-sandbox': '1',
      'stip-sandbox-attempt': '2',
      authorization: 'Bearer s3cret'
    }
  }])
})

/** Answers of an issuer, and what each comes to. */
const ANSWERS: ReadonlyArray<readonly [name: string, step: Step, outcome: object]> = [
  ['status 500', reply(500, 'out of order'),
    { kind: 'error', reason: 'HTTP status 500 in place of 200', httpStatus: 500, body: 'out of order' }],
  ['status 201 with an approval', reply(201, BODY), { kind: 'error', reason: 'HTTP status 201 in place of 200' }],
  ['status 204', reply(204, ''), { kind: 'error', httpStatus: 204, body: undefined }],
  ['a redirect', reply(307, '', { Location: 'http://127.0.0.1:1/' }),
    { kind: 'error', reason: 'HTTP status 307 in place of 200; redirects are not followed' }],
  ['HTML', reply(200, '<html>Hello</html>'),
    { kind: 'invalid_answer', reason: /^the answer is not valid JSON/, httpStatus: 200, body: '<html>Hello</html>' }],
  ['nothing with status 200', reply(200, ''), { kind: 'invalid_answer', httpStatus: 200, body: undefined }],
  ['no DE39', reply(200, '{"ISO_MSG":{}}'), { kind: 'invalid_answer', reason: /^ISO_MSG\.DE39 is missing/ }],
  ['a wrong RID', reply(200, '{"SUMMARY":{"RID":"1"},"ISO_MSG":{"DE39":"00"}}'),
    { kind: 'invalid_answer', reason: 'SUMMARY.RID must be "910001", as in the request; it is "1"' }],
  ['a compressed answer', reply(200, BODY, { 'Content-Encoding': 'gzip' }),
    { kind: 'invalid_answer', reason: 'the answer must not be compressed; its Content-Encoding is "gzip"' }],
  ['1 MiB', reply(200, BODY.padEnd(2 ** 20)),
    { kind: 'invalid_answer', reason: 'the answer must have at most 65536 bytes' }],
  ['1 MiB with status 500', reply(500, 'x'.repeat(2 ** 20)), { kind: 'error', httpStatus: 500 }],
  ['64 KiB', reply(200, BODY.padEnd(65_536)), { kind: 'answered', answer: { de39: '00' } }],
  ['a hang-up', hangUp, { kind: 'connection', reason: 'the connection was closed without an answer' }],
  ['a cut in the middle', (response) => {
    response.writeHead(200, { 'Content-Length': '100' }).write('{"ISO_MSG":', () => { response.socket?.destroy() })
  }, { kind: 'connection', reason: 'the connection was closed in the middle of the answer', httpStatus: 200 }],
  ['a cut in the middle of status 500', (response) => {
    response.writeHead(500, { 'Content-Length': '100' }).write('oops', () => { response.socket?.destroy() })
  }, { kind: 'error', reason: 'HTTP status 500 in place of 200', body: 'oops' }],
  ['an answer that ends with its connection', (response) => {
    response.socket?.end(`HTTP/1.0 200 OK\r\n\r\n${BODY}`)
  }, { kind: 'answered', answer: { de39: '00' } }],
  ['another protocol', (response) => { response.socket?.end('SSH-2.0-OpenSSH_9.2\r\n') },
    { kind: 'connection', reason: /^the connection was closed without an answer: Parse Error: Expected HTTP/ }],
  ['an upgrade', (response) => {
    response.socket?.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n')
  }, { kind: 'connection', reason: 'the connection was closed without an answer' }]
]

for (const [name, step, outcome] of ANSWERS) {
  t.test(`an issuer that answers with ${name}`, async (t) => {
    const issuer = await startIssuer(t)
    issuer.script.push(step)
    const asked = askWith(makeClient(t), { ...PATIENT, url: issuer.url })
    t.match(await asked.outcome, { answer: undefined, ...outcome })
    t.equal(await asked.late, undefined)
    t.equal(issuer.received.length, 1, 'it is asked once')
  })
}

/** Issuers that are too slow, and what has arrived of their answers. */
const SLOW: ReadonlyArray<readonly [name: string, step: Step, status: number | undefined, body: string | undefined]> = [
  ['is silent', stayAway, undefined, undefined],
  ['sends half an answer', (response) => { response.writeHead(200).write('{"ISO_MSG":') }, 200, '{"ISO_MSG":'],
  ['sends all but the end', (response) => { response.writeHead(200).write(BODY) }, 200, BODY],
  ['sends half of its headers', (response) => { response.socket?.write('HTTP/1.1 200 OK\r\nContent-Ty') }, undefined,
    undefined],
  ['dribbles', (response) => {
    const write = (left: string): void => {
      if (left !== '') response.write(left.slice(0, 1), () => { setImmediate(write, left.slice(1)) })
    }
    write(BODY)
  }, 200, BODY],
  ['goes on with "100 Continue"', (response) => { response.writeContinue() }, undefined, undefined]
]

for (const [name, step, httpStatus, body] of SLOW) {
  t.test(`an issuer that ${name} is timed out`, async (t) => {
    const issuer = await startIssuer(t)
    const { outcome, late } = await askTooLate(makeClient(t), issuer, step, 0, (found) =>
      found.reason?.startsWith('no complete') === true && found.body === body)
    t.match(outcome, {
      kind: 'timeout', reason: /^no complete answer within \d+ ms$/, answer: undefined, httpStatus, body
    })
    t.equal(await late, undefined)
  })
}

t.test('an error is an error at the deadline, too, when its body is still on its way', async (t) => {
  const issuer = await startIssuer(t)
  const step: Step = (response) => { response.writeHead(503).write('please') }
  const { outcome, late } = await askTooLate(makeClient(t), issuer, step, NEVER_MS, ({ body }) => body === 'please')
  t.match(outcome, { kind: 'error', reason: 'HTTP status 503 in place of 200', body: 'please' })
  t.equal(await late, undefined)
})

t.test('an approval after the deadline is recorded, and decides nothing', async (t) => {
  const issuer = await startIssuer(t)
  const held = holdBack()
  const { outcome, late } = await askTooLate(makeClient(t), issuer, held.step, NEVER_MS)
  t.match(outcome, { kind: 'timeout', answer: undefined })
  held.release(decide('00'))
  const found = await late
  t.match(found, { de39: '00', httpStatus: 200, body: /"DE39":"00"/ })
  t.ok((found?.afterMs ?? 0) >= outcome.elapsedMs)
})

t.test('a late answer may be an invalid one, another status, too long, or broken', async (t) => {
  const issuer = await startIssuer(t)
  const client = makeClient(t)
  const lateAfter = async (next: Step) => {
    const held = holdBack()
    const { outcome, late } = await askTooLate(client, issuer, held.step, NEVER_MS)
    t.match(outcome, { kind: 'timeout' })
    held.release(next)
    return await late
  }
  t.match(await lateAfter(reply(200, '{"DE39":"x"}')), { de39: undefined, httpStatus: 200, body: '{"DE39":"x"}' })
  t.match(await lateAfter(reply(503, BODY)), { de39: undefined, httpStatus: 503, body: BODY })
  t.match(await lateAfter(reply(200, BODY.padEnd(2 ** 20))), { de39: undefined, httpStatus: 200 })
  t.equal(await lateAfter(hangUp), undefined)
})

t.test('a connection that nobody takes is an outcome of its own', async (t) => {
  const port = await startListener(t)
  const client = makeClient(t)
  const outcomeOf = async (url: string, settings = PATIENT) => await askWith(client, { ...settings, url }).outcome
  t.match(await outcomeOf('http://127.0.0.1:1/'), {
    kind: 'connection', reason: /^no connection: .*ECONNREFUSED/, httpStatus: undefined, body: undefined
  })
  t.match(await outcomeOf('http://nobody.invalid/'), {
    kind: 'connection', reason: /^no connection: .*nobody\.invalid/
  })
  const { outcome, late } = askWith(client, { ...HASTY, url: `https://127.0.0.1:${port}/` })
  t.match(await outcome, { kind: 'timeout', reason: 'no connection within 100 ms' })
  t.equal(await late, undefined, 'and does not go out after that')
})

t.test('the error of a connection is put into words', async (t) => {
  t.equal(describeFailure(new AggregateError([new Error('no ::1'), new Error('no 127.0.0.1')])), 'no ::1; no 127.0.0.1')
  t.equal(describeFailure(undefined), 'no error was reported')
})

t.test('an issuer with TLS must have a certificate that we trust', async (t) => {
  const folder = makeFolder(t)
  const ca = await makeCertificate(folder, 'authority', { isAuthority: true })
  const server = await makeCertificate(folder, 'issuer', { issuer: ca })
  const { cert, key } = await makeCertificate(folder, 'sandbox', { issuer: ca })
  const outcomeOf = async (url: string, tls: FastClientOptions['tls']) =>
    await askWith(makeClient(t, tls === undefined ? {} : { tls }), { ...PATIENT, url }).outcome
  const issuer = await startIssuer(t, { cert: server.cert, key: server.key })
  t.match(await outcomeOf(issuer.url, { ca: ca.cert }), { kind: 'answered', answer: { de39: '00' } })
  t.match(await outcomeOf(issuer.url, undefined), {
    kind: 'connection', reason: /^no connection: unable to verify the first certificate/
  })
  t.match(await outcomeOf(issuer.url.replace('127.0.0.1', 'localhost'), { ca: ca.cert }), {
    kind: 'connection', reason: /^no connection: Hostname\/IP does not match certificate/
  })
  t.match(await outcomeOf(issuer.url.replace('https', 'http'), undefined), { kind: 'connection' })
  t.equal(issuer.received.length, 1, 'and who has none gets no message')
  const strict = await startIssuer(t, {
    cert: server.cert, key: server.key, ca: ca.cert, requestCert: true, rejectUnauthorized: true
  })
  t.match(await outcomeOf(strict.url, { ca: ca.cert, cert, key }), { kind: 'answered' })
  t.match(await outcomeOf(strict.url, { ca: ca.cert }), { kind: 'connection', reason: /certificate required/ })
})

t.test('a connection is used again after an answer that names its request', async (t) => {
  const issuer = await startIssuer(t)
  const client = makeClient(t)
  for (const rid of [1n, 2n, 3n]) {
    t.match(await askWith(client, { ...PATIENT, url: issuer.url }, rid).outcome, { kind: 'answered' })
  }
  t.equal(issuer.connections(), 1)
  issuer.script.push(reply(200, BODY))
  t.match(await askWith(client, { ...PATIENT, url: issuer.url }, 4n).outcome, { kind: 'answered' })
  t.match(await askWith(client, { ...PATIENT, url: issuer.url }, 5n).outcome, { kind: 'answered' })
  t.equal(issuer.connections(), 2)
})

t.test('a second answer is never taken for that to the next request', async (t) => {
  const issuer = await startIssuer(t)
  const settings = { ...PATIENT, url: issuer.url }
  const client = makeClient(t)
  const again = `HTTP/1.1 200 OK\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`
  let connection: Socket | null = null
  for (const [rid, sayAgain] of [
    [1n, (socket: Socket) => { socket.write(again) }],
    [3n, (socket: Socket) => { socket.write(again.slice(0, 10)) }]
  ] as const) {
    issuer.script.push((response, received) => {
      connection = response.socket
      response.writeHead(200).end(answerTo(received, { DE39: '00' }))
    }, decide('51'))
    t.match(await askWith(client, settings, rid).outcome, { kind: 'answered', answer: { de39: '00' } })
    const socket = connection as unknown as Socket
    sayAgain(socket)
    await once(socket, 'close')
    t.match(await askWith(client, settings, rid + 1n).outcome, { kind: 'answered', answer: { de39: '51' } })
  }
  issuer.script.push((response, received) => {
    const text = answerTo(received, { DE39: '00' })
    response.socket?.write(`HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\n\r\n${text}${again}`)
  }, decide('51'))
  t.match(await askWith(client, settings, 5n).outcome, { kind: 'answered', answer: { de39: '00' } })
  t.match(await askWith(client, settings, 6n).outcome, { kind: 'answered', answer: { de39: '51' } })
})

t.test('a connection that was kept open and is closed by the issuer is named in the reason', async (t) => {
  const issuer = await startIssuer(t)
  issuer.script.push(decide('00'), hangUp)
  const client = makeClient(t)
  t.match(await askWith(client, { ...PATIENT, url: issuer.url }, 1n).outcome, { kind: 'answered' })
  t.match(await askWith(client, { ...PATIENT, url: issuer.url }, 2n).outcome, {
    kind: 'connection', reason: /^the connection was closed without an answer; it was kept open since an earlier/
  })
})

t.test('nothing is sent to a host that is not allowed, or with a header that is none', async (t) => {
  const issuer = await startIssuer(t)
  const client = makeClient(t, { hosts: new Set(['issuer.example']) })
  t.match(await askWith(client, { ...PATIENT, url: issuer.url }).outcome, {
    kind: 'connection',
    reason: 'not sent: the issuer\'s URL must have a host that ISSUER_HOSTS allows: issuer.example; it has "127.0.0.1"'
  })
  const header = { name: 'X-Key', value: 'a\nb' }
  t.match(await askWith(makeClient(t), { ...PATIENT, url: issuer.url, header }).outcome, {
    kind: 'connection', reason: /^not sent: the issuer's header must have a name of letters/
  })
  t.match(await client.deliver(PATIENT, issuer.url, messageOf(1n)), {
    delivered: false, failure: 'connection', reason: /^not sent: /
  })
  t.same(issuer.received, [])
})

t.test('a message is delivered when any status 2xx arrives in time', async (t) => {
  const issuer = await startIssuer(t)
  const client = makeClient(t)
  const deliveryOf = async (step: Step, deadlineMs = NEVER_MS) => {
    issuer.script.splice(0, Infinity, step)
    return await client.deliver({ ...PATIENT, deadline_ms: deadlineMs }, issuer.url, messageOf(1n))
  }
  t.same(await deliveryOf(reply(202, '<html>')), { delivered: true })
  t.same(await deliveryOf(reply(204, '')), { delivered: true })
  t.equal(issuer.connections(), 1)
  t.same(await deliveryOf(reply(200, 'x'.repeat(2 ** 20))), { delivered: true })
  t.same(await deliveryOf(reply(503, '')), {
    delivered: false, failure: 'error', reason: 'HTTP status 503 in place of 2xx'
  })
  t.same(await deliveryOf(reply(302, '', { Location: '/' })), {
    delivered: false, failure: 'error', reason: 'HTTP status 302 in place of 2xx; redirects are not followed'
  })
  const before = issuer.received.length
  for (let deadlineMs = SHORT_MS; issuer.received.length === before; deadlineMs *= 4) {
    const reason = new RegExp(`^no .* within ${deadlineMs} ms$`)
    t.match(await deliveryOf(stayAway, deadlineMs), { delivered: false, failure: 'timeout', reason })
  }
  t.match(await deliveryOf(hangUp), {
    delivered: false, failure: 'connection', reason: /^the connection was closed without an answer/
  })
})

t.test('a message is delivered as well when the body of its answer never ends', async (t) => {
  const issuer = await startIssuer(t)
  const client = makeClient(t)
  let delivery: Delivery = { delivered: false, failure: 'timeout', reason: '' }
  for (let deadlineMs = SHORT_MS; !delivery.delivered && deadlineMs < NEVER_MS; deadlineMs *= 4) {
    issuer.script.splice(0, Infinity, (response) => { response.writeHead(200).write('x') })
    delivery = await client.deliver({ ...PATIENT, deadline_ms: deadlineMs }, issuer.url, messageOf(1n))
  }
  t.same(delivery, { delivered: true })
})

t.test('above the limit of calls the longest wait for a late answer ends; without one nothing is sent', async (t) => {
  const issuer = await startIssuer(t)
  let bites = 0
  const client = makeClient(t, { callsMax: 2, onCallsMax: () => { bites += 1 } })
  const settings = { ...PATIENT, url: issuer.url }
  const { late } = await askTooLate(client, issuer, stayAway, NEVER_MS)
  const before = issuer.received.length
  issuer.script.push(stayAway)
  askWith(client, settings)
  await issuer.hasReceived(before + 1)
  t.match(await askWith(client, settings).outcome, { kind: 'answered' })
  t.equal(await late, undefined)
  t.equal(bites, 1)
  issuer.script.push(stayAway)
  askWith(client, settings)
  t.match(await askWith(client, settings).outcome, {
    kind: 'connection', reason: 'not sent: 2 calls to issuers are under way already'
  })
  t.equal(bites, 2)
})

t.test('one message can be ended, while it is asked and while a late answer may come', async (t) => {
  const issuer = await startIssuer(t)
  const client = makeClient(t)
  const settings = { ...PATIENT, url: issuer.url }
  issuer.script.push(stayAway, stayAway)
  const [ended, other] = [askWith(client, settings), askWith(client, settings)]
  await issuer.hasReceived(2)
  ended.end('balances were set back')
  t.match(await ended.outcome, { kind: 'connection', reason: 'balances were set back' })
  t.equal(await ended.late, undefined)
  const { late, end } = await askTooLate(client, issuer, stayAway, NEVER_MS)
  end('balances were set back')
  t.equal(await late, undefined)
  client.endAsking()
  t.match(await other.outcome, { reason: 'the service stops' }, 'another one goes on')
  const refused = askWith(client, settings)
  refused.end('balances were set back')
  t.match(await refused.outcome, { reason: 'the service stops' })
})

t.test('to end the asking ends late answers, too, and messages are still delivered', async (t) => {
  const issuer = await startIssuer(t)
  const client = makeClient(t)
  const settings = { ...PATIENT, url: issuer.url }
  const { late } = await askTooLate(client, issuer, stayAway, NEVER_MS)
  const before = issuer.received.length
  issuer.script.push(stayAway)
  const waiting = askWith(client, settings)
  await issuer.hasReceived(before + 1)
  client.endAsking()
  const stopped = { kind: 'connection', reason: 'the service stops' }
  t.match(await waiting.outcome, stopped)
  t.same(await Promise.all([waiting.late, late]), [undefined, undefined])
  t.match(await askWith(client, settings).outcome, stopped)
  t.same(await client.deliver(PATIENT, issuer.url, messageOf(4n)), { delivered: true })
})

t.test('to close a client ends what waits, and each connection', async (t) => {
  const issuer = await startIssuer(t)
  const client = makeFastClient()
  const settings = { ...PATIENT, url: issuer.url }
  const { late } = await askTooLate(client, issuer, stayAway, NEVER_MS)
  const before = issuer.received.length
  t.match(await askWith(client, settings).outcome, { kind: 'answered' }, 'its connection is kept')
  issuer.script.push(stayAway, stayAway)
  const waiting = askWith(client, settings)
  const telling = client.deliver(PATIENT, issuer.url, messageOf(4n))
  await issuer.hasReceived(before + 3)
  await client.close()
  const stopped = { kind: 'connection', reason: 'the service stops' }
  t.match(await waiting.outcome, stopped)
  t.same(await Promise.all([waiting.late, late]), [undefined, undefined])
  t.same(await telling, { delivered: false, failure: 'connection', reason: 'the service stops', isOurs: true })
  t.match(await askWith(client, settings).outcome, stopped)
  await issuer.close()
})
