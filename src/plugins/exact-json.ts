import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { parseExactJson } from '../exact-json/parse.js'
import { compileExact } from '../exact-json/validator.js'

/**
 * Makes JSON the only kind of body, reads it without changing a number, and checks it against the
 * contracts without changing anything in it.
 */
export const exactJson = fastifyPlugin(async (app: FastifyInstance) => {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (_request: unknown, body: Buffer) => parseExactJson(body))
  app.setValidatorCompiler(({ schema }) => compileExact(schema as object))
}, { name: 'exact-json' })
