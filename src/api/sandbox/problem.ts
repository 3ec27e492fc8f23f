import { STATUS_CODES } from 'node:http'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { Problem } from '../../../schemas/problem.js'
import { InputError } from '../../domain/faults.js'
import { JsonError } from '../../exact-json/parse.js'
import { describeViolation } from '../../exact-json/violation.js'

const PROBLEM_TYPE = 'application/problem+json; charset=utf-8'

/**
 * Answers with problem details (RFC 9457).
 *
 * @param detail what is wrong with this very request
 * @param errors every fault with its place, where there may be several
 */
export function sendProblem (reply: FastifyReply, status: number, detail?: string, errors?: readonly string[]): FastifyReply {
  const problem = { type: 'about:blank', title: STATUS_CODES[status] as string, status, detail, errors } satisfies { [Field in keyof Problem]: unknown }
  return reply.code(status).type(PROBLEM_TYPE).send(JSON.stringify(problem))
}

/** Answers with problem details that name every fault. */
export function sendFaults (reply: FastifyReply, status: number, faults: readonly string[]): FastifyReply {
  return sendProblem(reply, status, faults[0], faults)
}

/** Answers a request that leads nowhere. */
export function handleNotFound (request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendProblem(reply, 404, `There is no ${request.method} at this path. See /docs`)
}

/** Answers whatever was thrown. The cause of an unforeseen error is in the log and never in the answer. */
export function handleError (error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof JsonError) return sendProblem(reply, 400, `the body ${error.message}`)
  if (error instanceof InputError) return sendFaults(reply, 422, error.faults)
  const violation = error.validation?.[0]
  if (violation !== undefined) return sendProblem(reply, 400, describeViolation(violation, `the ${error.validationContext}`))
  if (error.statusCode !== undefined && error.statusCode < 500) return sendProblem(reply, error.statusCode, error.message)
  request.log.error({ err: error }, 'the request failed for an unforeseen reason')
  return sendProblem(reply, 500)
}
