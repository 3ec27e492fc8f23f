import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { COMMON_PROBLEMS, problemResponse } from '../../../schemas/problem.js'
import { Account, AccountParameters } from '../../../schemas/sandbox.js'
import { availableBalance, formatAmount, isInt64 } from '../../domain/money.js'
import type { AccountRecord, Store } from '../../store/store.js'
import { sendProblem } from './problem.js'

/** Reading accounts, for those who check what an update has done. */
export const accounts: FastifyPluginAsyncTypebox<{ store: Store }> = async (app, { store }) => {
  app.get('/accounts/:account_id', {
    schema: {
      operationId: 'readAccount',
      tags: ['Accounts'],
      summary: 'Read an account',
      description: 'One account with its tokens and balances, whichever client it belongs to.',
      security: [{ adminToken: [] }],
      params: AccountParameters,
      response: {
        200: Account,
        ...COMMON_PROBLEMS,
        404: problemResponse('There is no such account.', { title: 'Not Found', status: 404, detail: 'There is no account 987654321' })
      }
    }
  }, async (request, reply) => {
    const accountId = BigInt(request.params.account_id)
    const account = isInt64(accountId) ? await store.readAccount(accountId) : undefined
    if (account === undefined) return sendProblem(reply, 404, `There is no account ${accountId}`)
    return presentAccount(account)
  })
}

function presentAccount ({ accountId, clientId, currency, externalReference, tokens, balances, updatedAt }: AccountRecord): Account {
  return {
    account_id: accountId.toString(),
    client_id: clientId,
    currency: currency.numericCode,
    currency_alpha: currency.alphaCode,
    external_reference: externalReference ?? null,
    tokens: tokens.map(String),
    actual_balance: formatAmount(balances.actual, currency),
    blocked_balance: formatAmount(balances.blocked, currency),
    available_balance: formatAmount(availableBalance(balances), currency),
    updated_at: updatedAt.toISOString()
  }
}
