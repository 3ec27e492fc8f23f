import t from 'tap'
import { everythingIn } from '../../support/database.js'
import { makeService, NO_FILE } from '../../support/service.js'

const WANTED = { actual_balance: '-200.5', blocked_balance: '50', currency: '404', reason: 'overdraft scenario' }

/** Serves all tests that change nothing. */
const service = await makeService(t)

t.test('both balances are set exactly, and what stood there before is shown', async (t) => {
  const { call, read } = await makeService(t)
  const response = await call('PUT', '/accounts/9007199254740993/balances', WANTED)
  t.equal(response.statusCode, 200)
  t.equal(response.headers['content-type'], 'application/json; charset=utf-8')
  t.same(response.json(), {
    account_id: '9007199254740993',
    currency: '404',
    before: { actual_balance: '1000.00', blocked_balance: '10.00', available_balance: '990.00' },
    after: { actual_balance: '-200.50', blocked_balance: '50.00', available_balance: '-250.50' },
    sent: { actual_balance: '-200.50', blocked_balance: '50.00', currency: '404' },
    rate: '1',
    rate_effective_at: null,
    lost_holds: []
  })
  t.match((await read('/accounts/9007199254740993')).json(), { actual_balance: '-200.50', blocked_balance: '50.00' })
})

t.test('the greatest and the least balance can be set', async (t) => {
  const { call } = await makeService(t)
  const extreme = {
    ...WANTED,
    actual_balance: '-9223372036854775808',
    blocked_balance: '9223372036854775807',
    currency: '392'
  }
  t.match((await call('PUT', '/accounts/1004/balances', extreme)).json(), {
    after: {
      actual_balance: '-9223372036854775808',
      blocked_balance: '9223372036854775807',
      available_balance: '-18446744073709551615'
    }
  })
})

t.test('amounts in another currency are converted by the rules of the processor\'s call', async (t) => {
  const { call } = await makeService(t)
  const response = await call('PUT', '/accounts/1004/balances', {
    ...WANTED,
    actual_balance: '1.00',
    blocked_balance: '0.5',
    currency: '840'
  })
  t.match(response.json(), {
    currency: '392',
    after: { actual_balance: '151', blocked_balance: '76' },
    sent: {
      actual_balance: '1.00',
      blocked_balance: '0.50',
      currency: '840'
    },
    rate: '151.37',
    rate_effective_at: '1970-01-01T00:00:00.000Z',
    lost_holds: []
  })
})

t.test('balances that cannot be set are refused with the reason, and nothing is written', {
  skip: NO_FILE
}, async (t) => {
  const { call, databasePath } = await makeService(t)
  const before = everythingIn(databasePath)
  for (const [more, detail] of [
    [{ actual_balance: '1.005' }, 'actual_balance has more decimals than KES has (2)'],
    [{ blocked_balance: '9223372036854775807' }, 'blocked_balance is outside the range of a balance'],
    [{ blocked_balance: '-1' }, 'blocked_balance is negative'],
    [{ currency: '959' }, 'currency 959 is not a current ISO 4217 currency with a minor unit'],
    [{ currency: '978' }, 'No exchange rate from EUR to KES'],
    [
      { currency: '840', actual_balance: '92233720368547758.07' },
      'actual_balance converted to KES is outside the range of a balance'
    ]
  ] as const) {
    const response = await call('PUT', '/accounts/9007199254740993/balances', { ...WANTED, ...more })
    t.equal(response.statusCode, 422)
    t.same(response.json(), { type: 'about:blank', title: 'Unprocessable Entity', status: 422, detail })
  }
  t.same(everythingIn(databasePath), before)
})

t.test('without a reason, a currency or with a number for an amount nothing is set', async (t) => {
  const { call } = await makeService(t)
  for (const [more, detail] of [
    [{ reason: undefined }, 'reason is required'],
    [{ reason: '' }, 'reason must NOT have fewer than 1 characters'],
    [{ currency: undefined }, 'currency is required'],
    [{ actual_balance: 200 }, 'actual_balance must be string'],
    [{ available_balance: '1' }, 'available_balance is not a known field']
  ] as const) {
    const response = await call('PUT', '/accounts/1002/balances', { ...WANTED, ...more })
    t.equal(response.statusCode, 400)
    t.equal(response.json().detail, detail)
  }
})

for (const accountId of ['5', '9223372036854775808']) {
  t.test(`account ${accountId} is not there to be set`, async (t) => {
    const { call } = service
    const response = await call('PUT', `/accounts/${accountId}/balances`, WANTED)
    t.equal(response.statusCode, 404)
    t.match(response.json(), { detail: `There is no account ${accountId}` })
  })
}

t.test('a dry run gives the answer that the same request gives afterwards, and writes nothing', {
  skip: NO_FILE
}, async (t) => {
  const { call, databasePath } = await makeService(t)
  const before = everythingIn(databasePath)
  const rehearsed = await call('PUT', '/accounts/1002/balances?dry_run=true', { ...WANTED, currency: '840' })
  t.equal(rehearsed.statusCode, 200)
  t.equal(rehearsed.headers['dry-run'], 'true')
  t.same(everythingIn(databasePath), before)
  const real = await call('PUT', '/accounts/1002/balances?dry_run=false', { ...WANTED, currency: '840' })
  t.equal(real.headers['dry-run'], undefined)
  t.equal(real.body, rehearsed.body)
  for (const query of ['dry_run=1', 'dry_run=True', 'dryrun=true']) {
    t.equal((await call('PUT', `/accounts/1002/balances?${query}`, WANTED)).statusCode, 400, query)
  }
})
