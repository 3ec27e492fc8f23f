import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import { BODY_PROBLEMS, COMMON_PROBLEMS, faultsResponse, problemResponse } from '../../../schemas/problem.js'
import { AuthorizationDecision, Evaluated, NewAuthorization } from '../../../schemas/sandbox/payments.js'
import { Faults } from '../../domain/faults.js'
import { fingerprintOfPayment, readPayment } from '../../domain/new-payment.js'
import type { Payment } from '../../domain/payment.js'
import { sendJsonText } from '../../http/json-text.js'
import { sendFaults, sendProblem } from '../../http/problem.js'
import type { Authorizer } from '../../stand-in/authorizer.js'

const PAYMENT_FAULTS = {
  422: faultsResponse(
    'The payment cannot be meant so. Nothing was written, and nobody was asked.', 422,
    'amount has more decimals than GBP has (2)'
  )
}

const AUTHORIZE = {
  operationId: 'authorize',
  tags: ['Stand-in'],
  summary: 'Let a payment arrive',
  description: 'The payment goes the processor\'s way: its own checks, the rules, the issuer, and stand-in where the ' +
    'issuer fails. The call waits for the decision. It answers 200 for a decline, too.',
  body: NewAuthorization,
  response: {
    200: AuthorizationDecision,
    ...COMMON_PROBLEMS,
    ...BODY_PROBLEMS,
    ...PAYMENT_FAULTS,
    409: problemResponse('The key was used for another payment, or for one that is not decided yet.', {
      title: 'Conflict',
      status: 409,
      detail: 'idempotency_key checkout-7 was used for another payment (tid 42). Use a new key for a new payment'
    })
  }
}

const EVALUATE = {
  operationId: 'evaluateStandIn',
  tags: ['Stand-in'],
  summary: 'Evaluate a payment in stand-in',
  description: 'Decides a payment as if its issuer had not answered in time, and answers the trace. Nothing is ' +
    'written, and nobody is asked.',
  body: NewAuthorization,
  response: { 200: Evaluated, ...COMMON_PROBLEMS, ...BODY_PROBLEMS, ...PAYMENT_FAULTS }
}

/** Payments that arrive for cards. */
export const simulations: FastifyPluginAsyncTypebox<{ authorizer: Authorizer }> = async (app, { authorizer }) => {
  app.post('/simulations/authorizations', { schema: AUTHORIZE }, async (request, reply) => {
    const payment = read(request.body, reply)
    if (payment === undefined) return reply
    const { idempotency_key: key } = request.body
    const identity = key === undefined ? undefined : { identifier: key, fingerprint: fingerprintOfPayment(payment) }
    const outcome = await authorizer.authorize(payment, identity)
    switch (outcome.kind) {
      case 'decided':
      case 'replayed':
        return sendJsonText(reply, outcome.answer)
      case 'under-way':
        return sendProblem(reply, 409, `The payment with idempotency_key ${key} is not decided yet (tid ` +
          `${outcome.tid}). Send it again: once it is decided, the answer is its decision`)
      case 'key-reused':
        return sendProblem(reply, 409, `idempotency_key ${key} was used for another payment (tid ${outcome.tid}). ` +
          'Use a new key for a new payment')
      case 'abandoned':
        return sendProblem(reply, 409, `The payment was ended while its issuer was asked (tid ${outcome.tid}): it ` +
          'took too long, or balances were set back. Nothing is held')
    }
  })

  app.post('/stand-in/evaluate', { schema: EVALUATE }, async (request, reply) => {
    const payment = read(request.body, reply)
    if (payment === undefined) return reply
    return sendJsonText(reply, JSON.stringify(await authorizer.evaluate(payment)))
  })
}

/** Reads a payment, or answers its faults. */
function read (document: NewAuthorization, reply: FastifyReply): Payment | undefined {
  const faults = new Faults()
  const payment = readPayment(document, faults)
  if (payment === undefined) sendFaults(reply, 422, faults.found)
  return payment
}
