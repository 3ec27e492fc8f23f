import Database from 'better-sqlite3'
import t from 'tap'
import { balance, BATCH, batch, CONTRACT, makeAmlyzeService, SINGLE, VALIDATION } from '../../support/amlyze.js'
import { makeService, NO_FILE, NOW, SCENARIO } from '../../support/service.js'

/** Every kind of item: good ones, a number that stands twice, broken ones, and one of an unknown account. */
const MIXED = batch([
  { communicationNumber: 'A', businessUnit: 'sandbox', equivalentValue: 2 },
  { communicationNumber: 'A', value: 5 },
  { communicationNumber: 7, accountExtId: 'WALLET-1' },
  null,
  [],
  { communicationNumber: 'B', accountExtId: 'nobody' },
  { communicationNumber: 'B', accountExtId: 'DOLLAR' },
  { communicationNumber: 'USED' }
])

const REJECTED = 'REQUEST_REJECTED'

const RESULTS = [
  {
    resultType: 'REQUEST_ACCEPTED',
    communicationNumber: 'A',
    accountExtId: 'WALLET-1',
    businessUnit: 'sandbox',
    timeElapsedMs: 0
  },
  {
    resultType: REJECTED,
    communicationNumber: 'A',
    accountExtId: 'WALLET-1',
    errorCode: 'O005',
    errorDescription: 'CommunicationNumber already used in amlyze',
    timeElapsedMs: 0
  },
  {
    resultType: REJECTED,
    accountExtId: 'WALLET-1',
    errorCode: 'S003',
    errorDescription: 'communicationNumber must be string',
    timeElapsedMs: 0
  },
  { resultType: REJECTED, errorCode: 'S001', errorDescription: 'The body must be a JSON object', timeElapsedMs: 0 },
  { resultType: REJECTED, errorCode: 'S001', errorDescription: 'The body must be a JSON object', timeElapsedMs: 0 },
  {
    resultType: REJECTED,
    communicationNumber: 'B',
    accountExtId: 'nobody',
    errorCode: '404',
    errorDescription: 'BusinessEntity with given extId does not exist in amlyze',
    timeElapsedMs: 0
  },
  { resultType: 'REQUEST_ACCEPTED', communicationNumber: 'B', accountExtId: 'DOLLAR', timeElapsedMs: 0 },
  {
    resultType: REJECTED,
    communicationNumber: 'USED',
    accountExtId: 'WALLET-1',
    errorCode: 'O005',
    errorDescription: 'CommunicationNumber already used in amlyze',
    timeElapsedMs: 0
  }
]

/** Serves all tests that change nothing. */
const service = await makeAmlyzeService(t)

t.test('a batch is answered item by item and in order; a number that stands twice in it is used once', async (t) => {
  const { call, read } = await makeAmlyzeService(t)
  await call(SINGLE, balance({ communicationNumber: 'USED', accountExtId: 'ORG20231117550' }))
  const response = await call(BATCH, MIXED)
  t.equal(response.statusCode, 200)
  t.same(response.json(), { results: RESULTS, timeElapsedMs: 0 })
  const kept = (await read('/accounts/9007199254740993/reported-balances?view=series')).json().reported_balances
  t.match(kept, [{ communication_number: 'A', value: '1', equivalent_value: '2' }])
  t.equal(kept.length, 1)
})

t.test('the validation gives the results of the batch, any number of times, and keeps nothing', {
  skip: NO_FILE
}, async (t) => {
  const { call, databasePath } = await makeAmlyzeService(t)
  await call(SINGLE, balance({ communicationNumber: 'USED', accountExtId: 'ORG20231117550' }))
  const database = new Database(databasePath, { readonly: true })
  t.teardown(() => { database.close() })
  const count = database.prepare('SELECT count(*) FROM reported_balances').pluck()
  for (const time of ['first', 'second']) {
    t.same((await call(VALIDATION, MIXED)).json(), { results: RESULTS, timeElapsedMs: 0 }, time)
  }
  t.equal(count.get(), 1)
  t.same((await call(BATCH, MIXED)).json(), { results: RESULTS, timeElapsedMs: 0 })
  t.equal(count.get(), 3)
  t.match((await call(VALIDATION, MIXED)).json(), { results: [{ errorCode: 'O005' }, { errorCode: 'O005' }] })
})

t.test('the published example of a batch is accepted', async (t) => {
  const { call } = await makeAmlyzeService(t)
  const example = CONTRACT.paths[BATCH]?.['post']?.requestBody.content['application/json'].examples.published.value
  t.match((await call(BATCH, example)).json(), {
    results: [{ resultType: 'REQUEST_ACCEPTED' }, { resultType: 'REQUEST_ACCEPTED' }]
  })
})

for (const [body, errorCode, errorDescription] of [
  [{}, 'S010', 'accountBalances is required'],
  [{ accountBalances: null }, 'S010', 'accountBalances must be array'],
  [{ accountBalances: [] }, 'S010', 'accountBalances must NOT have fewer than 1 items'],
  [batch(new Array(1001).fill({})), 'S010', 'accountBalances must NOT have more than 1000 items'],
  [[balance()], 'S001', 'The body must be a JSON object']
] as const) {
  t.test(`a batch whose ${errorDescription} is rejected as a whole`, async (t) => {
    const { call } = service
    for (const path of [BATCH, VALIDATION]) {
      const response = await call(path, body)
      t.equal(response.statusCode, 400)
      t.same(response.json(), { resultType: REJECTED, errorCode, errorDescription })
    }
  })
}

t.test('a batch takes 1000 balances of the greatest length, each character written as two escapes', async (t) => {
  const { call } = await makeAmlyzeService(t)
  const widest = balance({
    communicationNumber: '#'.repeat(251),
    requester: '#'.repeat(100),
    accountExtId: '#'.repeat(255),
    balanceType: '#'.repeat(255),
    businessUnit: '#'.repeat(255),
    value: 0
  })
  const item = JSON.stringify(widest).replaceAll('#', '\\ud83d\\ude00')
    .replace('"value":0', '"value":-9999999999999999999.999999999999999999,' +
      '"equivalentValue":9999999999999999999.999999999999999999')
  const last = JSON.stringify(balance({ communicationNumber: 'last' }))
  const response = await call(BATCH, `{"accountBalances":[${`${item},`.repeat(999)}${last}]}`)
  t.equal(response.statusCode, 200)
  const { results } = response.json() as { results: Array<{ errorCode?: string }> }
  t.equal(results.length, 1000)
  t.equal(results.filter(({ errorCode }) => errorCode === 'S008').length, 999)
  t.match(results.at(-1), { resultType: 'REQUEST_ACCEPTED' })
})

t.test('items that were taken together took equally long, and nothing when the clock was set back', async (t) => {
  for (const [stepMs, wanted] of [[5, { least: 5, most: 1000 }], [-5, { least: 0, most: 0 }]] as const) {
    let nowMs = NOW.getTime()
    const { app } = await makeService(t, SCENARIO, { clock: () => new Date(nowMs += stepMs) })
    const { results: [first, second, broken] } = (await app.inject({
      method: 'POST',
      url: BATCH,
      headers: { authorization: 'Bearer amlyze-token-of-123', 'content-type': 'application/json' },
      payload: batch([{ communicationNumber: 'A' }, { communicationNumber: 'A' }, { communicationNumber: 7 }])
    })).json()
    t.ok(first.timeElapsedMs >= wanted.least && first.timeElapsedMs <= wanted.most, String(first.timeElapsedMs))
    t.equal(second.timeElapsedMs, first.timeElapsedMs)
    t.equal(broken.timeElapsedMs, 0, 'one that breaks the contract was never taken')
  }
})
