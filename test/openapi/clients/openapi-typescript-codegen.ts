import {
  AccountsService, AmlyzeService, ApiError, BalancesService, OpenAPI, PaymentologyService, type Account, type Problem
} from './generated/openapi-typescript-codegen'
import type { Connection, Outcome } from './outcome'

/** Uses the client of openapi-typescript-codegen. It has one credential at a time. */
export async function callService ({ url, adminToken, apiKey, amlyzeToken }: Connection): Promise<Outcome> {
  OpenAPI.BASE = url
  OpenAPI.TOKEN = adminToken
  const account: Account = await AccountsService.readAccount({ accountId: '9007199254740993' })
  const page = await AccountsService.listAccounts({ clientId: 123, limit: 2 })
  const rehearsal = await BalancesService.setBalances({
    accountId: '1002',
    dryRun: true,
    requestBody: { actual_balance: '7.00', blocked_balance: '2.00', currency: '840', reason: 'to try a client' }
  })
  const problem = await AccountsService.readAccount({ accountId: '1' }).then(() => undefined, readProblem)
  OpenAPI.TOKEN = amlyzeToken
  const report = await AmlyzeService.registerAccountBalance({
    requestBody: {
      requester: 'bank',
      communicationNumber: 'codegen',
      accountExtId: 'DOLLAR',
      balanceAt:
        '2026-01-31T08:00:00Z',
      value: 200
    }
  })
  OpenAPI.HEADERS = { 'X-API-KEY': apiKey }
  const update = await PaymentologyService.updateBalance({
    requestBody: {
      client_id: 123,
      api_call_unique_identifier: 'codegen',
      balance_list: [{ input_type: 'a', input_id: 1002, act_balance: 200, blk_balance: 50, bill_ccy: '840' }]
    }
  })
  return {
    available: account.available_balance,
    firstAccounts: page.accounts.map(({ account_id: id }) => id),
    rehearsed: rehearsal.after.available_balance,
    failedItems: update.body.total_failed,
    reportResult: report.resultType,
    problem: problem?.detail
  }
}

function readProblem (error: unknown): Problem {
  if (error instanceof ApiError) return error.body as Problem
  throw error
}
