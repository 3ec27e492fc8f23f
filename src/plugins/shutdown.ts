import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'

/**
 * Lets the service end as soon as the requests under way are answered: their answers ask for the connection to be
 * closed, because an open one that nobody uses would hold the service up until its time is over.
 */
export const shutdown = fastifyPlugin(async (app: FastifyInstance) => {
  let isClosing = false
  app.addHook('preClose', async () => { isClosing = true })
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (isClosing) reply.header('connection', 'close')
    done()
  })
}, { name: 'shutdown' })
