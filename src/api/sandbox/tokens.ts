import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { BODY_PROBLEMS, COMMON_PROBLEMS, problemResponse } from '../../../schemas/problem.js'
import { Account, CardSettings, TokenParameters } from '../../../schemas/sandbox/accounts.js'
import { sendProblem } from '../../http/problem.js'
import type { Store } from '../../store/port/store.js'
import { ACCOUNT_UNKNOWN } from './accounts.js'
import { readInt64, readSoughtNumber } from './parameters.js'
import { presentAccount } from './present.js'

const ATTACH_TOKEN = {
  operationId: 'attachToken',
  tags: ['Accounts'],
  summary: 'Attach a token, and set its card',
  description: 'Puts a token on an account. One that is there already stays there. A body sets the state and the ' +
    'expiry of its card. Stand-in declines a card that is not active, or has expired.',
  params: TokenParameters,
  body: CardSettings,
  response: {
    200: Account,
    ...COMMON_PROBLEMS,
    ...BODY_PROBLEMS,
    ...ACCOUNT_UNKNOWN,
    409: problemResponse('The token is on another account.', {
      title: 'Conflict',
      status: 409,
      detail: 'Token 12345 is on account 9007199254740993. Detach it there first'
    }),
    422: problemResponse('The token is none.', {
      title: 'Unprocessable Entity',
      status: 422,
      detail: 'token must be at most 9223372036854775807'
    })
  }
}

const DETACH_TOKEN = {
  operationId: 'detachToken',
  tags: ['Accounts'],
  summary: 'Detach a token',
  description: 'Takes a token off its account. The account and its balances stay as they are.',
  params: TokenParameters,
  response: {
    200: Account,
    ...COMMON_PROBLEMS,
    ...BODY_PROBLEMS,
    404: problemResponse('There is no such token on the account.', {
      title: 'Not Found',
      status: 404,
      detail: 'There is no token 12345 on account 987654321'
    })
  }
}

/** The tokens of cards on an account. All tokens of an account share its balances. */
export const tokens: FastifyPluginAsyncTypebox<{ store: Store }> = async (app, { store }) => {
  app.put('/accounts/:account_id/tokens/:token', { schema: ATTACH_TOKEN }, async (request, reply) => {
    const accountId = readSoughtNumber(request.params.account_id)
    const token = readInt64(request.params.token)
    if (token === undefined) return sendProblem(reply, 422, 'token must be at most 9223372036854775807')
    const outcome = await store.attachToken(accountId, token, request.body)
    if (outcome.kind === 'account-unknown') {
      return sendProblem(reply, 404, `There is no account ${request.params.account_id}`)
    }
    if (outcome.kind === 'taken') {
      return sendProblem(reply, 409, `Token ${token} is on account ${outcome.accountId}. Detach it there first`)
    }
    return presentAccount(outcome.account)
  })

  app.delete('/accounts/:account_id/tokens/:token', { schema: DETACH_TOKEN }, async (request, reply) => {
    const accountId = readSoughtNumber(request.params.account_id)
    const account = await store.detachToken(accountId, readSoughtNumber(request.params.token))
    if (account === undefined) {
      return sendProblem(
        reply, 404, `There is no token ${request.params.token} on account ${request.params.account_id}`
      )
    }
    return presentAccount(account)
  })
}
