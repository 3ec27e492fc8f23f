import type { FastifyReply, FastifyRequest } from 'fastify'
import { hashApiKey, type KeyKind } from '../domain/api-key.js'
import type { Resends } from '../http/journal.js'
import type { Store } from '../store/port/store.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** The client that the request's key belongs to; 0 before it is known. */
    clientId: number
  }
}

type Hook = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>

/** How a dialect asks for its clients' keys. */
interface ClientKey {
  readonly kind: KeyKind
  /** A request that the sandbox sends again itself has no key. */
  readonly resends: Resends
  /** Reads the key out of the head of a request; undefined where there is none. */
  readonly read: (request: FastifyRequest) => string | undefined
  /** Answers a request without a key that is known. */
  readonly refuse: (reply: FastifyReply) => FastifyReply
}

/**
 * Makes the hooks that find the client whose key a request has. It is looked at before the body is read. A key may be
 * revoked while a body arrives, which may take minutes; so it is looked at again behind a body that did not come
 * together with its head.
 */
export function requireClientKey (
  { findClientByKey }: Pick<Store, 'findClientByKey'>, { kind, resends, read, refuse }: ClientKey
): { before: Hook, after: Hook } {
  const late = new WeakSet<FastifyRequest>()

  async function authenticate (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
    const key = read(request)
    const clientId = key === undefined
      ? resends.get(request.id)?.clientId
      : await findClientByKey(kind, hashApiKey(key))
    if (clientId === undefined) return refuse(reply)
    request.clientId = clientId
    request.caller = `client ${clientId}`
    return undefined
  }

  return {
    before: async (request, reply) => {
      const refusal = await authenticate(request, reply)
      // Undefined where nothing came over a wire.
      if (request.raw.complete === false) late.add(request)
      return refusal
    },
    after: async (request, reply) => late.has(request) ? await authenticate(request, reply) : undefined
  }
}
