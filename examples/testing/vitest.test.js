// npm pkg set type=module, once; then vitest run vitest.test.js
import { fileURLToPath } from 'node:url'
import { startSandbox } from 'stip-sandbox'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'

const scenario = fileURLToPath(new URL('scenario.json', import.meta.url))
const account = { params: { path: { account_id: '9007199254740993' } } }
let sandbox
let client

beforeAll(async () => {
  sandbox = await startSandbox({ scenario })
  client = sandbox.client({ apiKey: 'key-of-123' })
})
afterEach(async () => { await sandbox.reset() })
afterAll(async () => { await sandbox.close() })

test('an update sets the balance of exactly its account', async () => {
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
  expect(data.header.error_id).toBe(0)
  const found = await client.GET('/sandbox/v1/accounts/{account_id}', account)
  expect(found.data.available_balance).toBe('150.05')
})

test('each test begins with the scenario', async () => {
  const found = await client.GET('/sandbox/v1/accounts/{account_id}', account)
  expect(found.data.available_balance).toBe('1000.00')
})
