import t from 'tap'
import { makeService, updateBody } from '../../support/service.js'

type ExactCase = readonly [name: string, account: string, item: string, expected: object]

const EXACT_CASES: readonly ExactCase[] = [
  [
    'an account number beyond 2^53 reaches its own account',
    '9007199254740993',
    '"act_balance":1,"blk_balance":0,"bill_ccy":"404"',
    { actual_balance: '1.00' }
  ],
  [
    'its neighbour, which a double would take it for, is another account',
    '9007199254740992',
    '"act_balance":1,"blk_balance":0,"bill_ccy":"404"',
    { actual_balance: '1.00' }
  ],
  [
    'the dinar has three decimals',
    '1003',
    '"act_balance":1.234,"blk_balance":0.001,"bill_ccy":"048"',
    { actual_balance: '1.234', available_balance: '1.233' }
  ],
  [
    'the yen has none', '1004', '"act_balance":123,"blk_balance":3,"bill_ccy":"392"', {
      actual_balance: '123',
      available_balance: '120'
    }
  ],
  [
    'trailing zeros are no decimals',
    '1004',
    '"act_balance":124.000,"blk_balance":3.0,"bill_ccy":"392"',
    { actual_balance: '124' }
  ],
  [
    'the greatest balance of 64 bits is kept exactly',
    '1002',
    '"act_balance":92233720368547758.07,"blk_balance":0,"bill_ccy":"840"',
    { actual_balance: '92233720368547758.07' }
  ],
  [
    'the least one too',
    '1002',
    '"act_balance":-92233720368547758.08,"blk_balance":92233720368547758.07,"bill_ccy":"840"',
    { actual_balance: '-92233720368547758.08', available_balance: '-184467440737095516.15' }
  ],
  [
    'an account may be overdrawn, and more may be blocked than there is',
    '1002',
    '"act_balance":-5.5,"blk_balance":7,"bill_ccy":"840"',
    { actual_balance: '-5.50', blocked_balance: '7.00', available_balance: '-12.50' }
  ],
  [
    'a direct rate converts',
    '9007199254740993',
    '"act_balance":10,"blk_balance":0.01,"bill_ccy":"840"',
    { actual_balance: '1290.50', blocked_balance: '1.29' }
  ],
  [
    'an inverse rate converts and is not rounded itself',
    '1002',
    '"act_balance":129050000,"blk_balance":1,"bill_ccy":"404"',
    { actual_balance: '1000000.00', blocked_balance: '0.01' }
  ],
  [
    'two rates convert across the pivot currency',
    '1004',
    '"act_balance":129.05,"blk_balance":1,"bill_ccy":"404"',
    { actual_balance: '151', blocked_balance: '1' }
  ]
]

t.test('balances are kept exactly as they were sent', async (t) => {
  // Each sets balances, whatever they were before, and to other ones than the case before it: they share a service.
  const { update, read } = await makeService(t)
  for (const [index, [name, account, item, expected]] of EXACT_CASES.entries()) {
    await t.test(name, async (t) => {
      const body = `{"client_id":123,"api_call_unique_identifier":"${index}","balance_list":[{"input_type":"a",` +
        `"input_id":${account},${item}}]}`
      t.match((await update(body)).json(), { header: { error_id: 0 }, body: { total_failed: 0 } })
      t.match((await read(`/accounts/${account}`)).json(), expected)
    })
  }
})

type FailingCase = readonly [name: string, item: object, note: string]

const FAILING_CASES: readonly FailingCase[] = [
  ['an unknown token fails', { input_type: 't', input_id: 1002 }, 'Token: 1002, Reason: Token does not exist'],
  [
    'another client\'s account is answered like an unknown one',
    { input_id: 2001 },
    'Account: 2001, Reason: Account does not exist'
  ],
  [
    'another client\'s token is answered like an unknown one',
    { input_type: 't', input_id: 777 },
    'Token: 777, Reason: Token does not exist'
  ],
  [
    'another external reference fails',
    { account_ext_ref: 'WALLET-1' },
    'Account: 1002, Reason: account_ext_ref is not the external reference of the account'
  ],
  [
    'a code that is no currency fails',
    { bill_ccy: '999' },
    'Account: 1002, Reason: bill_ccy 999 is not a current ISO 4217 currency with a minor unit'
  ],
  [
    'more decimals than the currency has fail',
    { act_balance: 1.005 },
    'Account: 1002, Reason: act_balance has more decimals than USD has (2)'
  ],
  [
    'a blocked balance outside 64 bits fails',
    { blk_balance: 92233720368547760 },
    'Account: 1002, Reason: blk_balance is outside the range of a balance'
  ],
  ['a negative blocked balance fails', { blk_balance: -0.01 }, 'Account: 1002, Reason: blk_balance is negative'],
  ['a currency without a rate fails', { bill_ccy: '978' }, 'Account: 1002, Reason: No exchange rate from EUR to USD']
]

t.test('one failing item beside one good one', async (t) => {
  // The good item is another one each time, and no failing item is written: they share a service.
  const { update, read } = await makeService(t)
  for (const [index, [name, item, note]] of FAILING_CASES.entries()) {
    await t.test(name, async (t) => {
      const good = { input_id: 1003, bill_ccy: '048', act_balance: index + 1 }
      const response = await update(updateBody([item, good], { api_call_unique_identifier: String(index) }))
      t.equal(response.statusCode, 200)
      t.same(response.json(), {
        header: { error_id: 0, error_desc: 'success' },
        body: { total_failed: 1, failed_note: note }
      })
      t.match(
        (await read('/accounts/1002')).json(),
        { actual_balance: '0.00', blocked_balance: '0.00' },
        'the failed item is not written'
      )
      t.match((await read('/accounts/1003')).json(), { actual_balance: `${index + 1}.000` }, 'the other one is')
    })
  }
})

t.test('a converted amount outside 64 bits fails', async (t) => {
  const { update } = await makeService(t)
  const response = await update(updateBody([{ input_id: 1004, act_balance: 90000000000000000 }]))
  t.match(response.json(), {
    body: {
      total_failed: 1,
      failed_note: 'Account: 1004, Reason: act_balance converted to JPY is outside the range of a balance'
    }
  })
})

t.test('items that set different balances for one account all fail, by account and by token', async (t) => {
  const { update, read } = await makeService(t)
  const kes = { bill_ccy: '404' }
  const response = await update(`{"client_id":123,"api_call_unique_identifier":"1","balance_list":[
    {"input_type":"a","input_id":9007199254740993,"act_balance":1,"blk_balance":0,"bill_ccy":"404"},
    {"input_type":"t","input_id":12345,"act_balance":2,"blk_balance":0,"bill_ccy":"404"}]}`)
  t.match(response.json(), {
    body: {
      total_failed: 2,
      failed_note: 'Account: 9007199254740993, Reason: Items of this request set different balances for the same ' +
        'account; Token: 12345, Reason: Items of this request set different balances for the same account'
    }
  })
  t.match((await read('/accounts/9007199254740993')).json(), { actual_balance: '1000.00' })
  t.match(
    (await update(updateBody([{ input_id: 1002 }, { input_id: 1002, act_balance: 200.0 }], kes))).json(),
    { body: { total_failed: 0 } },
    'the same result is no conflict'
  )
})

t.test('return=representation shows what became of each item', async (t) => {
  const { update } = await makeService(t)
  const response = await update(
    updateBody([{ input_id: 1004, act_balance: -1, blk_balance: 2 }, { input_id: 5 }]),
    { prefer: 'return=representation' }
  )
  t.equal(response.headers['preference-applied'], 'return=representation')
  t.same(response.json(), {
    header: { error_id: 0, error_desc: 'success' },
    body: {
      total_failed: 1,
      failed_note: 'Account: 5, Reason: Account does not exist',
      results: [
        {
          index: 0,
          input_type: 'a',
          input_id: '1004',
          status: 'updated',
          account_id: '1004',
          currency: '392',
          previous_actual: '5',
          previous_blocked: '0',
          previous_available: '5',
          actual: '-151',
          blocked: '303',
          available: '-454',
          rate: '151.37',
          rate_effective_at: '1970-01-01T00:00:00.000Z'
        },
        { index: 1, input_type: 'a', input_id: '5', status: 'failed', reason: 'Account does not exist' }
      ]
    }
  })
})

t.test('handling=strict writes nothing when an item fails', async (t) => {
  const { update, read } = await makeService(t)
  const body = updateBody([{}, { input_id: 5 }])
  const response = await update(body, { prefer: 'handling=strict, return=representation' })
  t.equal(response.statusCode, 422)
  t.equal(response.headers['preference-applied'], 'handling=strict')
  t.same(response.json(), {
    header: {
      error_id: 90422,
      error_desc: 'Nothing was written: at least one item failed, and the request asked for strict handling'
    },
    body: { total_failed: 1, failed_note: 'Account: 5, Reason: Account does not exist' }
  })
  t.match((await read('/accounts/1002')).json(), { actual_balance: '0.00' })
  t.match((await update(body)).json(), { header: { error_id: 0 } }, 'the identifier is free again')
})

t.test('handling=strict is like any other request when no item fails', async (t) => {
  const { update } = await makeService(t)
  const response = await update(updateBody(), { prefer: 'return=representation, handling=strict' })
  t.equal(response.statusCode, 200)
  t.equal(response.headers['preference-applied'], 'return=representation, handling=strict')
})
