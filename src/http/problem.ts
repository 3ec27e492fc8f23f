import { STATUS_CODES } from 'node:http'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { Problem } from '../../schemas/problem.js'
import { excerptOf } from '../domain/excerpt.js'
import { InputError } from '../domain/faults.js'
import { JsonError } from '../exact-json/parse.js'
import { describeViolation, firstViolation } from '../exact-json/violation.js'
import { REQUEST_FAULTS, type AnswerFault } from './request-fault.js'
import { isUnavailable } from './unavailable.js'

const PROBLEM_TYPE = 'application/problem+json; charset=utf-8'

/**
 * Writes problem details (RFC 9457).
 *
 * @param detail the fault of this very request
 * @param errors every fault with its place, where there may be several
 */
function writeProblem (status: number, detail?: string, errors?: readonly string[]): string {
  const problem = {
    type: 'about:blank',
    title: STATUS_CODES[status] as string,
    status,
    detail,
    errors
  } satisfies { [Field in keyof Problem]: unknown }
  return JSON.stringify(problem)
}

/** Answers with problem details. */
export function sendProblem (
  reply: FastifyReply, status: number, ...details: [detail?: string, errors?: readonly string[]]
): FastifyReply {
  return reply.code(status).type(PROBLEM_TYPE).send(writeProblem(status, ...details))
}

/** Answers with problem details that name every fault. */
export function sendFaults (reply: FastifyReply, status: number, faults: readonly string[]): FastifyReply {
  return sendProblem(reply, status, faults[0], faults)
}

/** Answers a request that no route has seen. */
export const answerProblemFault: AnswerFault = (fault) => {
  const { status, text } = REQUEST_FAULTS[fault]
  return { status, contentType: PROBLEM_TYPE, body: writeProblem(status, text) }
}

/** The kinds of bodies that routes take. */
const BODY_TYPES = ['application/json', 'text/csv']

/**
 * Says that a body is of another kind than the route takes.
 *
 * @param expected the right Content-Type
 */
export function bodyTypeFault (
  expected: string, { headers: { 'content-type': type } }: Pick<FastifyRequest, 'headers'>
): string {
  const came = type === undefined ? 'the request has none' : `it is ${excerptOf(type)}`
  return `The header Content-Type must be ${expected}; ${came}`
}

/** Answers whatever was thrown. The cause of an unforeseen error is in the log and never in the answer. */
export function handleError (error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof JsonError) return sendProblem(reply, 400, `the body ${error.message}`)
  if (error instanceof InputError) return sendFaults(reply, 422, error.faults)
  if (error.validation !== undefined) {
    return sendProblem(
      reply, 400, describeViolation(firstViolation(error.validation), `the ${error.validationContext}`)
    )
  }
  if (error.statusCode === 413) {
    return sendProblem(reply, 413, `The body must not have more than ${request.routeOptions.bodyLimit} bytes`)
  }
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    const taken = BODY_TYPES.filter((type) => request.server.hasContentTypeParser(type))
    return sendProblem(reply, 415, bodyTypeFault(taken.join(' or '), request))
  }
  if (error.statusCode !== undefined && error.statusCode < 500) {
    return sendProblem(reply, error.statusCode, error.message)
  }
  if (isUnavailable(error, reply)) {
    return sendProblem(reply, 503, 'The database is not available for now. Send the request again')
  }
  request.log.error({ err: error }, 'the request failed for an unforeseen reason')
  return sendProblem(reply, 500)
}
