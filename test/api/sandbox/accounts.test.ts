import t from 'tap'
import { ADMIN_TOKEN, makeService, NOW, updateBody } from '../../support/service.js'

/** Serves all tests that change nothing. */
const service = await makeService(t)

t.test('an account is read exactly, in the decimals of its currency', async (t) => {
  const { read } = await makeService(t)
  const response = await read('/accounts/9007199254740993')
  t.equal(response.statusCode, 200)
  t.same(response.json(), {
    account_id: '9007199254740993',
    client_id: 123,
    currency: '404',
    currency_alpha: 'KES',
    external_reference: 'WALLET-1',
    tokens: ['12345', '9223372036854775807'],
    cards: [
      { token: '12345', state: 'active', expiry: null },
      { token: '9223372036854775807', state: 'active', expiry: null }
    ],
    actual_balance: '1000.00',
    blocked_balance: '10.00',
    available_balance: '990.00',
    updated_at: NOW.toISOString()
  })
  t.match((await read('/accounts/1003')).json(), { actual_balance: '1.500', external_reference: null, tokens: [] })
  t.match((await read('/accounts/1004')).json(), { actual_balance: '5', currency_alpha: 'JPY' })
})

for (const account of ['987654321', '9223372036854775808']) {
  t.test(`account ${account} is not there`, async (t) => {
    const { read } = service
    const response = await read(`/accounts/${account}`)
    t.equal(response.statusCode, 404)
    t.equal(response.headers['content-type'], 'application/problem+json; charset=utf-8')
    t.same(response.json(), {
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      detail: `There is no account ${account}`
    })
  })
}

t.test('an account number that is none is refused with its place and its form', async (t) => {
  const { read } = await makeService(t)
  const response = await read('/accounts/0x1')
  t.equal(response.statusCode, 400)
  t.match(response.json(), {
    title: 'Bad Request',
    detail: 'account_id must be a whole number from 1 to 9223372036854775807, in digits'
  })
})

for (const authorization of [
  undefined,
  '',
  'Bearer',
  'Bearer wrong',
  `Basic ${ADMIN_TOKEN}`,
  `Bearer ${ADMIN_TOKEN}x`,
  ADMIN_TOKEN
]) {
  t.test(`without the admin token nothing is read (${authorization})`, async (t) => {
    const { app } = await makeService(t)
    const response = await app.inject({
      url: '/sandbox/v1/accounts/1002',
      headers: authorization === undefined ? {} : { authorization }
    })
    t.equal(response.statusCode, 401)
    t.equal(response.headers['www-authenticate'], 'Bearer')
    t.match(response.json(), { title: 'Unauthorized', status: 401 })
  })
}

t.test('the name of the scheme may be written in any case', async (t) => {
  const { app } = await makeService(t)
  t.equal(
    (await app.inject({
      url: '/sandbox/v1/accounts/1002',
      headers: { authorization: `bearer ${ADMIN_TOKEN}` }
    })).statusCode,
    200
  )
})

const idsOf = (page: { accounts: Array<{ account_id: string }> }): string[] =>
  page.accounts.map(({ account_id: accountId }) => accountId)

for (const [query, ids] of [
  ['', ['1002', '1003', '1004', '2001', '9007199254740992', '9007199254740993']],
  ['?client_id=456', ['2001']],
  ['?client_id=789', []],
  ['?client_id=9999999999', []],
  ['?currency=404', ['2001', '9007199254740992', '9007199254740993']],
  ['?currency=404&client_id=123', ['9007199254740992', '9007199254740993']],
  ['?external_reference=WALLET-1', ['9007199254740993']],
  ['?external_reference=wallet-1', []],
  ['?external_reference=WALLET-1&client_id=456', []],
  ['?token=9223372036854775807', ['9007199254740993']],
  ['?token=9223372036854775808', []],
  ['?token=777&client_id=123', []]
] as const) {
  t.test(`the list of accounts${query}`, async (t) => {
    const { read } = service
    const response = await read(`/accounts${query}`)
    t.equal(response.statusCode, 200)
    t.same(idsOf(response.json()), ids)
    t.equal(response.json().next_cursor, null)
  })
}

t.test('a list shows accounts as they are read one by one', async (t) => {
  const { read } = await makeService(t)
  t.same((await read('/accounts?token=12345')).json().accounts, [(await read('/accounts/9007199254740993')).json()])
})

t.test('pages lead through all accounts, each once, also when accounts come and go between them', async (t) => {
  const { read, call } = await makeService(t)
  const first = (await read('/accounts?limit=2&client_id=123')).json()
  t.same(idsOf(first), ['1002', '1003'])
  await call('POST', '/accounts', {
    accounts: ['1', '5000'].map((accountId) => ({
      client_id: 123,
      account_id: accountId,
      currency: '404',
      actual_balance: '0',
      blocked_balance: '0'
    }))
  })
  await call('DELETE', '/accounts/1004')
  const second = (await read(`/accounts?limit=2&client_id=123&cursor=${first.next_cursor}`)).json()
  t.same(idsOf(second), ['5000', '9007199254740992'])
  const third = (await read(`/accounts?limit=2&client_id=123&cursor=${second.next_cursor}`)).json()
  t.same(idsOf(third), ['9007199254740993'])
  t.equal(third.next_cursor, null)
})

for (const [query, detail] of [
  ['limit=0', /^limit must be a whole number from 1 to 1000$/],
  ['limit=1001', /^limit must be a whole number from 1 to 1000$/],
  ['limit=1.0', /^limit must be a whole number from 1 to 1000$/],
  ['client_id=x', /^client_id must be a whole number/],
  ['client_id=1&client_id=2', /^client_id must be string/],
  ['currency=KESH', /^currency must be an ISO 4217 code/],
  ['external_reference=', /^external_reference must NOT have fewer/],
  ['clientId=1', /^clientId is not a known field/],
  ['cursor=', /^cursor must NOT have fewer/],
  ['cursor=x', /^cursor is none that a page of this list has given/],
  [`cursor=${Buffer.from('9999999999999999999').toString('base64url')}`, /^cursor is none/]
] as const) {
  t.test(`no list is given for ${query}`, async (t) => {
    const { read } = service
    const response = await read(`/accounts?${query}`)
    t.equal(response.statusCode, 400)
    t.match(response.json().detail, detail)
  })
}

t.test('a page has a hundred items when nothing is said, and a thousand at most', async (t) => {
  const { read, call } = await makeService(t)
  const accounts = Array.from({ length: 1000 }, (_, index) => ({
    client_id: 456,
    account_id: String(5000 + index),
    currency: '404',
    actual_balance: '0',
    blocked_balance: '0'
  }))
  await call('POST', '/accounts', { accounts })
  t.equal((await read('/accounts')).json().accounts.length, 100)
  t.equal((await read('/accounts?limit=1000')).json().accounts.length, 1000)
})

t.test('a deleted account is gone, with its tokens', async (t) => {
  const { read, call, update } = await makeService(t)
  const account = (await read('/accounts/9007199254740993')).json()
  const rehearsed = await call('DELETE', '/accounts/9007199254740993?dry_run=true')
  t.equal(rehearsed.headers['dry-run'], 'true')
  t.same((await read('/accounts/9007199254740993')).json(), account)
  const deleted = await call('DELETE', '/accounts/9007199254740993')
  t.equal(deleted.statusCode, 200)
  t.same(deleted.json(), account)
  t.equal(deleted.body, rehearsed.body)
  t.equal((await read('/accounts/9007199254740993')).statusCode, 404)
  t.same(idsOf((await read('/accounts?token=12345')).json()), [])
  t.match((await update(updateBody([{ input_type: 't', input_id: 12345 }]))).json(), {
    body: { failed_note: 'Token: 12345, Reason: Token does not exist' }
  })
  for (const accountId of ['9007199254740993', '9223372036854775808']) {
    const again = await call('DELETE', `/accounts/${accountId}`)
    t.equal(again.statusCode, 404)
    t.match(again.json(), { detail: `There is no account ${accountId}` })
  }
})
