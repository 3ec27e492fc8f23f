import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { FastifyRouteSchemaDef, FastifyValidationResult } from 'fastify/types/schema.js'
import { readDocumentParts, type DocumentPart } from '../exact-json/parts.js'
import { compileExact } from '../exact-json/validator.js'
import { describeViolation, firstViolation, type Violation } from '../exact-json/violation.js'
import { requirePlainUtf8 } from '../http/content-encoding.js'
import { serveOthers } from '../turns.js'

/** Thrown for a body with more bytes than its route takes. */
class TooLongError extends Error {
  override readonly name = 'TooLongError'
  readonly statusCode = 413
}

/** Thrown for a body that its contract does not allow. */
class ContractError extends Error {
  override readonly name = 'ContractError'
  readonly statusCode = 400
}

/** The schema of an object with long arrays. */
export interface LongDocumentSchema {
  readonly properties: Readonly<Record<string, object>>
}

/** Makes all JSON bodies of a plugin's routes streams, which the routes read by {@link makeLongBodyReader}. */
export function takeLongBodies (app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', (request, payload, done) => {
    requirePlainUtf8(request)
    done(null, payload)
  })
}

/** The body of a route is a stream, whose parts are checked as they come. Everything else is checked as everywhere. */
export function longBodyValidator ({ schema, httpPart }: FastifyRouteSchemaDef<unknown>): FastifyValidationResult {
  return httpPart === 'body' ? () => true : compileExact(schema as object)
}

/**
 * Makes the reading of a document of any size part by part, each checked against the contract.
 *
 * @param schema of the whole document
 * @param longNames the long arrays among its members
 * @param inspect throws for a document that is to be refused before it is held against the contract; it is given the
 *   document as far as it has come, without the items of long arrays
 */
export function makeLongBodyReader (
  schema: LongDocumentSchema, longNames: readonly string[], inspect: (document: unknown) => void = () => {}
): (request: FastifyRequest) => AsyncGenerator<DocumentPart> {
  function check (part: DocumentPart): void {
    inspect(part.kind === 'rest' ? part.value : part.before)
    const validate = compileExact(part.kind === 'rest' ? schema : schema.properties[part.name] as object)
    if (validate(part.kind === 'rest' ? part.value : part.items)) return
    const violation = firstViolation(validate.errors)
    throw new ContractError(describeViolation(part.kind === 'rest' ? violation : placed(violation, part), 'the body'))
  }

  return async function * (request) {
    for await (const part of readDocumentParts(bytesOf(request), longNames)) {
      check(part)
      yield part
      // Others are served before the next part is read.
      await serveOthers()
    }
  }
}

/** Says where a violation stands in the whole document. */
function placed (violation: Violation, { name, from }: Extract<DocumentPart, { kind: 'items' }>): Violation {
  const [, index, path] = /^\/(\d+)(.*)$/s.exec(violation.instancePath) as RegExpExecArray
  return { ...violation, instancePath: `/${name}/${from + Number(index)}${path}` }
}

/**
 * @throws TooLongError when there are more bytes than the route's limit
 * @throws ContractError when the upload breaks off
 */
async function * bytesOf ({ body, routeOptions: { bodyLimit } }: FastifyRequest): AsyncGenerator<Buffer> {
  if (!(body instanceof Readable)) return
  let bytes = 0
  try {
    // A refusal in its midst must not destroy the connection before the client has read why.
    for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > bodyLimit) throw new TooLongError()
      yield chunk
    }
  } catch (error) {
    throw body.errored === null ? error : new ContractError('The upload broke off. Send the whole file again')
  }
}
