import assert from 'node:assert/strict'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import { DryRunQuery } from '../../../schemas/dry-run.js'
import { BODY_PROBLEMS, COMMON_PROBLEMS, problemResponse } from '../../../schemas/problem.js'
import { AccountParameters } from '../../../schemas/sandbox/accounts.js'
import { AsOfHeaders, BalancesSet, NewBalances } from '../../../schemas/sandbox/balances.js'
import type { PlannedItem } from '../../domain/balance-update.js'
import { numericCodeOf } from '../../domain/currency.js'
import { formatEffectiveAt, formatRate } from '../../domain/exchange.js'
import { readDecimal } from '../../domain/decimal.js'
import { sendProblem } from '../../http/problem.js'
import type { BalanceUpdateOutcome } from '../../store/port/balance-updates.js'
import type { Store } from '../../store/port/store.js'
import { readAsOfRid } from '../as-of-rid.js'
import { readDryRun } from '../dry-run.js'
import { describeItemFailure } from '../../domain/item-failure.js'
import { ACCOUNT_UNKNOWN } from './accounts.js'
import { readSoughtNumber } from './parameters.js'
import { presentBalances, presentSent } from './present.js'

const FIELD_NAMES = {
  subject: 'Account',
  actual: 'actual_balance',
  blocked: 'blocked_balance',
  currency: 'currency',
  externalReference: 'external_reference'
} as const

/** Setting balances by hand, by the rules of the processor's own call. */
export const balances: FastifyPluginAsyncTypebox<{ store: Store }> = async (app, { store }) => {
  app.put('/accounts/:account_id/balances', {
    schema: {
      operationId: 'setBalances',
      tags: ['Balances'],
      summary: 'Set an account\'s balances',
      description: 'Sets the actual and the blocked balance of one account, whichever client it belongs to. The ' +
        'rules and the history are those of the processor\'s own call.',
      params: AccountParameters,
      headers: AsOfHeaders,
      querystring: DryRunQuery,
      body: NewBalances,
      response: {
        200: BalancesSet,
        ...COMMON_PROBLEMS,
        ...ACCOUNT_UNKNOWN,
        ...BODY_PROBLEMS,
        422: problemResponse('The balances cannot be set. Nothing was written.', {
          title: 'Unprocessable Entity',
          status: 422,
          detail: 'actual_balance has more decimals than KES has (2)'
        })
      }
    }
  }, async (request, reply) => {
    const dryRun = readDryRun(request.query, reply)
    const { actual_balance: actual, blocked_balance: blocked, currency, reason, user_id: userId, remarks } =
      request.body
    const accountId = readSoughtNumber(request.params.account_id)
    const account = await store.readAccount(accountId)
    if (account === undefined) return sendProblem(reply, 404, `There is no account ${request.params.account_id}`)
    const outcome = await store.updateBalances({
      source: 'sandbox',
      clientId: account.clientId,
      identity: undefined,
      items: [{
        inputType: 'account',
        inputId: account.accountId,
        actual: readDecimal(actual),
        blocked: readDecimal(blocked),
        currency: numericCodeOf(currency)
      }],
      userId,
      remarks,
      reason,
      allOrNothing: true,
      asOfRid: readAsOfRid(request.headers),
      dryRun,
      answer: ([entry]) => ({ body: JSON.stringify(presentUpdate(entry)), preferenceApplied: undefined })
    })
    return answer(reply, outcome)
  })
}

function answer (reply: FastifyReply, outcome: BalanceUpdateOutcome): FastifyReply {
  assert(outcome.kind === 'applied' || outcome.kind === 'refused', 'an update without an identifier is never a repeat')
  if (outcome.kind === 'refused') return sendProblem(reply, 422, describeRefusal(outcome.items[0]))
  return reply.type('application/json; charset=utf-8').send(outcome.answer.body)
}

function presentUpdate (entry: PlannedItem | undefined): BalancesSet {
  assert(
    entry !== undefined && entry.status === 'updated',
    'an update that is all or nothing is answered only when every item is updated'
  )
  const { account: { accountId, currency }, previous, next, sent, sentCurrency, conversion, beside } = entry
  return {
    account_id: accountId.toString(),
    currency: currency.numericCode,
    before: presentBalances(previous, currency),
    after: presentBalances(next, currency),
    sent: presentSent(sent, sentCurrency),
    rate: formatRate(conversion),
    rate_effective_at: formatEffectiveAt(conversion),
    lost_holds: beside?.lost.map(String) ?? []
  }
}

function describeRefusal (entry: PlannedItem | undefined): string {
  assert(entry !== undefined && entry.status === 'failed', 'an update of one item is refused only for that item')
  return describeItemFailure(entry.failure, FIELD_NAMES)
}
