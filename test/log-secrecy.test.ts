import t from 'tap'
import { AUTHORIZATION } from './support/service.js'
import { startService, stop } from './support/service-process.js'

/** Stands in everything that must not reach the log, as a number and as a text. */
const MARK = '41117770'
const SECRET = `secret${MARK}`
const LEAK = new RegExp(`${MARK}|key-of-|amlyze-token-of-|secret-admin`)

/** As much of an OpenAPI document as the test walks through. */
interface Document { readonly paths: Readonly<Record<string, Readonly<Record<string, { requestBody?: object }>>>> }

/** Headers with which a request comes as far as its route, and ones with which it does not. */
const CREDENTIALS = [
  { ...AUTHORIZATION, 'x-api-key': 'key-of-123' },
  { authorization: 'Bearer amlyze-token-of-123', 'x-api-key': SECRET },
  { authorization: `Bearer ${SECRET}`, 'x-api-key': SECRET }
]

const BODIES = [
  `{"card":${MARK}`,
  JSON.stringify({ [SECRET]: SECRET }),
  JSON.stringify({
    client_id: 123,
    api_call_unique_identifier: SECRET,
    balance_list: [{
      input_type: 't',
      input_id: Number(MARK),
      act_balance: Number(MARK),
      blk_balance: 0,
      bill_ccy: '404',
      account_ext_ref: SECRET
    }],
    remarks: SECRET
  }),
  JSON.stringify({
    communicationNumber: SECRET,
    requester: SECRET,
    accountExtId: SECRET,
    balanceAt: '2024-05-26T16:49:50.237',
    value: Number(MARK)
  }),
  JSON.stringify({ client_id: Number(MARK), name: SECRET }),
  JSON.stringify({
    accounts: [{
      client_id: 123,
      account_id: MARK,
      currency: '404',
      external_reference: SECRET,
      actual_balance: '1.00',
      blocked_balance: '0',
      tokens: [MARK]
    }]
  }),
  JSON.stringify({ actual_balance: `${MARK}.00`, blocked_balance: '0', currency: '404', reason: SECRET })
]

t.test('nothing that a client sends to any route reaches the log, at its most talkative', async (t) => {
  const service = await startService(t, { LOG_LEVEL: 'trace' })
  const { paths } = await (await fetch(`${service.address}/openapi.json`)).json() as Document
  let sent = 1
  async function send (
    method: string, path: string, headers: Record<string, string>, body?: string, type = 'application/json'
  ): Promise<void> {
    const response = await fetch(`${service.address}${path}`, {
      method,
      headers: {
        ...headers,
        'x-request-id': `card-${MARK}4111111`,
        cookie: SECRET,
        ...body === undefined ? {} : { 'content-type': type }
      },
      ...body === undefined ? {} : { body }
    })
    // Live events end with the service.
    if (response.headers.get('content-type') !== 'text/event-stream') await response.arrayBuffer()
    sent += 1
  }
  for (const [pattern, operations] of Object.entries(paths)) {
    const path = pattern.replace(/\{[^}]+\}/g, MARK)
    for (const [method, { requestBody }] of Object.entries(operations)) {
      for (const headers of CREDENTIALS) {
        const addresses = [
          path,
          `${path}?token=${MARK}`,
          `${path}?client_id=123&file_name=${SECRET}&identifier=${SECRET}`
        ]
        for (const address of addresses) await send(method.toUpperCase(), address, headers)
        if (requestBody === undefined) continue
        for (const body of BODIES) await send(method.toUpperCase(), path, headers, body)
        await send(method.toUpperCase(), path, headers, SECRET, `text/${SECRET}`)
      }
    }
  }
  await send(
    'POST',
    `/sandbox/v1/balance-files?client_id=123&file_name=${SECRET}`,
    AUTHORIZATION,
    `record_id,account_id,bill_ccy,act_balance,blk_balance,token\n${MARK},,404,${MARK},0,${MARK}\n${SECRET}\n`,
    'text/csv'
  )
  const lines = await stop(service)
  t.equal(lines.filter(({ msg, request_id: id }) => msg === 'request answered' && typeof id === 'string').length, sent)
  t.same(service.server.output().split('\n').filter((line) => LEAK.test(line)), [])
  t.equal(service.server.errors(), '')
})
