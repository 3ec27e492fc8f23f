import { LogController, type FastifyReply, type FastifyRequest, type FastifyServerOptions } from 'fastify'

/**
 * How Fastify logs: JSON lines on standard output, one a request. A line names the route and not the address
 * as it came, because card tokens may stand in an address; bodies and headers are never logged.
 *
 * @param level the least level that is logged
 */
export function loggerOptions (level: string): FastifyServerOptions {
  return { logger: { level, serializers: { req: describeRequest } }, logController: new OneLineARequest({ requestIdLogLabel: 'request_id' }) }
}

/** The levels at which requests are logged. */
const REQUEST_LEVELS = new Set(['info', 'debug', 'trace'])

class OneLineARequest extends LogController {
  override incomingRequest (): void {}

  override routeNotFound (): void {}

  override requestCompleted (error: Error | null, request: FastifyRequest, reply: FastifyReply): void {
    if (!REQUEST_LEVELS.has(reply.log.level)) return // To describe the request costs more than to log nothing.
    reply.log.info({
      ...describeRequest(request),
      status: reply.statusCode,
      duration_ms: Math.round(reply.elapsedTime * 1000) / 1000,
      ...error ? { err: error } : {}
    }, 'request answered')
  }
}

function describeRequest (request: FastifyRequest): { method: string, route: string } {
  return { method: request.method, route: routeOf(request) }
}

/** Names the route of a request by its pattern, in which no parameter stands. */
export function routeOf (request: FastifyRequest): string {
  return request.routeOptions.url ?? 'unknown'
}
