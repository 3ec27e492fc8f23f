import type { FastifyInstance, FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { requirePlainUtf8 } from '../api/plain-utf8.js'
import { parseExactJson } from '../exact-json/parse.js'
import { compileExact } from '../exact-json/validator.js'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the numbers of the route's bodies keep the texts that they were sent with. */
    keepNumberTexts?: boolean
  }
}

/**
 * Makes JSON the only kind of body, reads it without changing a number, and checks it against the
 * contracts without changing anything in it.
 */
export const exactJson = fastifyPlugin(async (app: FastifyInstance) => {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) => {
    requirePlainUtf8(request)
    return parseExactJson(body, request.routeOptions.config.keepNumberTexts)
  })
  app.setValidatorCompiler(({ schema }) => compileExact(schema as object))
}, { name: 'exact-json' })
