import t from 'tap'
import type { SavedAccount } from '../../../src/domain/snapshot.js'
import type { SavedSlice } from '../../../src/store/port/snapshots.js'
import { allOf } from '../../support/all-of.js'
import { execute, rowsOf } from '../../support/database.js'
import { startDownload, startUpload, until } from '../../support/downloads.js'
import { callSandbox } from '../../support/sandbox.js'
import { makeService, NO_FILE, NOW } from '../../support/service.js'

const ACCOUNT = {
  account_id: '9007199254740993',
  client_id: 123,
  currency: '404',
  actual_balance: '1000.00',
  blocked_balance: '10.00'
}
const FILE = { version: 1, name: 'before', saved_at: '2025-12-31T23:59:59.999Z', covers: 'chosen', accounts: [ACCOUNT] }

/** Adds accounts to client 123, so that a file needs several pieces. */
const manyAccounts = (count: number): string => `
  WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
  INSERT INTO accounts SELECT 5000000 + i, 1, 123, '840', NULL FROM n;
  INSERT INTO balances (account_id, actual, blocked, last_change_id, position, updated_at_ms, unaware_holds)
    SELECT account_id, account_id, 0, 1, 1, 0, 0
    FROM accounts WHERE account_id BETWEEN 5000001 AND 6000000`

/** Serves all tests that change nothing. */
const service = await makeService(t)

t.test('a download is a file with exact strings', async (t) => {
  const { app, read } = await makeService(t)
  await callSandbox(app, 'POST', '/snapshots', { name: 'before', account_ids: ['1003', '9007199254740993'] })
  const response = await read('/snapshots/before/file')
  t.equal(response.headers['content-type'], 'application/json; charset=utf-8')
  t.equal(response.headers['content-disposition'], 'attachment; filename="before.json"')
  t.same(response.json(), {
    version: 1,
    name: 'before',
    saved_at: NOW.toISOString(),
    covers: 'chosen',
    accounts: [
      { account_id: '1003', client_id: 123, currency: '048', actual_balance: '1.500', blocked_balance: '0.000' },
      ACCOUNT
    ]
  })
})

t.test('a downloaded snapshot can be uploaded, and is the same file again', { skip: NO_FILE }, async (t) => {
  const { app, read, databasePath } = await makeService(t)
  execute(databasePath, manyAccounts(2500))
  await callSandbox(app, 'POST', '/snapshots', { name: 'before' })
  const file = (await read('/snapshots/before/file')).body
  t.equal(JSON.parse(file).accounts.length, 2506)
  const uploaded = await callSandbox(app, 'PUT', '/snapshots/copy/file', file)
  t.equal(uploaded.statusCode, 201)
  t.same(uploaded.json(), { name: 'copy', saved_at: NOW.toISOString(), covers: 'all', accounts: 2506 })
  t.equal((await read('/snapshots/copy/file')).body, file.replace('"before"', '"copy"'))
})

t.test('an empty snapshot is a file, too', async (t) => {
  const { app, read } = await makeService(t)
  t.equal(
    (await callSandbox(app, 'PUT', '/snapshots/empty/file', { ...FILE, covers: 'all', accounts: [] })).statusCode, 201
  )
  t.same((await read('/snapshots/empty/file')).json(), { ...FILE, name: 'empty', covers: 'all', accounts: [] })
})

t.test('an uploaded snapshot restores the accounts that are here, and names the others', async (t) => {
  const { app, read } = await makeService(t)
  const accounts = [
    { ...ACCOUNT, actual_balance: '-5', blocked_balance: '0.5' },
    { ...ACCOUNT, account_id: '77' },
    { ...ACCOUNT, account_id: '2001' }
  ]
  await callSandbox(app, 'PUT', '/snapshots/elsewhere/file', { ...FILE, accounts })
  t.match((await callSandbox(app, 'POST', '/snapshots/elsewhere/restore')).json(), {
    restored: 1,
    unchanged: 0,
    deleted: 1,
    replaced: 1,
    new: 0,
    exceptions: [
      { account_id: '77', difference: 'deleted' },
      { account_id: '2001', difference: 'replaced' }
    ]
  })
  t.match((await read('/accounts/9007199254740993')).json(), { actual_balance: '-5.00', blocked_balance: '0.50' })
})

for (const [name, body, status, detail] of [
  ['x', { ...FILE, version: 2, rates: [] }, 400, 'version is 2, and this stip-sandbox reads version 1'],
  ['x', { ...FILE, version: '1' }, 400, 'version must be a whole number'],
  [
    'x',
    JSON.stringify(FILE).replace('1', '12345678901234567890'),
    400,
    'version is 12345678901234567890, and this stip-sandbox reads version 1'
  ],
  ['x', { ...FILE, version: undefined }, 400, 'version is required'],
  ['x', null, 400, /^the body must be object/],
  ['x', { ...FILE, rates: [] }, 400, 'rates is not a known field'],
  ['x', { ...FILE, covers: 'some' }, 400, 'covers must be equal to one of the allowed values: ["all","chosen"]'],
  [
    'x',
    { ...FILE, accounts: [ACCOUNT, { ...ACCOUNT, actual_balance: 1 }] },
    400,
    'accounts[1].actual_balance must be string'
  ],
  [
    'x',
    { ...FILE, accounts: [ACCOUNT, ACCOUNT] },
    422,
    'accounts[1].account_id is the same as accounts[0].account_id, and must be unique'
  ],
  [
    'x',
    { ...FILE, accounts: [{ ...ACCOUNT, actual_balance: '1.005' }] },
    422,
    'accounts[0].actual_balance has more decimals than KES has (2)'
  ],
  ['x', '{"version":1,', 400, /not valid JSON/],
  ['a%20b', FILE, 400, /^name must be 1 to 64 letters/],
  ['before', FILE, 409, /^There is a snapshot before already/],
  ['scenario', FILE, 409, /^The snapshot scenario is the scenario/]
] as const) {
  t.test(`uploading ${name} ${JSON.stringify(body).slice(0, 80)} is refused, and nothing is kept`, async (t) => {
    const { app, read } = service
    await callSandbox(app, 'POST', '/snapshots', { name: 'before' })
    const before = (await read('/snapshots')).body
    const response = await callSandbox(app, 'PUT', `/snapshots/${name}/file`, body)
    t.equal(response.statusCode, status)
    t.match(response.json(), { status, detail })
    t.equal((await read('/snapshots')).body, before)
  })
}

t.test('a file of any size is taken in, and all that is wrong with it is named', { skip: NO_FILE }, async (t) => {
  const { app, databasePath } = await makeService(t)
  const accounts = Array.from({ length: 3000 }, (_, index) => ({ ...ACCOUNT, account_id: String(index + 1) }))
  const right = await callSandbox(app, 'PUT', '/snapshots/right/file', { ...FILE, accounts })
  t.match(right.json(), { accounts: 3000 })
  const wrong = accounts.with(1, { ...ACCOUNT, currency: '999' }).with(2900, { ...ACCOUNT, account_id: '5' }).with(
    2999, { ...ACCOUNT, account_id: '2900' }
  )
  t.same((await callSandbox(app, 'PUT', '/snapshots/wrong/file', { ...FILE, accounts: wrong })).json().errors, [
    'accounts[1].currency is 999, which is no current ISO 4217 currency with a minor unit',
    'accounts[2900].account_id is the same as accounts[4].account_id, and must be unique',
    'accounts[2999].account_id is the same as accounts[2899].account_id, and must be unique'
  ])
  const broken = await callSandbox(app, 'PUT', '/snapshots/wrong/file', {
    ...FILE,
    accounts: accounts.with(2999, { ...ACCOUNT, actual_balance: 'x' })
  })
  t.match(broken.json(), { status: 400, detail: /^accounts\[2999\]\.actual_balance must be an amount/ })
  t.same(
    rowsOf(databasePath, 'SELECT name FROM snapshots ORDER BY snapshot_id'),
    [{ name: 'scenario' }, { name: 'right' }],
    'nothing is left of it'
  )
  t.same(rowsOf(databasePath, 'SELECT count(*) AS accounts FROM snapshot_balances'), [{ accounts: 3006n }])
})

t.test('what stands beside the accounts is not taken in without a limit', async (t) => {
  const { app } = await makeService(t)
  t.match((await callSandbox(app, 'PUT', '/snapshots/x/file', ' '.repeat(2 * 1024 * 1024))).json(), {
    status: 400, detail: 'the body has more than 1048576 bytes beside accounts'
  })
})

t.test('a body that is not declared to be JSON is refused', async (t) => {
  const { app } = await makeService(t)
  t.equal((await callSandbox(app, 'PUT', '/snapshots/x/file', FILE, 'text/plain')).statusCode, 415)
  t.match((await callSandbox(app, 'PUT', '/snapshots/x/file')).json(), {
    status: 400,
    detail: /^the body is not valid JSON/
  })
})

t.test('of an upload that breaks off nothing is left, and the name is free', { skip: NO_FILE }, async (t) => {
  const { app, databasePath } = await makeService(t)
  const unnamed = (): number =>
    rowsOf(databasePath, 'SELECT * FROM snapshots JOIN snapshot_balances USING (snapshot_id) WHERE name IS NULL').length
  const body = JSON.stringify({
    ...FILE,
    accounts: Array.from({ length: 3000 }, (_, index) => ({ ...ACCOUNT, account_id: String(index + 1) }))
  })
  const request = await startUpload(app, '/sandbox/v1/snapshots/x/file', body.length)
  request.write(body.slice(0, -1000))
  await until(() => unnamed() > 0)
  request.destroy()
  await until(() => rowsOf(databasePath, 'SELECT * FROM snapshots WHERE name IS NULL').length === 0)
  t.equal((await callSandbox(app, 'PUT', '/snapshots/x/file', FILE)).statusCode, 201)
})

t.test('a name that is taken during the upload stays with who took it', { skip: NO_FILE }, async (t) => {
  const { app, store, databasePath } = await makeService(t)
  const { stageSnapshot } = store
  store.stageSnapshot = async (name) => {
    const staging = await stageSnapshot(name)
    await store.saveSnapshot(name, [1002n])
    return staging
  }
  t.match((await callSandbox(app, 'PUT', '/snapshots/x/file', FILE)).json(), {
    status: 409,
    detail: /^There is a snapshot x already/
  })
  t.same(
    rowsOf(databasePath, 'SELECT name, account_count FROM snapshots WHERE name IS NULL OR name = \'x\''),
    [{ name: 'x', account_count: 1n }]
  )
})

t.test('a download is over for the database before its client has read it', async (t) => {
  const { app, store } = await makeService(t)
  const [slice] = await allOf(store.readSnapshot('scenario')) as [SavedSlice]
  const accounts = Array.from({ length: 1000 }, () => slice.accounts[0] as SavedAccount)
  let isOver = false
  store.readSnapshot = async function * () {
    for (let count = 0; count < 200; count += 1) yield { ...slice, accounts }
    isOver = true
  }
  const response = await startDownload(app, '/sandbox/v1/snapshots/scenario/file')
  t.equal(isOver, true)
  const length = Number(response.headers['content-length'])
  t.ok(length > 16 * 1024 * 1024, 'more than lies between a service and a client that does not read')
  let bytes = 0
  for await (const chunk of response) bytes += chunk.length
  t.equal(bytes, length)
})
