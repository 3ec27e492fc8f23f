import type {
  FastifyError, FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest, HTTPMethods, RouteOptions
} from 'fastify'
import { ACCEPTED, AccountBalance, AccountBalanceBatch, batchResult } from '../../../schemas/amlyze.js'
import { DryRunQuery } from '../../../schemas/dry-run.js'
import type { Clock } from '../../clock.js'
import type { ReportedBalance } from '../../domain/reported-balance.js'
import { JsonError } from '../../exact-json/parse.js'
import { compileExact } from '../../exact-json/validator.js'
import { describeViolation, firstViolation } from '../../exact-json/violation.js'
import { readBearerToken } from '../../http/bearer-token.js'
import type { Resends } from '../../http/journal.js'
import type { AnswerFault, RequestFault } from '../../http/request-fault.js'
import { isUnavailable } from '../../http/unavailable.js'
import type { Store } from '../../store/port/store.js'
import { requireClientKey } from '../client-key.js'
import { readDryRun } from '../dry-run.js'
import { readBatch, writeResults, type BatchOutcome } from './batch.js'
import {
  HTTP_ERRORS, httpErrorBody, INTERNAL_ERROR_BODY, rejectionOf, UNAUTHORIZED_BODY, type HttpErrorStatus, type Rejection
} from './catalogue.js'
import { failureAnswers } from './documentation.js'
import { readBalance } from './read-balance.js'

/** The lists that reports are held against. */
export interface AmlyzeLists {
  readonly balanceTypes: readonly string[]
  /** By client. A client that is not in it has no business units. */
  readonly businessUnits: ReadonlyMap<number, readonly string[]>
}

/**
 * Room for one balance of the greatest length, each character of it written as the escapes of a surrogate pair, and for
 * some fields that we do not know.
 */
const BODY_LIMIT_BYTES = 16 * 1024

/**
 * Room for a thousand balances of the greatest length: 12 bytes for each of 1120 characters, which is what the escapes
 * of a surrogate pair have, and 1000 for names, numbers, the time and white space.
 */
const BATCH_BODY_LIMIT_BYTES = 14 * 1024 * 1024

const FAILURES = failureAnswers('PUT', BODY_LIMIT_BYTES)

const BATCH_FAILURES = failureAnswers('POST', BATCH_BODY_LIMIT_BYTES)

const validateQuery = compileExact(DryRunQuery)

const JSON_TYPE = 'application/json; charset=utf-8'

const REGISTER_ACCOUNT_BALANCE = {
  operationId: 'registerAccountBalance',
  tags: ['AMLYZE'],
  summary: 'Update account balance',
  description: 'Takes the balance of one account, as a report. It never changes the stand-in balances. An ' +
    'accepted report is durable. With `?dry_run=true` (ours, not AMLYZE\'s) nothing is kept.',
  security: [{ amlyzeToken: [] }],
  querystring: DryRunQuery,
  body: AccountBalance,
  response: { 200: ACCEPTED, ...FAILURES }
}

/**
 * AMLYZE's account balance calls. The dialect owns everything below its prefix: whatever goes wrong there is answered
 * in one of its shapes. The path is looked at first, then the token, the method, the query, and the body.
 */
export const amlyze: FastifyPluginAsync<{
  store: Store
  clock: Clock
  lists: AmlyzeLists
  resends: Resends
}> = async (app, { store, clock, lists, resends }) => {
  app.decorateRequest('clientId', 0)
  app.setErrorHandler(makeErrorHandler(clock))
  // A body is checked field by field in the dialect's own order of precedence; its schema is here to be shown.
  app.setValidatorCompiler(() => () => true)
  const hooks = requireClientKey(store, {
    kind: 'amlyze',
    resends,
    read: readBearerToken,
    refuse: (reply) => send(reply.header('www-authenticate', 'Bearer'), 401, UNAUTHORIZED_BODY)
  })
  app.addHook('onRequest', hooks.before)
  app.addHook('preValidation', hooks.after)

  async function report (
    clientId: number, balances: readonly ReportedBalance[], dryRun: boolean
  ): Promise<BatchOutcome> {
    const businessUnits = lists.businessUnits.get(clientId)
    const startedMs = clock().getTime()
    const faults = await store.reportBalances(
      { clientId, balances, lists: { balanceTypes: lists.balanceTypes, businessUnits }, dryRun })
    return { faults, elapsedMs: Math.max(0, clock().getTime() - startedMs) }
  }

  addCall(app, clock, {
    method: 'PUT',
    url: '/account-balance',
    bodyLimit: BODY_LIMIT_BYTES,
    schema: REGISTER_ACCOUNT_BALANCE,
    handler: async (request, reply) => {
      const dryRun = readDryRun(request.query as DryRunQuery, reply)
      const reading = readBalance(request.body)
      if ('rejection' in reading) return reject(reply, reading.rejection)
      const { faults: [fault] } = await report(request.clientId, [reading.balance], dryRun)
      return fault === undefined
        ? send(reply, 200, { resultType: 'REQUEST_ACCEPTED' })
        : reject(reply, rejectionOf(fault))
    }
  })

  for (const { url, operationId, summary, description, isValidation } of BATCH_CALLS) {
    addCall(app, clock, {
      method: 'POST',
      url,
      bodyLimit: BATCH_BODY_LIMIT_BYTES,
      schema: {
        operationId,
        tags: ['AMLYZE'],
        summary,
        description,
        security: [{ amlyzeToken: [] }],
        querystring: DryRunQuery,
        body: AccountBalanceBatch,
        response: { 200: batchResult(description), ...BATCH_FAILURES }
      },
      handler: async (request, reply) => {
        const startedMs = clock().getTime()
        const dryRun = readDryRun(request.query as DryRunQuery, reply) || isValidation
        const items = readBatch(request.body)
        if ('errorCode' in items) return reject(reply, items)
        const balances = items.flatMap(({ reading }) => 'balance' in reading ? [reading.balance] : [])
        const results = writeResults(items, await report(request.clientId, balances, dryRun))
        return send(reply, 200, { results, timeElapsedMs: Math.max(0, clock().getTime() - startedMs) })
      }
    })
  }
}

/** Registers a call, and the refusal of every other method at its path. */
function addCall (app: FastifyInstance, clock: Clock, call: RouteOptions & { method: HTTPMethods }): void {
  const refuse = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> =>
    answerHttpError(405, request, reply.header('allow', call.method), clock)
  app.route({ ...call, config: { keepNumberTexts: true }, onRequest: requireQuery })
  app.route({
    method: app.supportedMethods.filter((method) => method !== call.method) as HTTPMethods[],
    url: call.url,
    schema: { hide: true },
    onRequest: refuse,
    handler: refuse
  })
}

const BATCH_CALLS = [
  {
    url: '/batch-account-balances',
    operationId: 'registerBatchAccountBalances',
    summary: 'Batch import of account balances',
    description: 'Takes 1 to 1000 balances in one transaction, each accepted or rejected by itself. Accepted ones ' +
      'are durable.',
    isValidation: false
  },
  {
    url: '/validate-batch-account-balances',
    operationId: 'validateBatchAccountBalances',
    summary: 'Validate a batch of account balances',
    description: 'Gives the same results as the batch import would, and keeps nothing.',
    isValidation: true
  }
] as const

function makeErrorHandler (clock: Clock) {
  return function handleError (error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    if (error instanceof JsonError) return reject(reply, rejectionOf('body-invalid', `the body ${error.message}`))
    if (isUnavailable(error, reply)) return answerHttpError(503, request, reply, clock)
    const { statusCode = 500 } = error
    if (statusCode === 400) return reject(reply, rejectionOf('body-invalid', error.message))
    if (isHttpErrorStatus(statusCode)) return answerHttpError(statusCode, request, reply, clock)
    request.log.error({ err: error }, 'the request failed for an unforeseen reason')
    return send(reply, 500, INTERNAL_ERROR_BODY)
  }
}

/** The query is checked before the body is read: a misspelt `dry_run` would write. */
async function requireQuery (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
  if (validateQuery(request.query)) return undefined
  return reject(
    reply, rejectionOf('query-invalid', describeViolation(firstViolation(validateQuery.errors), 'the query'))
  )
}

function isHttpErrorStatus (status: number): status is HttpErrorStatus {
  return Object.hasOwn(HTTP_ERRORS, status)
}

/** An address that cannot be decoded leads nowhere, like any other that is not known. */
const FAULT_STATUSES: Readonly<Record<RequestFault, HttpErrorStatus>> = {
  'path-unknown': 404,
  'address-invalid': 404,
  malformed: 400,
  'host-ambiguous': 400,
  'host-unknown': 421,
  'transfer-coding-unknown': 501,
  'too-slow': 408,
  'header-too-large': 431
}

/** Answers a request below the dialect's prefix that no route has seen, as the framework around the original does. */
export function answerAmlyzeFault (clock: Clock): AnswerFault {
  return (fault, url) => {
    const status = FAULT_STATUSES[fault]
    return { status, contentType: JSON_TYPE, body: JSON.stringify(httpErrorBody(status, url, clock)) }
  }
}

function answerHttpError (
  status: HttpErrorStatus, request: FastifyRequest, reply: FastifyReply, clock: Clock
): FastifyReply {
  return send(reply, status, httpErrorBody(status, request.url, clock))
}

function reject (reply: FastifyReply, rejection: Rejection): FastifyReply {
  return send(reply, 400, { resultType: 'REQUEST_REJECTED', ...rejection })
}

function send (reply: FastifyReply, status: number, body: object): FastifyReply {
  return reply.code(status).type(JSON_TYPE).send(JSON.stringify(body))
}
