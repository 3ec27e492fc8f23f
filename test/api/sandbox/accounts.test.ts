import t from 'tap'
import { ADMIN_TOKEN, makeService, NOW } from '../../support/service.js'

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
    const { read } = await makeService(t)
    const response = await read(`/accounts/${account}`)
    t.equal(response.statusCode, 404)
    t.equal(response.headers['content-type'], 'application/problem+json; charset=utf-8')
    t.same(response.json(), { type: 'about:blank', title: 'Not Found', status: 404, detail: `There is no account ${account}` })
  })
}

t.test('an account number that is none is refused with its place and its form', async (t) => {
  const { read } = await makeService(t)
  const response = await read('/accounts/0x1')
  t.equal(response.statusCode, 400)
  t.match(response.json(), { title: 'Bad Request', detail: 'account_id must match pattern "^[1-9][0-9]{0,18}$"' })
})

for (const authorization of [undefined, '', 'Bearer', 'Bearer wrong', `Basic ${ADMIN_TOKEN}`, `Bearer ${ADMIN_TOKEN}x`, ADMIN_TOKEN]) {
  t.test(`without the admin token nothing is read (${authorization})`, async (t) => {
    const { app } = await makeService(t)
    const response = await app.inject({ url: '/sandbox/v1/accounts/1002', headers: authorization === undefined ? {} : { authorization } })
    t.equal(response.statusCode, 401)
    t.equal(response.headers['www-authenticate'], 'Bearer')
    t.match(response.json(), { title: 'Unauthorized', status: 401 })
  })
}

t.test('the name of the scheme may be written in any case', async (t) => {
  const { app } = await makeService(t)
  t.equal((await app.inject({ url: '/sandbox/v1/accounts/1002', headers: { authorization: `bearer ${ADMIN_TOKEN}` } })).statusCode, 200)
})
