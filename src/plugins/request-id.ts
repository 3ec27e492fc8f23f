import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyServerOptions } from 'fastify'
import fastifyPlugin from 'fastify-plugin'

export const REQUEST_ID_HEADER = 'x-request-id'

/** Safe to log and to send back: short, nothing that a log or a header could take for something else, and no room for a card's number. */
const SAFE_ID = /^(?!.*\d{14})[\w.-]{1,64}$/

/** How Fastify names requests, in the log, too: by the id that the client gave where that is a safe one, else by one of our own. */
export const requestIdOptions: FastifyServerOptions = {
  genReqId: ({ headers }: Pick<IncomingMessage, 'headers'>) => {
    const given = headers[REQUEST_ID_HEADER]
    return typeof given === 'string' && SAFE_ID.test(given) ? given : randomUUID()
  }
}

/** Gives every answer the id that its request has in the log. Register it before whatever answers. */
export const requestId = fastifyPlugin(async (app: FastifyInstance) => {
  app.addHook('onRequest', (request, reply, done) => {
    reply.header(REQUEST_ID_HEADER, request.id)
    done()
  })
}, { name: 'request-id' })
