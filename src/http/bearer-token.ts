import type { FastifyRequest } from 'fastify'

/** Gives the token of an `Authorization: Bearer` header (RFC 6750), or undefined when there is none. */
export function readBearerToken (request: FastifyRequest): string | undefined {
  return /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
}
