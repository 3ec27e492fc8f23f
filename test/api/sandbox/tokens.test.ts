import t from 'tap'
import { everythingIn } from '../../support/database.js'
import { AUTHORIZATION, makeService, NO_FILE, updateBody } from '../../support/service.js'

const TOKEN = '9223372036854775806'

/** Serves all tests that change nothing. */
const service = await makeService(t)

t.test('an attached token reaches its account, and attaching it again changes nothing', {
  skip: NO_FILE
}, async (t) => {
  const { call, read, update, databasePath } = await makeService(t)
  const attached = await call('PUT', `/accounts/1002/tokens/${TOKEN}`)
  t.equal(attached.statusCode, 200)
  t.match(attached.json(), { account_id: '1002', tokens: [TOKEN] })
  await update(JSON.stringify(updateBody([{ input_type: 't' }])).replace('"input_id":1002', `"input_id":${TOKEN}`))
  t.match((await read('/accounts/1002')).json(), { actual_balance: '200.00' })
  const before = everythingIn(databasePath)
  t.same((await call('PUT', `/accounts/1002/tokens/${TOKEN}`)).json(), (await read('/accounts/1002')).json())
  t.same(everythingIn(databasePath), before)
})

t.test('a token is on one account, and the answer says where', async (t) => {
  const { call, read } = await makeService(t)
  const response = await call('PUT', '/accounts/1002/tokens/777')
  t.equal(response.statusCode, 409)
  t.match(response.json(), { title: 'Conflict', detail: 'Token 777 is on account 2001. Detach it there first' })
  t.match((await read('/accounts/1002')).json(), { tokens: [] })
})

t.test('a detached token reaches nothing, and may go to another account', async (t) => {
  const { call, update } = await makeService(t)
  const detached = await call('DELETE', '/accounts/9007199254740993/tokens/12345')
  t.equal(detached.statusCode, 200)
  t.match(detached.json(), { account_id: '9007199254740993', tokens: ['9223372036854775807'] })
  t.match((await update(updateBody([{ input_type: 't', input_id: 12345 }]))).json(), { body: { total_failed: 1 } })
  t.match((await call('PUT', '/accounts/1002/tokens/12345')).json(), { tokens: ['12345'] })
})

for (const [accountId, token] of [
  ['1002', '12345'],
  ['1002', '9223372036854775808'],
  ['9223372036854775808', '12345'],
  ['5', '12345']
]) {
  t.test(`token ${token} is not on account ${accountId}`, async (t) => {
    const { call } = service
    const response = await call('DELETE', `/accounts/${accountId}/tokens/${token}`)
    t.equal(response.statusCode, 404)
    t.match(response.json(), { detail: `There is no token ${token} on account ${accountId}` })
  })
}

t.test('nothing is attached to an account that is not there, or beyond 64 bits', async (t) => {
  const { call } = await makeService(t)
  for (const accountId of ['5', '9223372036854775808']) {
    const response = await call('PUT', `/accounts/${accountId}/tokens/1`)
    t.equal(response.statusCode, 404)
    t.match(response.json(), { detail: `There is no account ${accountId}` })
  }
  const response = await call('PUT', '/accounts/1002/tokens/9223372036854775808')
  t.equal(response.statusCode, 422)
  t.match(response.json(), { detail: 'token must be at most 9223372036854775807' })
})

t.test('the state and the expiry of a card are set one by one, and an expiry is ended', async (t) => {
  const { call, read } = await makeService(t)
  const path = '/accounts/1002/tokens/5'
  const cardAfter = async (body?: object): Promise<unknown> => {
    const response = await call('PUT', path, body)
    t.equal(response.statusCode, 200)
    t.same(response.json(), (await read('/accounts/1002')).json())
    return response.json().cards
  }
  t.same(await cardAfter({ state: 'not_activated', expiry: '2029-11' }), [
    { token: '5', state: 'not_activated', expiry: '2029-11' }
  ])
  t.same(await cardAfter({ state: 'active' }), [{ token: '5', state: 'active', expiry: '2029-11' }])
  t.same(await cardAfter(), [{ token: '5', state: 'active', expiry: '2029-11' }])
  t.same(await cardAfter({ expiry: null }), [{ token: '5', state: 'active', expiry: null }])
})

for (const [body, detail] of [
  [{ state: 'gone' }, 'state must be equal to one of the allowed values: ["active","not_activated","lost","stolen",' +
    '"restricted","closed"]'],
  [{ expiry: '2029-13' }, 'expiry must be a year and a month, such as 2029-11'],
  [{ expiry: 2029 }, 'expiry must be string'],
  [{ status: 'lost' }, 'status is not a known field'],
  [[], 'the body must be object']
] as const) {
  t.test(`a card is not set to ${JSON.stringify(body)}`, async (t) => {
    const response = await service.call('PUT', '/accounts/1002/tokens/5', body)
    t.equal(response.statusCode, 400)
    t.equal(response.json().detail, detail)
    t.same((await service.read('/accounts/1002')).json().cards, [])
  })
}

t.test('a body of null is none that may be left out', async (t) => {
  const response = await service.app.inject({
    method: 'PUT',
    url: '/sandbox/v1/accounts/1002/tokens/5',
    headers: { ...AUTHORIZATION, 'content-type': 'application/json' },
    payload: 'null'
  })
  t.equal(response.statusCode, 400)
})
