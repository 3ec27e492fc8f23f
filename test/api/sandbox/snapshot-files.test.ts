import { once } from 'node:events'
import { get } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { execute } from '../../support/database.js'
import { callSandbox } from '../../support/sandbox.js'
import { ADMIN_TOKEN, makeService, NOW } from '../../support/service.js'

const ACCOUNT = { account_id: '9007199254740993', client_id: 123, currency: '404', actual_balance: '1000.00', blocked_balance: '10.00' }
const FILE = { version: 1, name: 'before', saved_at: '2025-12-31T23:59:59.999Z', covers: 'chosen', accounts: [ACCOUNT] }

/** Adds so many accounts to client 123, so that a file needs several pieces. */
const manyAccounts = (count: number): string => `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
  INSERT INTO accounts SELECT 5000000 + i, 123, '840', NULL, i, 0, 0, 0, 1 FROM n`

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
    accounts: [{ account_id: '1003', client_id: 123, currency: '048', actual_balance: '1.500', blocked_balance: '0.000' }, ACCOUNT]
  })
})

t.test('what was downloaded can be uploaded, and is the same file again', async (t) => {
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
  t.equal((await callSandbox(app, 'PUT', '/snapshots/empty/file', { ...FILE, covers: 'all', accounts: [] })).statusCode, 201)
  t.same((await read('/snapshots/empty/file')).json(), { ...FILE, name: 'empty', covers: 'all', accounts: [] })
})

t.test('an uploaded snapshot restores the accounts that are here, and names the others', async (t) => {
  const { app, read } = await makeService(t)
  const accounts = [{ ...ACCOUNT, actual_balance: '-5', blocked_balance: '0.5' }, { ...ACCOUNT, account_id: '77' }, { ...ACCOUNT, account_id: '2001' }]
  await callSandbox(app, 'PUT', '/snapshots/elsewhere/file', { ...FILE, accounts })
  t.match((await callSandbox(app, 'POST', '/snapshots/elsewhere/restore')).json(), {
    restored: 1, unchanged: 0, deleted: 1, replaced: 1, new: 0, exceptions: [{ account_id: '77', difference: 'deleted' }, { account_id: '2001', difference: 'replaced' }]
  })
  t.match((await read('/accounts/9007199254740993')).json(), { actual_balance: '-5.00', blocked_balance: '0.50' })
})

/** Serves all tests that change nothing. */
const service = await makeService(t)

for (const [name, body, status, detail] of [
  ['x', { ...FILE, version: 2, rates: [] }, 400, 'version is 2, and this stip-sandbox reads version 1'],
  ['x', { ...FILE, version: '1' }, 400, 'version must be a whole number'],
  ['x', JSON.stringify(FILE).replace('1', '12345678901234567890'), 400, 'version is 12345678901234567890, and this stip-sandbox reads version 1'],
  ['x', { ...FILE, version: undefined }, 400, 'version is required'],
  ['x', null, 400, /^the body must be object/],
  ['x', { ...FILE, rates: [] }, 400, 'rates is not a known field'],
  ['x', { ...FILE, covers: 'some' }, 400, 'covers must be equal to one of the allowed values: ["all","chosen"]'],
  ['x', { ...FILE, accounts: [ACCOUNT, { ...ACCOUNT, actual_balance: 1 }] }, 400, 'accounts[1].actual_balance must be string'],
  ['x', { ...FILE, accounts: [ACCOUNT, ACCOUNT] }, 422, 'accounts[1].account_id is the same as accounts[0].account_id, and must be unique'],
  ['x', { ...FILE, accounts: [{ ...ACCOUNT, actual_balance: '1.005' }] }, 422, 'accounts[0].actual_balance has more decimals than KES has (2)'],
  ['x', '{"version":1,', 400, /not valid JSON/],
  ['a%20b', FILE, 400, /^name must match pattern/],
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

t.test('a file beyond the limit is refused', async (t) => {
  const { app } = await makeService(t)
  t.match((await callSandbox(app, 'PUT', '/snapshots/x/file', ' '.repeat(32 * 1024 * 1024 + 1))).json(), { status: 413 })
})

t.test('a download breaks off when its snapshot is deleted meanwhile', async (t) => {
  const { app, store } = await makeService(t)
  await callSandbox(app, 'POST', '/snapshots', { name: 'before' })
  const listSavedAccounts = store.listSavedAccounts
  store.listSavedAccounts = async (...page) => {
    await store.deleteSnapshot('before')
    return await listSavedAccounts(...page)
  }
  await app.listen({ port: 0 })
  const { port } = app.server.address() as AddressInfo
  const request = get({ port, path: '/sandbox/v1/snapshots/before/file', headers: { authorization: `Bearer ${ADMIN_TOKEN}` } })
  const [response] = await once(request, 'response')
  const [error] = await once(response.resume(), 'error')
  t.match(error, { code: 'ECONNRESET' })
})
