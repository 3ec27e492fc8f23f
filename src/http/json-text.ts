import type { FastifyReply } from 'fastify'

/** Answers with a JSON text that was written before, byte for byte. */
export function sendJsonText (reply: FastifyReply, text: string): FastifyReply {
  return reply.type('application/json; charset=utf-8').send(text)
}
