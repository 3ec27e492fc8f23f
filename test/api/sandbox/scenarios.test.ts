import t from 'tap'
import { RULE_EXAMPLE } from '../../../schemas/stand-in-rule.js'
import { hashApiKey } from '../../../src/domain/api-key.js'
import { readScenario } from '../../../src/domain/scenario.js'
import type { NewAccount } from '../../../src/domain/new-account.js'
import { startDownload } from '../../support/downloads.js'
import { everythingIn } from '../../support/database.js'
import { NO_FILE, NO_STORE, SCENARIO, makeService, updateBody } from '../../support/service.js'

t.test('what is there is exported, with keys only as hashes, and can be loaded elsewhere', async (t) => {
  const source = await makeService(t)
  await source.update(updateBody())
  await source.call('POST', '/stand-in/rules', RULE_EXAMPLE)
  const exported = (await source.read('/scenario')).json()
  t.match(exported.clients[0], {
    client_id: 123,
    name: 'First Bank',
    api_key_sha256: hashApiKey('key-of-123').toString('hex'),
    amlyze_token_sha256: hashApiKey('amlyze-token-of-123').toString('hex')
  })
  t.notMatch(JSON.stringify(exported), /key-of|token-of/)
  t.match(exported.accounts[0], { account_id: '1002', actual_balance: '200.00', blocked_balance: '50.00' })
  t.match(exported.rates[1], { base: '840', quote: '404', rate: '129.05', effective_at: '1970-01-01T00:00:00.000Z' })

  const target = await makeService(t, { clients: [] })
  const response = await target.call('POST', '/scenario', exported)
  t.equal(response.statusCode, 201)
  t.same(response.json(), { clients: 2, accounts: 6, rates: 2, rules: 1 })
  t.same((await target.read('/stand-in/rules/small-pos')).json(), RULE_EXAMPLE)
  t.same((await target.read('/scenario')).json(), exported)
  t.match((await target.update(updateBody([{ act_balance: 7 }]))).json(), { header: { error_id: 0 } }, 'the key works')
  t.match(
    (await target.call('POST', '/reset')).json(), { restored: 1, unchanged: 5 }, 'a reset goes back to what was loaded'
  )
})

t.test('a dry run tells the same and leaves the database empty', { skip: NO_FILE }, async (t) => {
  const { call, databasePath } = await makeService(t, { clients: [] })
  const before = everythingIn(databasePath)
  const response = await call('POST', '/scenario?dry_run=true', SCENARIO)
  t.match({ status: response.statusCode, header: response.headers['dry-run'], body: response.json() }, {
    status: 201,
    header: 'true',
    body: { accounts: 6 }
  })
  t.same(everythingIn(databasePath), before)
})

t.test('a database that is not empty is left alone, and what is in the way is named', { skip: NO_FILE }, async (t) => {
  const { call, databasePath } = await makeService(t)
  const before = everythingIn(databasePath)
  const response = await call('POST', '/scenario', { clients: [{ client_id: 9, name: 'Ninth' }] })
  t.equal(response.statusCode, 409)
  t.match(response.json(), {
    detail: 'The database is not empty. It has clients: 2, accounts: 6, rates: 2. Start the service with another ' +
      'DATABASE_PATH to load a scenario'
  })
  t.same(everythingIn(databasePath), before)
})

t.test('a scenario that is not right is refused with every fault', { skip: NO_STORE }, async (t) => {
  const { call } = await makeService(t, { clients: [] })
  const faults = ['rates[0] has the same base and quote', 'rates[0].rate must be above zero']
  const response = await call('POST', '/scenario', { clients: [], rates: [{ base: '840', quote: '840', rate: '0' }] })
  t.equal(response.statusCode, 422)
  t.same(response.json(), {
    type: 'about:blank',
    title: 'Unprocessable Entity',
    status: 422,
    detail: faults[0],
    errors: faults
  })
  t.match(
    (await call('POST', '/scenario', { clients: [{ client_id: 1, name: 'x', colour: 'red' }] })).json(),
    { status: 400, detail: 'clients[0].colour is not a known field' }
  )
})

t.test('what is in the way is named before the scenario is read', async (t) => {
  const { call } = await makeService(t)
  t.match((await call('POST', '/scenario', { clients: 'none' })).json(), {
    status: 409,
    detail: /^The database is not empty/
  })
})

t.test('a database that was filled while the scenario came in is left alone', async (t) => {
  const { call, store } = await makeService(t, { clients: [] })
  const { countContent } = store
  store.countContent = async () => {
    const content = await countContent()
    await store.createClient({ clientId: 9, name: 'Ninth', keyHash: hashApiKey('nine') })
    return content
  }
  t.match((await call('POST', '/scenario', SCENARIO)).json(), {
    status: 409,
    detail: /^The database is not empty. It has clients: 1, accounts: 0, rates: 0/
  })
})

t.test('an export is over for the database before its client has read it', { skip: NO_STORE }, async (t) => {
  const { app, store } = await makeService(t)
  // Long, so that few of them are more than any system keeps for a connection.
  const account = { ...readScenario(SCENARIO).accounts[0] as NewAccount, externalReference: 'x'.repeat(20_000) }
  const part = { clients: [], rates: [], rules: [], accounts: Array.from({ length: 100 }, () => account) }
  let isOver = false
  store.exportScenario = async function * () {
    for (let count = 0; count < 12; count += 1) yield part
    isOver = true
  }
  const response = await startDownload(app, '/sandbox/v1/scenario')
  t.equal(isOver, true)
  t.ok(Number(response.headers['content-length']) > 16 * 1024 * 1024)
  let bytes = 0
  for await (const chunk of response) bytes += chunk.length
  t.equal(String(bytes), response.headers['content-length'])
})
