import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { COMMON_PROBLEMS, problemResponse } from '../../../schemas/problem.js'
import { ReportedBalances, ReportedBalancesQuery, type ReportedBalance } from '../../../schemas/reported-balances.js'
import { AccountParameters } from '../../../schemas/sandbox/accounts.js'
import { formatDecimal } from '../../domain/decimal.js'
import { formatInstant } from '../../domain/instant.js'
import { formatAmount, isInt64 } from '../../domain/money.js'
import { driftOf } from '../../domain/reported-balance.js'
import type { AccountRecord } from '../../store/accounts.js'
import type { ReportedBalancePlace, ReportedBalanceRecord } from '../../store/reported-balances.js'
import type { Store } from '../../store/store.js'
import { sendProblem } from './problem.js'

const DEFAULT_LIMIT = '100'

/** Reading what was reported about an account, beside what stand-in processing holds. */
export const reportedBalances: FastifyPluginAsyncTypebox<{ store: Store }> = async (app, { store }) => {
  app.get('/accounts/:account_id/reported-balances', {
    schema: {
      operationId: 'readReportedBalances',
      tags: ['Accounts'],
      summary: 'Read the reported balances of an account',
      description: 'What the account\'s client has reported to its AML monitor, beside the stand-in balance, so that one sees the two drift apart.',
      security: [{ adminToken: [] }],
      params: AccountParameters,
      querystring: ReportedBalancesQuery,
      response: {
        200: ReportedBalances,
        ...COMMON_PROBLEMS,
        404: problemResponse('There is no such account.', { title: 'Not Found', status: 404, detail: 'There is no account 987654321' })
      }
    }
  }, async (request, reply) => {
    const accountId = BigInt(request.params.account_id)
    const { view = 'latest', limit = DEFAULT_LIMIT, cursor } = request.query
    const before = cursor === undefined ? undefined : readCursor(cursor)
    const page = isInt64(accountId) ? await store.readReportedBalances({ accountId, view, before, limit: Number(limit) }) : undefined
    if (page === undefined) return sendProblem(reply, 404, `There is no account ${accountId}`)
    const { account, balances, hasMore } = page
    const last = balances.at(-1)
    return {
      account_id: accountId.toString(),
      currency: account.currency.numericCode,
      stand_in_balance: formatAmount(account.balances.actual, account.currency),
      reported_balances: balances.map((balance) => view === 'series'
        ? presentBalance(balance)
        : { ...presentBalance(balance), difference: describeDrift(balance, account) }),
      next_cursor: hasMore && last !== undefined ? writeCursor(last) : null
    }
  })
}

function presentBalance (balance: ReportedBalanceRecord): ReportedBalance {
  return {
    communication_number: balance.communicationNumber,
    requester: balance.requester,
    balance_type: balance.balanceType ?? null,
    business_unit: balance.businessUnit ?? null,
    balance_at: formatInstant(balance.balanceAt),
    currency: balance.currency.numericCode,
    value: formatDecimal(balance.value),
    equivalent_value: balance.equivalentValue === undefined ? null : formatDecimal(balance.equivalentValue),
    reported_at: balance.reportedAt.toISOString()
  }
}

/** Amounts in two currencies have no difference. */
function describeDrift ({ value, currency }: ReportedBalanceRecord, account: AccountRecord): string | null {
  if (currency !== account.currency) return null
  return formatDecimal(driftOf(value, account.balances.actual, currency))
}

function writeCursor ({ balanceAt, id }: ReportedBalancePlace): string {
  return `${balanceAt}_${id}`
}

/** The contract has found the two parts to be there. */
function readCursor (cursor: string): ReportedBalancePlace {
  const [balanceAt, id] = cursor.split('_') as [string, string]
  return { balanceAt, id: BigInt(id) }
}
