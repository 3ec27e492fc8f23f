import t from 'tap'
import { everythingIn, rowsOf } from '../../support/database.js'
import { AUTHORIZATION, makeService, NO_FILE, NOW, updateBody } from '../../support/service.js'

const WANTED = {
  client_id: 123,
  account_id: '9007199254740995',
  currency: '048',
  external_reference: 'NEW-1',
  actual_balance: '-1.5',
  blocked_balance: '0',
  tokens: ['99', '9223372036854775806']
}

const PRESENTED = {
  account_id: '9007199254740995',
  client_id: 123,
  currency: '048',
  currency_alpha: 'BHD',
  external_reference: 'NEW-1',
  tokens: ['99', '9223372036854775806'],
  cards: [
    { token: '99', state: 'active', expiry: null },
    { token: '9223372036854775806', state: 'active', expiry: null }
  ],
  actual_balance: '-1.500',
  blocked_balance: '0.000',
  available_balance: '-1.500',
  updated_at: NOW.toISOString()
}

const plain = (accountId: string, more: object = {}): object =>
  ({ client_id: 123, account_id: accountId, currency: '404', actual_balance: '1.00', blocked_balance: '0.00', ...more })

t.test('an account is made as it is sent, and can be updated at once', async (t) => {
  const { call, read, update } = await makeService(t)
  const response = await call('POST', '/accounts', { accounts: [WANTED] })
  t.equal(response.statusCode, 201)
  t.same(response.json(), { created: 1, unchanged: 0, results: [{ status: 'created', account: PRESENTED }] })
  t.same((await read('/accounts/9007199254740995')).json(), PRESENTED)
  t.match(
    (await update(updateBody([{ input_type: 't', input_id: 99, bill_ccy: '048', act_balance: 2 }]))).json(),
    { body: { total_failed: 0 } }
  )
  t.match((await read('/accounts/9007199254740995')).json(), { actual_balance: '2.000' })
})

t.test('the same request again changes nothing and says so', { skip: NO_FILE }, async (t) => {
  const { call, databasePath } = await makeService(t)
  await call('POST', '/accounts', { accounts: [WANTED] })
  const before = everythingIn(databasePath)
  const again = await call('POST', '/accounts', {
    accounts: [{ ...WANTED, actual_balance: '-1.500', tokens: ['9223372036854775806', '99'] }]
  })
  t.equal(again.statusCode, 200)
  t.same(again.json(), { created: 0, unchanged: 1, results: [{ status: 'unchanged', account: PRESENTED }] })
  t.same(everythingIn(databasePath), before)
  const more = await call('POST', '/accounts', { accounts: [plain('5'), WANTED] })
  t.equal(more.statusCode, 201)
  t.match(more.json(), {
    created: 1,
    unchanged: 1,
    results: [{ status: 'created', account: { account_id: '5' } }, { status: 'unchanged', account: PRESENTED }]
  })
})

t.test('a different account under the same number is a conflict that names what differs', {
  skip: NO_FILE
}, async (t) => {
  const { call, databasePath } = await makeService(t)
  await call('POST', '/accounts', { accounts: [WANTED] })
  const before = everythingIn(databasePath)
  for (const [more, fields] of [
    [{ client_id: 456 }, 'client_id'],
    [{ currency: '404', actual_balance: '-15.00' }, 'currency'],
    [{ external_reference: 'NEW-2' }, 'external_reference'],
    [{ external_reference: undefined }, 'external_reference'],
    [{ actual_balance: '-1.499' }, 'actual_balance'],
    [{ blocked_balance: '0.001' }, 'blocked_balance'],
    [{ tokens: ['99'] }, 'tokens'],
    [{ tokens: ['99', '98'] }, 'tokens'],
    [{ tokens: [{ token: '99', state: 'lost' }, '9223372036854775806'] }, 'tokens.state'],
    [{ tokens: [{ token: '99', expiry: '2029-11' }, '9223372036854775806'] }, 'tokens.expiry'],
    [{ tokens: undefined, blocked_balance: '1' }, 'blocked_balance, tokens']
  ] as const) {
    const response = await call('POST', '/accounts', { accounts: [{ ...WANTED, ...more }] })
    t.equal(response.statusCode, 409, fields)
    const fault = `accounts[0].account_id is that of an account with another ${fields}`
    t.same(response.json(), { type: 'about:blank', title: 'Conflict', status: 409, detail: fault, errors: [fault] })
  }
  t.same(everythingIn(databasePath), before)
})

t.test('an account whose balances have changed since is another one, and no wrong balance is shown',
  async (t) => {
    const { call, update } = await makeService(t)
    await call('POST', '/accounts', { accounts: [WANTED] })
    await update(updateBody([{ input_type: 't', input_id: 99, bill_ccy: '048', act_balance: 2, blk_balance: 0 }]))
    t.match((await call('POST', '/accounts', { accounts: [WANTED] })).json(), {
      status: 409,
      errors: ['accounts[0].account_id is that of an account with another actual_balance']
    })
  })

t.test('one that cannot be made keeps all from being made, and every conflict is named with its place', {
  skip: NO_FILE
}, async (t) => {
  const { call, databasePath } = await makeService(t)
  const before = everythingIn(databasePath)
  const response = await call('POST', '/accounts', {
    accounts: [
      plain('5'),
      plain('6', { client_id: 7 }),
      plain('1002'),
      plain('8', { external_reference: 'WALLET-1', tokens: ['80', '777', '12345'] }),
      plain('9', { client_id: 456, external_reference: 'WALLET-1' })
    ]
  })
  t.equal(response.statusCode, 409)
  t.same(response.json().errors, [
    'accounts[1].client_id is 7, and there is no such client',
    'accounts[2].account_id is that of an account with another currency, external_reference, actual_balance',
    'accounts[3].external_reference is that of the client\'s account 9007199254740993',
    'accounts[3].tokens[1] is on account 2001',
    'accounts[3].tokens[2] is on account 9007199254740993'
  ])
  t.same(everythingIn(databasePath), before)
})

t.test('every fault of the accounts themselves is named with its place', { skip: NO_FILE }, async (t) => {
  const { call, databasePath } = await makeService(t)
  const before = everythingIn(databasePath)
  const response = await call('POST', '/accounts', {
    accounts: [
      plain('5'),
      plain('5'),
      plain('6', { currency: '959' }),
      plain('7', { actual_balance: '1.005', blocked_balance: '-1', tokens: ['9223372036854775808'] })
    ]
  })
  t.equal(response.statusCode, 422)
  const errors = [
    'accounts[1].account_id is the same as accounts[0].account_id, and must be unique',
    'accounts[2].currency is 959, which is no current ISO 4217 currency with a minor unit',
    'accounts[3].tokens[0] must be at most 9223372036854775807',
    'accounts[3].actual_balance has more decimals than KES has (2)',
    'accounts[3].blocked_balance must not be negative'
  ]
  t.same(response.json(), {
    type: 'about:blank',
    title: 'Unprocessable Entity',
    status: 422,
    detail: errors[0],
    errors
  })
  t.same(everythingIn(databasePath), before)
})

t.test('a broken contract is named with its place', async (t) => {
  const { call } = await makeService(t)
  for (const [accounts, detail] of [
    [[], 'accounts must NOT have fewer than 1 items'],
    [new Array(1001).fill(WANTED), 'accounts must NOT have more than 1000 items'],
    [[WANTED, { ...WANTED, actual_balance: 1 }], 'accounts[1].actual_balance must be string'],
    [[{ ...WANTED, balance: '1' }], 'accounts[0].balance is not a known field']
  ] as const) {
    const response = await call('POST', '/accounts', { accounts })
    t.equal(response.statusCode, 400)
    t.equal(response.json().detail, detail)
  }
})

t.test('a thousand accounts of the greatest size are made in one operation', { skip: NO_FILE }, async (t) => {
  const { app, read, databasePath } = await makeService(t)
  const reference = (index: number): string => `${'\\ud83c\\udfe6'.repeat(46)}${1000 + index}`
  const accounts = Array.from({ length: 1000 }, (_, index) =>
    `{"client_id":123,"account_id":"${7_000_000_000_000_000_000n + BigInt(index)}","currency":"404",` +
      `"external_reference":"${reference(index)}","actual_balance":"-92233720368547758.08",` +
      `"blocked_balance":"92233720368547758.07","tokens":["${8_000_000_000_000_000_000n + BigInt(index)}"]}`)
  const response = await app.inject({
    method: 'POST',
    url: '/sandbox/v1/accounts',
    headers: {
      ...AUTHORIZATION,
      'content-type': 'application/json'
    },
    payload: `{"accounts":[${accounts.join()}]}`
  })
  t.equal(response.statusCode, 201)
  t.match(response.json(), { created: 1000, unchanged: 0 })
  t.match((await read('/accounts/7000000000000000999')).json(), {
    tokens: ['8000000000000000999'],
    available_balance: '-184467440737095516.15'
  })
  t.same(
    rowsOf(databasePath, 'SELECT count(*) AS operations FROM operations WHERE source = \'sandbox\''),
    [{ operations: 1n }]
  )
})

t.test('a body that is too large is a problem', async (t) => {
  const { call } = await makeService(t)
  const response = await call('POST', '/accounts', {
    accounts: [plain('5', { tokens: new Array(200_000).fill('9223372036854775807') })]
  })
  t.equal(response.statusCode, 413)
  t.match(response.json(), { title: 'Payload Too Large' })
})

t.test('a dry run tells what would be made or refused, and makes nothing', { skip: NO_FILE }, async (t) => {
  const { call, databasePath } = await makeService(t)
  const before = everythingIn(databasePath)
  const rehearsed = await call('POST', '/accounts?dry_run=true', { accounts: [WANTED, plain('5')] })
  t.equal(rehearsed.headers['dry-run'], 'true')
  t.same(everythingIn(databasePath), before)
  const refused = await call('POST', '/accounts?dry_run=true', { accounts: [plain('1002')] })
  t.equal(refused.statusCode, 409)
  t.equal(refused.headers['dry-run'], 'true')
  const real = await call('POST', '/accounts', { accounts: [WANTED, plain('5')] })
  t.equal(real.headers['dry-run'], undefined)
  t.equal(real.statusCode, rehearsed.statusCode)
  t.equal(real.body, rehearsed.body)
})
