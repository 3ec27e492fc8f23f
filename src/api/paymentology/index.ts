import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { DryRunQuery } from '../../../schemas/dry-run.js'
import { FAULT } from '../../../schemas/headers.js'
import {
  failure, strictFailure, UPDATED, UpdateBalanceHeaders, UpdateBalanceRequest
} from '../../../schemas/paymentology.js'
import type { ClientFaults } from '../../client-faults.js'
import { JsonError } from '../../exact-json/parse.js'
import { describeViolation } from '../../exact-json/violation.js'
import type { Resends } from '../../http/journal.js'
import { REQUEST_FAULTS, type AnswerFault, type RequestFault } from '../../http/request-fault.js'
import { isUnavailable } from '../../http/unavailable.js'
import type { BalanceUpdateOutcome } from '../../store/port/balance-updates.js'
import type { Store } from '../../store/port/store.js'
import { requireClientKey } from '../client-key.js'
import { readAsOfRid } from '../as-of-rid.js'
import { readDryRun } from '../dry-run.js'
import { meetFault, type FaultyAnswer } from './faults.js'
import { describeFailedItems } from './answer.js'
import { failureEnvelope, FAILURES, type FailureCode } from './catalogue.js'
import { readPreferences } from './preferences.js'
import { translateRequest } from './translate.js'

/**
 * The three paths of the call, below `/ppws`. The exact published one could not be confirmed: official
 * sibling calls use the second and third form, and a published export the first. The OpenAPI document lists the first.
 */
const PATHS = [
  '/api/v1/pws_update_balance', '/api/pws/v1/pws_update_balance', '/api/pws/v2/pws_update_balance'
] as const

/**
 * Room for 25 items of the greatest length, each character written as an escape, and for as much again that we do not
 * know.
 */
const BODY_LIMIT_BYTES = 64 * 1024

const JSON_TYPE = 'application/json; charset=utf-8'

/**
 * Paymentology's "Update Account Balance". The dialect owns everything below its prefix: whatever goes
 * wrong there is answered in its envelope.
 */
export const paymentology: FastifyPluginAsyncTypebox<{
  store: Store
  resends: Resends
  faults: ClientFaults
}> = async (app, { store, resends, faults }) => {
  app.decorateRequest('clientId', 0)
  app.setErrorHandler(handleError)
  app.addHook('preClose', async () => { faults.endAll() })

  const hooks = requireClientKey(store, {
    kind: 'paymentology',
    resends,
    read: ({ headers: { 'x-api-key': key } }) => typeof key === 'string' ? key : undefined,
    refuse: (reply) => fail(reply, 'key-unknown')
  })

  for (const path of PATHS) {
    app.post(path, {
      bodyLimit: BODY_LIMIT_BYTES,
      onRequest: hooks.before,
      preValidation: hooks.after,
      schema: {
        hide: path !== PATHS[0],
        operationId: 'updateBalance',
        tags: ['Paymentology'],
        summary: 'Update Account Balance',
        description: 'Sets the actual and the blocked balance of 1 to 25 accounts, in one transaction. An answer ' +
          'with `error_id` 0 is durable. With `?dry_run=true` (ours, not Paymentology\'s) nothing is written. The ' +
          `same call stands at ${PATHS.slice(1).map((other) => `\`/ppws${other}\``).join(' and ')}, too; each path ` +
          'also with a trailing slash.',
        security: [{ apiKey: [] }],
        headers: UpdateBalanceHeaders,
        querystring: DryRunQuery,
        body: UpdateBalanceRequest,
        response: ANSWERS
      }
    }, async (request, reply) => {
      if (request.body.client_id !== request.clientId) return fail(reply, 'permission-denied')
      const preferences = readPreferences(request.headers.prefer)
      const dryRun = readDryRun(request.query, reply)
      const asOfRid = readAsOfRid(request.headers)
      const update = async (): Promise<BalanceUpdateOutcome> =>
        await store.updateBalances(translateRequest(request.body, preferences, dryRun, asOfRid))
      // What the sandbox itself sends again is no call of the client's.
      const fault = resends.has(request.id) ? undefined : faults.take(request.clientId)
      if (fault === undefined) return answer(reply, await update())
      return await meetFault(request, reply, fault, {
        apply: async () => {
          const outcome = await update()
          return () => answer(reply, outcome)
        },
        fail: (faulty) => failAsTold(reply, faulty)
      })
    })
  }
}

function answer (reply: FastifyReply, outcome: BalanceUpdateOutcome): FastifyReply {
  if (outcome.kind === 'identifier-reused') return fail(reply, 'identifier-reused')
  if (outcome.kind === 'refused') {
    reply.header('preference-applied', 'handling=strict')
    return fail(reply, 'strict-failure', undefined, describeFailedItems(outcome.items))
  }
  const { body, preferenceApplied } = outcome.answer
  if (preferenceApplied !== undefined) reply.header('preference-applied', preferenceApplied)
  if (outcome.kind === 'replayed') reply.header('idempotent-replayed', 'true')
  return reply.type(JSON_TYPE).send(body)
}

const ANSWERS = {
  200: UPDATED,
  400: documentFailure(
    'The request breaks the contract, or its body is not JSON.',
    'request-invalid',
    'balance_list[3].bill_ccy must be an ISO 4217 numeric code of three digits, such as 404'
  ),
  401: documentFailure('No API key, or an unknown one.', 'key-unknown'),
  403: documentFailure('The API key belongs to another client than `client_id`.', 'permission-denied'),
  404: documentFailure('There is no such call.', 'path-unknown'),
  408: documentFailure('The request did not arrive in time.', 'request-timeout'),
  409: failure(
    'The identifier was used before, with other content. Or the fault `error_1066` was set for the client.',
    failureEnvelope('identifier-reused').header, FAULT
  ),
  413: documentFailure(`The body is larger than ${BODY_LIMIT_BYTES} bytes.`, 'body-too-large'),
  415: documentFailure('The body is not declared to be JSON.', 'content-type-unsupported'),
  421: documentFailure('The header `Host` names another service. See the setting `ALLOWED_HOSTS`.', 'host-unknown'),
  422: strictFailure(failureEnvelope('strict-failure').header),
  429: documentFailure(
    'The client has sent too many requests. `Retry-After` says after how many seconds it may go on.',
    'too-many-requests',
    'At most 120000 requests a minute are taken. Send it again in 12 seconds'
  ),
  431: documentFailure('The address and the headers are too large.', 'header-too-large'),
  500: documentFailure('Nothing was written. The cause is in the log.', 'internal'),
  501: documentFailure('The `Transfer-Encoding` is not `chunked`.', 'transfer-coding-unknown'),
  503: documentFailure(
    'The database is locked, or cannot be written. The header `Retry-After` says when to try again.', 'unavailable'
  )
}

function documentFailure (description: string, code: FailureCode, errorDescription?: string) {
  return failure(description, failureEnvelope(code, errorDescription).header)
}

/** An address that cannot be decoded leads nowhere, like any other that is not known. */
const FAULT_CODES: Readonly<Record<RequestFault, FailureCode>> = {
  'path-unknown': 'path-unknown',
  'address-invalid': 'path-unknown',
  malformed: 'request-invalid',
  'host-ambiguous': 'request-invalid',
  'host-unknown': 'host-unknown',
  'transfer-coding-unknown': 'transfer-coding-unknown',
  'too-slow': 'request-timeout',
  'header-too-large': 'header-too-large'
}

/** Answers a request below the dialect's prefix that no route has seen. */
export const answerPaymentologyFault: AnswerFault = (fault) => {
  const code = FAULT_CODES[fault]
  // The text of the one is published.
  const description = code === 'path-unknown' ? undefined : REQUEST_FAULTS[fault].text
  return {
    status: FAILURES[code].status,
    contentType: JSON_TYPE,
    body: JSON.stringify(failureEnvelope(code, description))
  }
}

function fail (reply: FastifyReply, code: FailureCode, description?: string, body?: object): FastifyReply {
  return reply.code(FAILURES[code].status).type(JSON_TYPE)
    .send(JSON.stringify(failureEnvelope(code, description, body)))
}

function failAsTold (reply: FastifyReply, { status, errorId, text }: FaultyAnswer): FastifyReply {
  return reply.code(status).type(JSON_TYPE)
    .send(JSON.stringify({ header: { error_id: errorId, error_desc: text }, body: {} }))
}

function handleError (error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof JsonError) return fail(reply, 'request-invalid', `the body ${error.message}`)
  const violation = error.validation?.[0]
  if (violation !== undefined) {
    return fail(reply, 'request-invalid', describeViolation(violation, `the ${error.validationContext}`))
  }
  if (error.statusCode === FAILURES['body-too-large'].status) return fail(reply, 'body-too-large')
  if (error.statusCode === FAILURES['too-many-requests'].status) return fail(reply, 'too-many-requests', error.message)
  if (error.statusCode === FAILURES['content-type-unsupported'].status) return fail(reply, 'content-type-unsupported')
  if (error.statusCode === FAILURES['request-invalid'].status) return fail(reply, 'request-invalid', error.message)
  if (isUnavailable(error, reply)) return fail(reply, 'unavailable')
  request.log.error({ err: error }, 'the request failed for an unforeseen reason')
  return fail(reply, 'internal')
}
