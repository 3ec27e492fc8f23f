import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { connect } from 'node:net'
import fc from 'fast-check'
import t from 'tap'
import type { JournalledRequest, RequestPage, ResentRequest } from '../../../schemas/sandbox/requests.js'
import { amlyzeJournal } from '../../../src/api/amlyze/journal.js'
import { paymentologyJournal } from '../../../src/api/paymentology/journal.js'
import { BATCH, SINGLE } from '../../support/amlyze.js'
import { holds } from '../../support/property.js'
import { JOURNAL, makeService, NO_FILE, NOW, updateBody, type TestService } from '../../support/service.js'

const UPDATE = '/ppws/api/v1/pws_update_balance'

async function list (service: TestService, query = ''): Promise<RequestPage['requests']> {
  return (await service.read(`/requests${query}`)).json<RequestPage>().requests
}

async function readNewest (service: TestService): Promise<JournalledRequest> {
  const [newest] = await list(service, '?limit=1')
  return (await service.read(`/requests/${newest?.request_id}`)).json()
}

const ITEMS = [{}, { input_type: 't', input_id: 999 }]

t.test('a request is shown with its body as it came, its answer as it went out, and what it changed', async (t) => {
  const service = await makeService(t)
  const body = `  ${JSON.stringify(updateBody(ITEMS)).replace('1002', '1.002E3')}\n`
  const answer = await service.update(body, { prefer: 'respond-async, return=representation; x' })
  const shown = await readNewest(service)
  t.match(shown, {
    request_id: '1',
    dialect: 'paymentology',
    client_id: 123,
    method: 'POST',
    route: UPDATE,
    identifier: '001',
    preferences: 'return=representation',
    dry_run: false,
    replayed: false,
    resent_from: null,
    status: 200,
    code: '0',
    items: 2,
    failed_items: 1,
    note: 'Token: 999, Reason: Token does not exist',
    operation: '/sandbox/v1/operations?client_id=123&identifier=001',
    redacted: false,
    body_bytes: body.length,
    body_base64: null,
    body,
    answer: answer.body,
    x_request_id: answer.headers['x-request-id']
  })
  t.ok(shown.duration_ms > 0)
  t.ok(Date.parse(shown.received_at) <= NOW.getTime())
  t.equal((await service.read(shown.operation?.replace('/sandbox/v1', '') ?? '')).statusCode, 200)
  const [first] = await list(service)
  const { redacted, body_bytes: bytes, body: shownBody, body_base64: base64, answer: shownAnswer, ...facts } = shown
  t.same(first, facts)
})

t.test('replays, dry runs and refusals are told apart', async (t) => {
  const service = await makeService(t)
  await service.update(updateBody())
  await service.update(updateBody())
  await service.update(updateBody([{ act_balance: 1 }]))
  await service.app.inject({
    method: 'POST',
    url: `${UPDATE}?dry_run=true`,
    headers: { 'x-api-key': 'key-of-123' },
    payload: updateBody([{}], { api_call_unique_identifier: 'dry' })
  })
  await service.update(updateBody(ITEMS, { api_call_unique_identifier: 'strict' }), { prefer: 'handling=strict' })
  await service.update(updateBody([{ bill_ccy: 'EUR' }], { api_call_unique_identifier: 'x'.repeat(41) }))
  await service.update('{"client_id":')
  await service.update(updateBody(), { 'x-api-key': 'unknown' })
  await service.update(updateBody([{}], { client_id: 456 }))
  await service.app.inject({ method: 'POST', url: '/ppws/nothing' })
  t.same((await list(service)).reverse().map((request) =>
    [request.status, request.code, request.replayed, request.dry_run, request.items, request.failed_items,
      request.identifier, request.client_id, request.operation !== null]), [
    [200, '0', false, false, 1, 0, '001', 123, true],
    [200, '0', true, false, 1, 0, '001', 123, true],
    [409, '90409', false, false, 1, null, '001', 123, false],
    [200, '0', false, true, 1, 0, 'dry', 123, false],
    [422, '90422', false, false, 2, 1, 'strict', 123, false],
    [400, '90400', false, false, 1, null, null, 123, false],
    [400, '90400', false, false, null, null, null, 123, false],
    [401, '90401', false, false, null, null, null, null, false],
    [403, '996', false, false, 1, null, '001', 123, false],
    [404, '90404', false, false, null, null, null, null, false]
  ])
  t.match((await list(service, '?status=422'))[0], {
    note: 'Nothing was written: at least one item failed, and the request asked for strict handling. ' +
      'Token: 999, Reason: Token does not exist'
  })
  const malformed = (await list(service, '?status=400'))[0]?.request_id
  t.match((await service.read(`/requests/${malformed}`)).json(), { body: '{"client_id":', body_base64: null })
  t.match((await list(service, '?status=4xx')).map(({ status }) => status), [404, 403, 401, 400, 400, 422, 409])
  t.equal((await list(service, '?failed_items=true')).length, 1)
  t.equal((await list(service, '?failed_items=false')).length, 9)
  t.equal((await list(service, '?identifier=dry&client_id=123')).length, 1)
  t.equal((await list(service, '?account_id=1002')).length, 7)
  t.equal((await list(service, '?account_id=9999999999999999999')).length, 0)
  const [{ x_request_id: traced } = { x_request_id: '' }] = await list(service)
  t.equal((await list(service, `?x_request_id=${traced}`)).length, 1)
})

t.test('only whole numbers of accounts and tokens are looked for in a body', async (t) => {
  const service = await makeService(t)
  await service.update(updateBody([
    { input_type: 'x', input_id: 5 }, { input_id: '5' }, { input_id: 5.5 }, { input_type: 't', input_id: 5 },
    { input_id: 6 }
  ]))
  t.match(await list(service, '?account_id=5'), [])
  t.match(await list(service, '?account_id=6'), [{ items: 5, status: 400 }])
})

t.test('AMLYZE\'s calls are shown with what they report', async (t) => {
  const service = await makeService(t)
  const balance = {
    requester: 'core', communicationNumber: 'n-1', accountExtId: 'WALLET-1', balanceAt: '2026-01-01T00:00:00Z', value: 1
  }
  const send = async (url: string, payload: object, token = 'amlyze-token-of-123'): Promise<void> => {
    await service.app.inject({
      method: url === SINGLE ? 'PUT' : 'POST', url, headers: { authorization: `Bearer ${token}` }, payload
    })
  }
  await send(SINGLE, balance)
  await send(SINGLE, balance)
  await send(SINGLE, { ...balance, communicationNumber: 'line\nfeed', accountExtId: 7 })
  await send(BATCH, { accountBalances: [{ ...balance, communicationNumber: 'n-2' }, balance] })
  await send(SINGLE, balance, 'unknown')
  await service.app.inject({ method: 'GET', url: SINGLE, headers: { authorization: 'Bearer amlyze-token-of-123' } })
  t.same((await list(service)).reverse().map((request) =>
    [request.status, request.code, request.items, request.failed_items, request.identifier, request.note]), [
    [200, null, 1, 0, 'n-1', null],
    [400, 'O005', 1, 1, 'n-1', 'CommunicationNumber already used in amlyze'],
    [400, 'S003', 1, 1, null, 'communicationNumber must not have control characters in it'],
    [200, null, 2, 1, null, 'CommunicationNumber already used in amlyze'],
    [401, 'unauthorized', null, null, null, 'unauthorized'],
    [405, 'Method Not Allowed', null, null, null, 'Method Not Allowed']
  ])
  t.equal((await list(service, '?account_id=9007199254740993')).length, 3)
  t.ok((await list(service)).every(({ operation }) => operation === null), 'none of them changes a balance')
})

t.test('a body that is no UTF-8 is shown as its bytes, and a large one is only counted', async (t) => {
  const service = await makeService(t)
  await service.update(Buffer.from([0xff, 0xfe]))
  t.match(await readNewest(service), { body: null, body_base64: '//4=', body_bytes: 2 })
  const payload = `{"accountBalances":[${' '.repeat(1024 * 1024)}]}`
  await service.app.inject({
    method: 'POST',
    url: BATCH,
    headers: { authorization: 'Bearer amlyze-token-of-123', 'content-type': 'application/json' },
    payload
  })
  t.match(await readNewest(service), { body: null, body_base64: null, body_bytes: payload.length })
})

t.test('what broke off before it was a request is shown by its answer', async (t) => {
  const service = await makeService(t)
  const port = Number(new URL(await service.app.listen({ host: '127.0.0.1', port: 0 })).port)
  for (const head of [
    `POST ${UPDATE} HTTP/1.1\r\nhost: localhost\r\nno colon\r\n\r\n`,
    'GET /ppws/%zz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n',
    'GET /elsewhere HTTP/1.1\r\nno colon\r\n\r\n'
  ]) {
    const socket = connect(port, '127.0.0.1')
    socket.resume().write(head)
    await once(socket, 'close')
  }
  t.match((await list(service)).map(({ status, route, code }) => ({ status, route, code })), [
    { status: 404, route: 'unknown', code: '90404' }, { status: 400, route: 'unknown', code: '90400' }
  ])
})

t.test('a client that hangs up before its answer has no status, whatever became of its request', {
  skip: NO_FILE && 'PostgreSQL may not have named the client by then'
}, async (t) => {
  const service = await makeService(t)
  const port = Number(new URL(await service.app.listen({ host: '127.0.0.1', port: 0 })).port)
  const socket = connect(port, '127.0.0.1')
  const accepted = once(service.app.server, 'request') as Promise<[IncomingMessage, ServerResponse]>
  socket.write(`POST ${UPDATE} HTTP/1.1\r\nhost: localhost\r\nx-api-key: key-of-123\r\n` +
    'content-type: application/json\r\ncontent-length: 100\r\n\r\n{')
  const [, response] = await accepted
  socket.destroy()
  await once(response, 'close')
  t.match(await list(service), [{ client_id: 123, status: null, code: null, items: null, operation: null }])
  t.match(await readNewest(service), { body: null, body_bytes: 0, answer: null })
})

t.test('a request is sent again for its client, with a new identifier or its own', async (t) => {
  const service = await makeService(t)
  const resend = async (id: string, query = ''): Promise<ResentRequest> =>
    (await service.call('POST', `/requests/${id}/resend${query}`)).json()
  await service.update(updateBody([{ act_balance: 7 }]), { prefer: 'return=representation' })
  await service.call('PUT', '/accounts/1002/balances', {
    actual_balance: '1.00', blocked_balance: '0', currency: '840', reason: 'test'
  })
  const balance = async (): Promise<string> =>
    (await service.read('/accounts/1002')).json<{ actual_balance: string }>().actual_balance
  t.match(
    await resend('1', '?identifier=same'), { request_id: '2', replayed: true, identifier: '001', resent_from: '1' })
  t.equal(await balance(), '1.00', 'an answer was given again')
  t.match(await resend('1', '?dry_run=true'), { request_id: '3', dry_run: true, status: 200 })
  t.equal(await balance(), '1.00', 'it was a dry run')
  const again = await resend('1')
  t.match(again, { request_id: '4', replayed: false, resent_from: '1', preferences: 'return=representation' })
  t.equal(await balance(), '7.00', 'it was applied anew')
  t.not(again.identifier, '001')
  const renewed = updateBody([{ act_balance: 7 }], { api_call_unique_identifier: again.identifier })
  t.equal(again.body, JSON.stringify(renewed))
  t.match(await resend('3'), { dry_run: true, resent_from: '3' }, 'a dry run stays one')
  const report = {
    requester: 'core', communicationNumber: 'n-1', accountExtId: 'WALLET-1', balanceAt: '2026-01-01T00:00:00Z', value: 1
  }
  await service.app.inject({
    method: 'PUT', url: SINGLE, headers: { authorization: 'Bearer amlyze-token-of-123' }, payload: report
  })
  t.match(await resend('6'), { code: 'O005', resent_from: '6' })
})

t.test('a request that cannot be sent again is not, and the reason is said', async (t) => {
  const service = await makeService(t)
  await service.update(updateBody(), { 'x-api-key': 'unknown' })
  await service.app.inject({ method: 'POST', url: '/ppws/nothing' })
  await service.update(updateBody(), { 'content-type': 'text/plain' })
  await service.update('{"other":{"api_call_unique_identifier":"001"}}')
  await service.update('{"api_call_unique_identifier":"001"')
  await service.update(Buffer.from([0xff]))
  for (const [id, reason] of [
    ['1', 'its key was unknown, and so is its client'],
    ['2', 'it reached no call'],
    ['3', 'its body was not read, or was too large to keep'],
    ...['4', '5', '6'].map((id) =>
      [id, 'its body has no identifier to put a new one in its place. Send it with identifier=same'] as const)
  ] as const) {
    const answer = await service.call('POST', `/requests/${id}/resend`)
    t.equal(answer.statusCode, 409)
    t.match(answer.json(), { detail: `The request cannot be sent again: ${reason}` })
  }
  t.match((await service.call('POST', '/requests/5/resend?identifier=same')).json(), { status: 400, resent_from: '5' })
  for (const answer of [await service.call('POST', '/requests/99/resend'), await service.read('/requests/99')]) {
    t.equal(answer.statusCode, 404)
    const detail = 'The journal has no request 99. It keeps the newest; see JOURNAL_REQUESTS and JOURNAL_BYTES'
    t.match(answer.json(), { detail })
  }
  t.equal((await service.read('/requests?cursor=x')).statusCode, 400)
})

t.test('a request whose query was refused may have been meant as a dry run, and is not sent again', async (t) => {
  const service = await makeService(t)
  const queries = ['dry_run=yes', 'dryrun=true', 'dry_run=true&x=1', 'dry_run=true&dry_run=true', 'dry_run=TRUE']
  for (const query of queries) {
    await service.app.inject({
      method: 'POST', url: `${UPDATE}?${query}`, headers: { 'x-api-key': 'key-of-123' }, payload: updateBody()
    })
  }
  for (const { request_id: id, dry_run: dryRun } of await list(service)) {
    t.equal(dryRun, null)
    const answer = await service.call('POST', `/requests/${id}/resend`)
    t.equal(answer.statusCode, 409)
    t.match(answer.json(), { detail: /its query was refused, and may have been meant as a dry run$/ })
  }
  t.match((await service.read('/accounts/1002')).json(), { actual_balance: '0.00' })
  await service.app.inject({
    method: 'POST',
    url: `${UPDATE}?dry_run=true`,
    headers: { 'x-api-key': 'key-of-123' },
    payload: updateBody([{}], { client_id: 456 })
  })
  t.match(await readNewest(service), { status: 403, dry_run: true }, 'a refused dry run is one, too')
})

t.test('an address beside the dialects is not theirs, and a whole address is', async (t) => {
  const told: unknown[] = []
  const service = await makeService(t, undefined, { onDialectRequest: (entry) => { told.push(entry) } })
  for (const url of ['/ppwsfoo', '/amlyze-ws-restx', '/ppwsx%zz']) await service.app.inject({ method: 'GET', url })
  t.same([told, await list(service)], [[], []])
  const port = Number(new URL(await service.app.listen({ host: '127.0.0.1', port: 0 })).port)
  const socket = connect(port, '127.0.0.1')
  socket.resume().write('GET http://localhost/ppws/x HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n')
  await once(socket, 'close')
  t.match(await list(service), [{ status: 404, dialect: 'paymentology' }])
})

t.test('whatever is sent or answered can be described', async (t) => {
  for (const { describeBody, describeAnswer } of [paymentologyJournal, amlyzeJournal]) {
    holds(t, fc.property(fc.jsonValue(), (value) => {
      describeBody(value)
      describeAnswer(JSON.stringify(value))
      return true
    }))
    t.match(describeAnswer('no JSON'), { code: undefined, note: undefined })
  }
})

t.test('a request that newer ones push out at once is answered without a number', async (t) => {
  const service = await makeService(t)
  await service.update(updateBody())
  service.store.listRequests = async () => ({ items: [], next: undefined })
  t.match((await service.call('POST', '/requests/1/resend')).json(), {
    request_id: null, resent_from: '1', status: 200, items: 1
  })
})

t.test('on a shared host numbers are masked, and such a request is not found by them or sent again', async (t) => {
  const service = await makeService(t, undefined, { journal: { ...JOURNAL, isRedacted: true } })
  await service.update(updateBody([{ input_id: 987654321 }]))
  t.match(await readNewest(service), {
    redacted: true,
    note: 'Account: ****4321, Reason: Account does not exist',
    body: JSON.stringify(updateBody([{ input_id: '****4321' }])),
    answer: /"Account: \*\*\*\*4321, Reason/
  })
  t.same(await list(service, '?account_id=987654321'), [])
  const answer = await service.call('POST', '/requests/1/resend')
  t.equal(answer.statusCode, 409)
  t.match(answer.json(), { detail: /masked in it \(JOURNAL_REDACT\)/ })
  await service.update('{"remarks":"\\u0034111111111111111"}')
  t.match(await readNewest(service), { body: null, body_base64: null, body_bytes: 35 })
  await service.update(Buffer.from([0xff]))
  t.match(await readNewest(service), { body: null, body_base64: null })
})

t.test('identifiers are masked as well, and what was kept unmasked goes when masking begins', {
  skip: NO_FILE
}, async (t) => {
  const { databasePath, app, update } = await makeService(t)
  await update(updateBody())
  await app.close()
  const service = await makeService(t, undefined, { databasePath, journal: { ...JOURNAL, isRedacted: true } })
  t.same(await list(service), [])
  await service.update(updateBody([{}], { api_call_unique_identifier: 'card 4111 1111 1111 1111' }))
  t.match(await list(service), [{ identifier: 'card ****1111', operation: null }])
})

t.test('a service whose database takes no writes starts all the same', { skip: NO_FILE }, async (t) => {
  const { databasePath, app } = await makeService(t)
  await app.close()
  const { app: second, store } = await makeService(t, undefined, {
    databasePath, journal: { ...JOURNAL, isRedacted: true }
  })
  store.removeUnmaskedRequests = async () => { throw new Error('read-only') }
  await second.ready()
})

t.test('without a journal nothing is kept, and what was kept before goes', { skip: NO_FILE }, async (t) => {
  const { databasePath, app, update } = await makeService(t)
  await update(updateBody())
  await app.close()
  const none = { bounds: { requests: 0, bytes: 1_000_000 }, isRedacted: false }
  const service = await makeService(t, undefined, { databasePath, journal: none })
  await service.update(updateBody([{}], { api_call_unique_identifier: '002' }))
  t.same(await list(service), [])
  const told: unknown[] = []
  const telling = await makeService(t, undefined, { journal: none, onDialectRequest: (entry) => { told.push(entry) } })
  await telling.update(updateBody())
  t.match(told, [{ status: 200, identifier: '001' }])
  t.same(await list(telling), [])
})

t.test('what was answered is in the journal when the service has closed', { skip: NO_FILE }, async (t) => {
  const { databasePath, app, update } = await makeService(t)
  await update(updateBody())
  await app.close()
  const service = await makeService(t, undefined, { databasePath })
  t.match(await list(service), [{ identifier: '001' }])
})

t.test('the service answers and closes when its journal cannot be written', async (t) => {
  const service = await makeService(t)
  const { store } = service
  store.recordRequests = async () => { throw new Error('the disk is full') }
  t.equal((await service.update(updateBody())).statusCode, 200)
  t.equal((await service.read('/requests')).statusCode, 500)
  await service.app.close()
})
