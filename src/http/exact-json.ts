import { setImmediate } from 'node:timers/promises'
import type { FastifyInstance, FastifyRequest, FastifySchemaValidationError } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { JsonPartsError, parseExactJson } from '../exact-json/parse.js'
import { compileQuickReader, type QuickReader } from '../exact-json/quick-read.js'
import { compileExact } from '../exact-json/validator.js'
import { requirePlainUtf8 } from './content-encoding.js'
import type { LogLimit } from './limit-log.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** How large the body was; 0 where none was read as a whole. */
    bodyBytes: number
    /** The body as it came; undefined where none was read as a whole. */
    rawBody: Buffer | undefined
  }
  interface FastifyContextConfig {
    /** Whether the numbers of the route's bodies keep the texts that they were sent with. */
    keepNumberTexts?: boolean
  }
}

/** What the plugin needs. */
export interface ExactJsonOptions {
  /**
   * How many of `{`, `[`, `:` and `,` a body may have outside its strings. They cost far more than bytes of strings.
   */
  readonly partsMax: number
  readonly logLimit: LogLimit
}

/** Larger bodies take turns. */
const LARGE_BODY_BYTES = 64 * 1024

/** What was compiled already; undefined for a schema that has no quick reader. */
const quickReaders = new WeakMap<object, QuickReader | undefined>()

function quickReaderOf (schema: object | undefined): QuickReader | undefined {
  if (schema === undefined) return undefined
  if (!quickReaders.has(schema)) quickReaders.set(schema, compileQuickReader(schema))
  return quickReaders.get(schema)
}

/**
 * Makes JSON the only kind of body, reads it without changing a number, and checks it against the
 * contracts without changing anything in it.
 *
 * Large bodies are read one after the other, each in a turn of the event loop of its own. So other requests wait for
 * at most one of them, however many arrive together.
 *
 * A body that the quick reader of the route's contract has accepted is not checked again. So no hook before the
 * validation may change a body.
 */
export const exactJson = fastifyPlugin(async (app: FastifyInstance, { partsMax, logLimit }: ExactJsonOptions) => {
  const valid = new WeakSet<object>()
  let lastTurn: Promise<unknown> = Promise.resolve()

  async function takeTurn (): Promise<void> {
    const turn = lastTurn.then(async () => await setImmediate())
    lastTurn = turn
    await turn
  }

  function readAtLength (body: Buffer, keepNumberTexts: boolean): unknown {
    try {
      return parseExactJson(body, { keepNumberTexts, partsMax })
    } catch (error) {
      if (error instanceof JsonPartsError) logLimit('JSON_PARTS', partsMax, 'a body with more parts was refused')
      throw error
    }
  }

  app.decorateRequest('bodyBytes', 0)
  app.decorateRequest('rawBody', undefined)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) => {
    if (body.length === 0 && !wantsBody(request)) return undefined
    requirePlainUtf8(request)
    request.bodyBytes = body.length
    request.rawBody = body
    const { config: { keepNumberTexts = false }, schema } = request.routeOptions
    if (body.length > LARGE_BODY_BYTES) await takeTurn()
    const value = keepNumberTexts ? undefined : quickReaderOf(schema?.body as object | undefined)?.(body)
    if (value === undefined) return readAtLength(body, keepNumberTexts)
    valid.add(value)
    return value
  })
  app.addHook('onRequest', (request, _reply, done) => {
    // Many HTTP clients declare a type even where there is no body.
    if (!wantsBody(request) && hasNoBody(request)) delete request.headers['content-type']
    done()
  })
  app.addHook('onRoute', (route) => {
    if (!isOptionalBody(route.schema?.body)) return
    route.preValidation = (request, _reply, done) => {
      if (request.body === undefined) request.body = {}
      done()
    }
  })
  // A schema is compiled at its first use: a service starts sooner, and most are used in few of its lives.
  app.setValidatorCompiler<object>(({ schema }) => (value: object) => {
    if (valid.has(value)) return true
    const validate = compileExact(schema)
    return validate(value) || { error: validate.errors as FastifySchemaValidationError[] }
  })
}, { name: 'exact-json' })

function wantsBody ({ routeOptions }: FastifyRequest): boolean {
  const body = routeOptions.schema?.body
  return body !== undefined && !isOptionalBody(body)
}

/** No body says the same as one without members, where no member is required. */
function isOptionalBody (schema: unknown): boolean {
  const { type, required } = (schema ?? {}) as { readonly type?: unknown, readonly required?: unknown }
  return type === 'object' && required === undefined
}

function hasNoBody ({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0'
}
