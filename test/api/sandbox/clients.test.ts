import t from 'tap'
import { bytesOf } from '../../support/database.js'
import { makeService, NO_FILE, NOW, type TestService, updateBody } from '../../support/service.js'

const AT = NOW.toISOString()

/** What the processor's call answers to a key of client 123: 401 for an unknown one. */
async function statusWith (service: TestService, key: string): Promise<number> {
  return (await service.update(updateBody(), { 'x-api-key': key })).statusCode
}

t.test('a client is created with a key that works, is shown once and is kept only as a hash', {
  skip: NO_FILE
}, async (t) => {
  const service = await makeService(t)
  const created = await service.call('POST', '/clients', { client_id: 2147483647, name: 'Third Bank' })
  t.equal(created.statusCode, 201)
  const { api_key: key, ...client } = created.json()
  t.same(client, {
    client_id: 2147483647,
    name: 'Third Bank',
    created_at: AT,
    api_key_created_at: AT,
    amlyze_token_created_at: null
  })
  t.match(key, /^[\w-]{32}$/)
  const response = await service.update(updateBody([{ input_id: 5 }], { client_id: 2147483647 }), { 'x-api-key': key })
  t.match(response.json(), { body: { failed_note: 'Account: 5, Reason: Account does not exist' } })
  t.notMatch((await service.read('/clients')).body, key)
  t.equal(bytesOf(service.databasePath).includes(key), false)
})

t.test('no two keys are the same', async (t) => {
  const { call } = await makeService(t)
  const keys = await Promise.all([1, 2, 3].map(async (clientId) =>
    (await call('POST', '/clients', { client_id: clientId, name: 'n' })).json().api_key))
  t.equal(new Set(keys).size, 3)
})

t.test('a client that is there already is left as it is', async (t) => {
  const service = await makeService(t)
  const response = await service.call('POST', '/clients', { client_id: 123, name: 'Another Bank' })
  t.equal(response.statusCode, 409)
  t.same(response.json(), {
    type: 'about:blank',
    title: 'Conflict',
    status: 409,
    detail: 'There is a client 123 already'
  })
  t.equal(await statusWith(service, 'key-of-123'), 200)
  t.match((await service.read('/clients?limit=1')).json(), { clients: [{ name: 'First Bank' }] })
})

t.test('a refused client is told what it must be', async (t) => {
  const { call } = await makeService(t)
  for (const [body, detail] of [
    [{ client_id: 0, name: 'n' }, 'client_id must be from 1 to 2147483647'],
    [{ client_id: 1, name: '' }, 'name must NOT have fewer than 1 characters'],
    [{ client_id: 1, name: 'n', api_key: 'own' }, 'api_key is not a known field']
  ] as const) {
    const response = await call('POST', '/clients', body)
    t.equal(response.statusCode, 400)
    t.equal(response.json().detail, detail)
  }
})

t.test('clients are listed by their numbers, page by page', async (t) => {
  const { read, call } = await makeService(t)
  await call('POST', '/clients', { client_id: 7, name: 'Seventh Bank' })
  const first = (await read('/clients?limit=2')).json()
  t.match(first, {
    clients: [{ client_id: 7, name: 'Seventh Bank', created_at: AT, api_key_created_at: AT }, { client_id: 123 }],
    next_cursor: String
  })
  const second = (await read(`/clients?limit=2&cursor=${first.next_cursor}`)).json()
  t.match(second, { clients: [{ client_id: 456 }], next_cursor: null })
  t.equal(second.clients.length, 1)
  t.equal((await read('/clients')).json().clients.length, 3)
  t.match((await read('/clients?cursor=x')).json(), {
    status: 400,
    detail: /^cursor is none that a page of this list has given/
  })
})

t.test('a rotated key works at once, and the one before it is unknown', async (t) => {
  const service = await makeService(t)
  const response = await service.call('POST', '/clients/123/api-key')
  t.equal(response.statusCode, 201)
  const { api_key: key, ...client } = response.json()
  t.same(client, {
    client_id: 123,
    name: 'First Bank',
    created_at: AT,
    api_key_created_at: AT,
    amlyze_token_created_at: AT
  })
  t.equal(await statusWith(service, key), 200)
  t.equal(await statusWith(service, 'key-of-123'), 401)
  t.equal(await statusWith(service, 'key-of-456'), 403, 'another client\'s key is another client\'s still')
})

t.test('a revoked key is answered like an unknown one, and the client can have a new one', async (t) => {
  const service = await makeService(t)
  const unknown = await service.update(updateBody(), { 'x-api-key': 'never-made' })
  const response = await service.call('DELETE', '/clients/123/api-key')
  t.equal(response.statusCode, 200)
  t.same(response.json(), {
    client_id: 123,
    name: 'First Bank',
    created_at: AT,
    api_key_created_at: null,
    amlyze_token_created_at: AT
  })
  const revoked = await service.update(updateBody())
  t.equal(revoked.statusCode, 401)
  t.equal(revoked.body, unknown.body)
  const { api_key: key } = (await service.call('POST', '/clients/123/api-key')).json()
  t.equal(await statusWith(service, key), 200)
})

for (const method of ['POST', 'DELETE'] as const) {
  t.test(`${method} of the key of a client that is not there`, async (t) => {
    const { call } = await makeService(t)
    for (const clientId of ['789', '9999999999']) {
      const response = await call(method, `/clients/${clientId}/api-key`)
      t.equal(response.statusCode, 404)
      t.match(response.json(), { title: 'Not Found', detail: `There is no client ${clientId}` })
    }
    t.match((await call(method, '/clients/x/api-key')).json(), {
      status: 400,
      detail: 'client_id must be a whole number from 1 to 2147483647'
    })
  })
}

t.test('where there is no dry run, the wish for one is refused and not passed over', async (t) => {
  const service = await makeService(t)
  const response = await service.call('DELETE', '/clients/123/api-key?dry_run=true')
  t.equal(response.statusCode, 400)
  t.match(response.json(), { detail: 'dry_run is not a known field' })
  t.equal(await statusWith(service, 'key-of-123'), 200)
})

t.test('an AMLYZE token is a key of its own: made, rotated and revoked without touching the API key', async (t) => {
  const { app, call, update } = await makeService(t)
  const report = async (token: string): Promise<number> => (await app.inject({
    method: 'PUT',
    url: '/amlyze-ws-rest/account-balance',
    headers: { authorization: `Bearer ${token}` },
    payload: {
      communicationNumber: token,
      requester: 'core',
      accountExtId: 'DOLLAR',
      balanceAt: '2024-05-26T16:49:50.237',
      value: 1
    }
  })).statusCode
  const made = await call('POST', '/clients/123/amlyze-token')
  t.equal(made.statusCode, 201)
  const { amlyze_token: token } = made.json<{ amlyze_token: string }>()
  t.equal(await report('amlyze-token-of-123'), 401, 'the token before it is unknown')
  t.equal(await report(token), 200)
  t.equal((await update(updateBody())).statusCode, 200, 'the API key is as it was')
  t.equal(
    (await update(updateBody(), { 'x-api-key': token })).statusCode, 401, 'the token opens nothing of the other dialect'
  )
  t.match((await call('DELETE', '/clients/123/amlyze-token')).json(), {
    amlyze_token_created_at: null,
    api_key_created_at: AT
  })
  t.equal(await report(token), 401)
})

t.test('an unknown client has no AMLYZE token to make or to revoke', async (t) => {
  const { call } = await makeService(t)
  for (const method of ['POST', 'DELETE'] as const) {
    t.equal((await call(method, '/clients/9/amlyze-token')).statusCode, 404)
  }
})
