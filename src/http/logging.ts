import { LogController, type FastifyReply, type FastifyRequest, type FastifyServerOptions } from 'fastify'
import { logDescriptor, makeLogOutput, SLOW_READER, type LogOutput } from '../log-output.js'

/** Where log lines go. Beside a stream's `write`, Pino needs nothing. */
export type LogStream = Pick<LogOutput, 'write'>

/**
 * How Fastify logs: JSON lines, one a request. A line names the route and not the address
 * as it came, because card tokens may stand in an address; bodies and headers are never logged.
 *
 * @param level the least level that is logged
 * @param stream where the lines go; Pino's own standard output without it
 */
export function loggerOptions (level: string, stream?: LogStream): FastifyServerOptions {
  const logger = { level, serializers: { req: describeRequest }, ...stream && { stream } }
  return { logger, logController: new OneLineARequest({ requestIdLogLabel: 'request_id' }) }
}

/**
 * Makes the log on standard output. A log that cannot be written does not stop the service: its lines are dropped,
 * counted, and reported once on standard error.
 *
 * @param waitingBytesMax how much may wait for a slow reader (`LOG_BUFFER_BYTES`)
 */
export function openLog (waitingBytesMax: number, lineDropped: () => void): LogStream {
  let isReported = false
  const output = makeLogOutput({
    descriptor: logDescriptor(process.stdout),
    waitingBytesMax,
    onDropped: (cause) => {
      lineDropped()
      if (isReported) return
      isReported = true
      process.stderr.write(`${reportOf(cause)}. ${AFTER_DROPS}\n`)
    },
    describeGap: (lines, cause) => {
      const line = { level: 40, time: Date.now(), msg: 'log lines were dropped', lines, cause }
      return `${JSON.stringify(line)}\n`
    }
  })
  process.once('exit', output.end)
  return output
}

const AFTER_DROPS = 'The service goes on, and counts dropped lines in stip_log_lines_dropped_total'

function reportOf (cause: string): string {
  if (cause !== SLOW_READER) return `The log cannot be written to standard output: ${cause}`
  return 'Log lines are dropped: standard output is read too slowly, and LOG_BUFFER_BYTES of them wait already'
}

/** The levels at which requests are logged. */
const REQUEST_LEVELS = new Set(['info', 'debug', 'trace'])

/** Tells whether requests are logged at a level. */
export function logsRequests (level: string): boolean {
  return REQUEST_LEVELS.has(level)
}

class OneLineARequest extends LogController {
  override incomingRequest (): void {}

  override routeNotFound (): void {}

  override requestCompleted (error: Error | null, request: FastifyRequest, reply: FastifyReply): void {
    if (!logsRequests(reply.log.level)) return // To describe the request costs more than to log nothing.
    reply.log.info({
      ...describeRequest(request),
      status: reply.statusCode,
      duration_ms: Math.round(reply.elapsedTime * 1000) / 1000,
      ...error ? { err: error } : {}
    }, 'request answered')
  }
}

function describeRequest (request: FastifyRequest): { method: string, route: string, dialect?: string } {
  const { method, dialect } = request
  const isLost = request.routeOptions.url === undefined
  return { method, route: routeOf(request), ...isLost && dialect !== undefined ? { dialect } : {} }
}

/** Names the route of a request by its pattern, in which no parameter stands. */
export function routeOf (request: FastifyRequest): string {
  return request.routeOptions.url ?? 'unknown'
}
