import createClient from 'openapi-fetch'
import type { components, paths } from './generated/openapi-typescript/schema'
import type { Connection, Outcome } from './outcome'

/** Uses openapi-fetch with the types of openapi-typescript. */
export async function callService ({ url, adminToken, apiKey, amlyzeToken }: Connection): Promise<Outcome> {
  const client = createClient<paths>({ baseUrl: url })
  const headers = { authorization: `Bearer ${adminToken}` }
  const account = await client.GET('/sandbox/v1/accounts/{account_id}', {
    params: { path: { account_id: '9007199254740993' } }, headers
  })
  const page = await client.GET('/sandbox/v1/accounts', { params: { query: { client_id: 123, limit: 2 } }, headers })
  const rehearsal = await client.PUT('/sandbox/v1/accounts/{account_id}/balances', {
    params: { path: { account_id: '1002' }, query: { dry_run: true } },
    body: { actual_balance: '7.00', blocked_balance: '2.00', currency: '840', reason: 'to try a client' },
    headers
  })
  const update = await client.POST('/ppws/api/v1/pws_update_balance', {
    body: {
      client_id: 123,
      api_call_unique_identifier: 'openapi-typescript',
      balance_list: [{ input_type: 'a', input_id: 1002, act_balance: 200, blk_balance: 50, bill_ccy: '840' }]
    },
    headers: { 'x-api-key': apiKey }
  })
  const report = await client.PUT('/amlyze-ws-rest/account-balance', {
    body: {
      requester: 'bank',
      communicationNumber:
        'openapi-typescript',
      accountExtId: 'DOLLAR',
      balanceAt: '2026-01-31T08:00:00Z',
      value: 200
    },
    headers: { authorization: `Bearer ${amlyzeToken}` }
  })
  const missing = await client.GET('/sandbox/v1/accounts/{account_id}', {
    params: { path: { account_id: '1' } },
    headers
  })
  const found: components['schemas']['Account'] = expectData(account)
  return {
    available: found.available_balance,
    firstAccounts: expectData(page).accounts.map(({ account_id: id }) => id),
    rehearsed: expectData(rehearsal).after.available_balance,
    failedItems: expectData(update).body.total_failed,
    reportResult: expectData(report).resultType,
    problem: missing.error?.detail
  }
}

function expectData<Data> ({ data, error }: { data?: Data, error?: unknown }): Data {
  if (data === undefined) throw new Error(JSON.stringify(error))
  return data
}
