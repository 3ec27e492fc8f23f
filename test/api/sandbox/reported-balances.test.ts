import Database from 'better-sqlite3'
import t from 'tap'
import { balance, BATCH, batch, makeAmlyzeService, SINGLE } from '../../support/amlyze.js'
import { NOW, updateBody } from '../../support/service.js'

const WALLET = '/accounts/9007199254740993/reported-balances'

interface Page { reported_balances: Array<{ communication_number: string }>, next_cursor: string | null }

t.test('a report is read to the last digit and nanosecond, beside the stand-in balance', async (t) => {
  const { call, read } = await makeAmlyzeService(t)
  const sent = JSON.stringify(balance({ balanceType: 'DAILY_BALANCE', businessUnit: 'sandbox', balanceAt: '2024-05-26T16:49:50.123456789+03:00' }))
    .replace('"value":1', '"value":1234567890123456789.012345678901234567,"equivalentValue":1.5000e1')
  await call(SINGLE, sent)
  t.same((await read(WALLET)).json(), {
    account_id: '9007199254740993',
    currency: '404',
    stand_in_balance: '1000.00',
    reported_balances: [{
      communication_number: 'COM1',
      requester: 'core',
      balance_type: 'DAILY_BALANCE',
      business_unit: 'sandbox',
      balance_at: '2024-05-26T13:49:50.123456789Z',
      currency: '404',
      value: '1234567890123456789.012345678901234567',
      equivalent_value: '15',
      reported_at: NOW.toISOString(),
      difference: '1234567890123455789.012345678901234567'
    }],
    next_cursor: null
  })
})

t.test('a report never changes the stand-in balance, and the difference follows it', async (t) => {
  const { call, read, update } = await makeAmlyzeService(t)
  await call(SINGLE, balance({ accountExtId: 'DOLLAR', value: 200.0055 }))
  const path = '/accounts/1002/reported-balances'
  t.match((await read('/accounts/1002')).json(), { actual_balance: '0.00', updated_at: NOW.toISOString() })
  t.match((await read(path)).json(), { stand_in_balance: '0.00', reported_balances: [{ difference: '200.0055' }] })
  await update(updateBody())
  t.match((await read(path)).json(), { stand_in_balance: '200.00', reported_balances: [{ value: '200.0055', difference: '0.0055' }] })
})

t.test('the latest view has the newest balance of each type and unit, by its moment and then by its arrival', async (t) => {
  const { call, read } = await makeAmlyzeService(t)
  await call(BATCH, batch([
    { communicationNumber: 'newest', balanceType: 'DAILY_BALANCE', balanceAt: '2024-01-03T00:00:00+02:00' },
    { communicationNumber: 'late', balanceType: 'DAILY_BALANCE', balanceAt: '2024-01-02T21:59:59Z' },
    { communicationNumber: 'first', balanceAt: '2024-01-01T00:00:00Z' },
    { communicationNumber: 'correction', balanceAt: '2024-01-01T00:00:00.000' },
    { communicationNumber: 'unit', businessUnit: 'retail', balanceAt: '2023-12-31T00:00:00Z' },
    { communicationNumber: 'elsewhere', accountExtId: 'DOLLAR' }
  ]))
  const numbersOf = async (path: string): Promise<string[]> => ((await read(path)).json() as Page).reported_balances.map((entry) => entry.communication_number)
  t.same(await numbersOf(WALLET), ['newest', 'correction', 'unit'])
  t.same(await numbersOf(`${WALLET}?view=latest`), ['newest', 'correction', 'unit'])
  t.same(await numbersOf(`${WALLET}?view=series`), ['newest', 'late', 'correction', 'first', 'unit'])
  t.notMatch((await read(`${WALLET}?view=series`)).body, /difference/)
})

for (const view of ['latest', 'series']) {
  t.test(`the pages of the view ${view} give everything once and in order`, async (t) => {
    const { call, read } = await makeAmlyzeService(t)
    await call(BATCH, batch(Array.from({ length: 150 }, (_, index) => ({ businessUnit: `unit ${index}`, balanceAt: `2024-01-${String(index % 5 + 10)}T00:00:00Z` }))))
    const whole = (await read(`${WALLET}?view=${view}&limit=1000`)).json() as Page
    t.equal(whole.reported_balances.length, 150)
    t.equal(whole.next_cursor, null)
    t.equal(((await read(`${WALLET}?view=${view}`)).json() as Page).reported_balances.length, 100, 'a page has 100 without a limit')
    const found = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page = (await read(`${WALLET}?view=${view}&limit=50${cursor === '' ? '' : `&cursor=${cursor}`}`)).json() as Page
      t.equal(page.reported_balances.length, 50)
      found.push(...page.reported_balances)
      cursor = page.next_cursor
    }
    t.same(found, whole.reported_balances)
  })
}

t.test('a page stays where it is while new balances come', async (t) => {
  const { call, read } = await makeAmlyzeService(t)
  await call(BATCH, batch([{ balanceAt: '2024-01-02T00:00:00Z' }, { balanceAt: '2024-01-01T00:00:00Z' }]))
  const { next_cursor: cursor } = (await read(`${WALLET}?view=series&limit=1`)).json() as Page
  await call(SINGLE, balance({ communicationNumber: 'new', balanceAt: '2024-01-03T00:00:00Z' }))
  t.match((await read(`${WALLET}?view=series&limit=1&cursor=${String(cursor)}`)).json(), { reported_balances: [{ communication_number: 'COM1' }], next_cursor: null })
})

t.test('an account number that has come to another currency or client keeps amounts and reports apart', async (t) => {
  const { call, read, databasePath } = await makeAmlyzeService(t)
  await call(SINGLE, balance({ accountExtId: 'DOLLAR' }))
  const database = new Database(databasePath)
  t.teardown(() => { database.close() })
  database.exec('UPDATE accounts SET currency = \'978\' WHERE account_id = 1002')
  t.match((await read('/accounts/1002/reported-balances')).json(), { currency: '978', reported_balances: [{ currency: '840', value: '1', difference: null }] })
  database.exec('UPDATE accounts SET client_id = 456 WHERE account_id = 1002')
  t.same((await read('/accounts/1002/reported-balances')).json().reported_balances, [])
})

for (const account of ['987654321', '9223372036854775808']) {
  t.test(`account ${account} is not there`, async (t) => {
    const { read } = await makeAmlyzeService(t)
    const response = await read(`/accounts/${account}/reported-balances`)
    t.equal(response.statusCode, 404)
    t.match(response.json(), { title: 'Not Found', detail: `There is no account ${account}` })
  })
}

for (const [query, detail] of [
  ['view=all', 'view must be equal to one of the allowed values: ["latest","series"]'],
  ['limit=0', 'limit must match pattern'],
  ['limit=1001', 'limit must match pattern'],
  ['cursor=5', 'cursor must match pattern'],
  ['page=2', 'page is not a known field']
] as const) {
  t.test(`${query} is refused by name`, async (t) => {
    const { read } = await makeAmlyzeService(t)
    const response = await read(`${WALLET}?${query}`)
    t.equal(response.statusCode, 400)
    t.ok(response.json().detail.startsWith(detail), response.body)
  })
}

t.test('it asks for the admin token', async (t) => {
  const { app } = await makeAmlyzeService(t)
  t.equal((await app.inject({ url: `/sandbox/v1${WALLET}`, headers: { authorization: 'Bearer amlyze-token-of-123' } })).statusCode, 401)
})
