import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * Prepares for the end: from now on the service is not ready, and answers end their connections. It still answers
     * everything.
     */
    drain: () => void
    isDraining: () => boolean
  }
}

/**
 * Lets the service end as soon as the requests under way are answered: their answers ask for the connection to be
 * closed, because an open one that nobody uses would hold the service up until its time is over.
 */
export const shutdown = fastifyPlugin(async (app: FastifyInstance) => {
  let isDraining = false
  app.decorate('drain', () => { isDraining = true })
  app.decorate('isDraining', () => isDraining)
  app.addHook('preClose', async () => { app.drain() })
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (isDraining) reply.header('connection', 'close')
    done()
  })
}, { name: 'shutdown' })
