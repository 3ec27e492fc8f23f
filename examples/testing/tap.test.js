// npm pkg set type=module, once; then node tap.test.js, or tap tap.test.js
import { fileURLToPath } from 'node:url'
import { startSandbox } from 'stip-sandbox'
import t from 'tap'

const scenario = fileURLToPath(new URL('scenario.json', import.meta.url))
const account = { params: { path: { account_id: '9007199254740993' } } }
let sandbox
let client

t.before(async () => {
  sandbox = await startSandbox({ scenario })
  client = sandbox.client({ apiKey: 'key-of-123' })
})
t.afterEach(async () => { await sandbox.reset() })
t.teardown(async () => { await sandbox.close() })

t.test('an update sets the balance of exactly its account', async (t) => {
  // Your program would send this to sandbox.url.
  const { data } = await client.POST('/ppws/api/v1/pws_update_balance', {
    body: {
      client_id: 123,
      api_call_unique_identifier: '001',
      balance_list: [
        { input_type: 'a', input_id: '9007199254740993', act_balance: '200.05', blk_balance: '50', bill_ccy: '404' }
      ]
    }
  })
  t.equal(data.header.error_id, 0)
  const found = await client.GET('/sandbox/v1/accounts/{account_id}', account)
  t.equal(found.data.available_balance, '150.05')
})

t.test('each test begins with the scenario', async (t) => {
  const found = await client.GET('/sandbox/v1/accounts/{account_id}', account)
  t.equal(found.data.available_balance, '1000.00')
})
