import { createClient } from './generated/hey-api/client'
import {
  listAccounts, readAccount, registerAccountBalance, setBalances, updateBalance
} from './generated/hey-api/sdk.gen'
import type { Account } from './generated/hey-api/types.gen'
import type { Connection, Outcome } from './outcome'

/** Uses the client of @hey-api/openapi-ts. */
export async function callService ({ url, adminToken, apiKey, amlyzeToken }: Connection): Promise<Outcome> {
  const sandbox = createClient({ baseUrl: url, auth: adminToken })
  const processor = createClient({ baseUrl: url, auth: apiKey })
  const monitor = createClient({ baseUrl: url, auth: amlyzeToken })
  const account = await readAccount({ client: sandbox, path: { account_id: '9007199254740993' }, throwOnError: true })
  const page = await listAccounts({ client: sandbox, query: { client_id: 123, limit: 2 }, throwOnError: true })
  const rehearsal = await setBalances({
    client: sandbox,
    path: { account_id: '1002' },
    query: { dry_run: true },
    body: { actual_balance: '7.00', blocked_balance: '2.00', currency: '840', reason: 'to try a client' },
    throwOnError: true
  })
  const update = await updateBalance({
    client: processor,
    body: {
      client_id: 123,
      api_call_unique_identifier: 'hey-api',
      balance_list: [{ input_type: 'a', input_id: 1002, act_balance: 200, blk_balance: 50, bill_ccy: '840' }]
    },
    throwOnError: true
  })
  const report = await registerAccountBalance({
    client: monitor,
    body: {
      requester: 'bank',
      communicationNumber: 'hey-api',
      accountExtId: 'DOLLAR',
      balanceAt: '2026-01-31T08:00:00Z',
      value: 200
    },
    throwOnError: true
  })
  const missing = await readAccount({ client: sandbox, path: { account_id: '1' } })
  const found: Account = account.data
  return {
    available: found.available_balance,
    firstAccounts: page.data.accounts.map(({ account_id: id }) => id),
    rehearsed: rehearsal.data.after.available_balance,
    failedItems: update.data.body.total_failed,
    reportResult: report.data.resultType,
    problem: missing.error?.detail
  }
}
