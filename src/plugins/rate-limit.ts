import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose request it is, once its credential was found to be right: `client 123` or `admin`; empty before. */
    caller: string
  }
}

const WINDOW_MS = 60_000

/**
 * Lets each caller send so many requests a minute, by all dialects together. Callers are told apart by their credential
 * and not by their address, behind which there may be many. It is looked at after the credential and before the
 * body; requests without a right credential are nobody's, and cost no more than the looking up of one hash.
 *
 * Answers carry the headers `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` of
 * draft-ietf-httpapi-ratelimit-headers (up to its version 06), and a refusal `Retry-After` (RFC 9110) besides. Each dialect answers
 * the error, with status 429, in its own shape.
 *
 * Register it before the routes.
 *
 * @param requestsPerMinute 0 for as many as they like
 */
export const limitedRate = fastifyPlugin(async (app: FastifyInstance, { requestsPerMinute }: { requestsPerMinute: number }) => {
  app.decorateRequest('caller', '')
  if (requestsPerMinute === 0) return
  await app.register(rateLimit, {
    max: requestsPerMinute,
    timeWindow: WINDOW_MS,
    hook: 'preParsing',
    keyGenerator: ({ caller }) => caller,
    allowList: ({ caller }) => caller === '',
    enableDraftSpec: true,
    errorResponseBuilder: (_request, { max, ttl }) => new RateError(max, Math.ceil(ttl / 1000))
  })
}, { name: 'rate-limit' })

/** Thrown for a request beyond what its caller may send. */
class RateError extends Error {
  override readonly name = 'RateError'
  readonly statusCode = 429
  constructor (max: number, seconds: number) {
    super(`At most ${max} requests a minute are taken. Send it again in ${seconds} seconds`)
  }
}
