import type { FastifyInstance, FastifyRequest, FastifySchemaValidationError } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { requirePlainUtf8 } from '../api/plain-utf8.js'
import { parseExactJson } from '../exact-json/parse.js'
import { compileQuickReader, type QuickReader } from '../exact-json/quick-read.js'
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
 *
 * A body that the quick reader of the route's contract has accepted is not checked again. So no hook before the
 * validation may change a body.
 */
export const exactJson = fastifyPlugin(async (app: FastifyInstance) => {
  const quickReaders = new WeakMap<object, QuickReader>()
  const valid = new WeakSet<object>()
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) => {
    if (body.length === 0 && !wantsBody(request)) return undefined
    requirePlainUtf8(request)
    const { config: { keepNumberTexts }, schema } = request.routeOptions
    const value = keepNumberTexts ? undefined : quickReaders.get(schema?.body as object)?.(body)
    if (value === undefined) return parseExactJson(body, keepNumberTexts)
    valid.add(value)
    return value
  })
  app.addHook('onRequest', (request, _reply, done) => {
    // Many HTTP clients declare a type even where there is no body.
    if (!wantsBody(request) && hasNoBody(request)) delete request.headers['content-type']
    done()
  })
  app.setValidatorCompiler<object>(({ schema, httpPart }) => {
    const validate = compileExact(schema)
    const read = httpPart === 'body' ? compileQuickReader(schema) : undefined
    if (read === undefined) return validate
    quickReaders.set(schema, read)
    return (value: object) => valid.has(value) || validate(value) || { error: validate.errors as FastifySchemaValidationError[] }
  })
}, { name: 'exact-json' })

function wantsBody ({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.schema?.body !== undefined
}

function hasNoBody ({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0'
}
