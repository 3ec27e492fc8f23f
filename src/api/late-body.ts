import type { FastifyReply, FastifyRequest } from 'fastify'

type Authenticate = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>

/**
 * Makes the hooks that look at a client's key. It is looked at before the body is read. A key may be revoked while a
 * body arrives, which may take minutes; so it is looked at again behind a body that did not come together with its
 * head.
 */
export function authenticateAround (authenticate: Authenticate): { before: Authenticate, after: Authenticate } {
  const late = new WeakSet<FastifyRequest>()
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
