import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { FastifyInstance } from 'fastify'
import { examplesOf, operationsOf, readResolved, type Answer, type Parameter } from '../support/openapi.js'

/** One call that the OpenAPI document describes. */
export interface Call {
  readonly operationId: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** With the names of its parameters in braces. */
  readonly path: string
  /** The name of its security scheme, if it has one. */
  readonly security: string | undefined
  /** Those of its path and its query. */
  readonly parameters: readonly Parameter[]
  readonly contentType: string | undefined
  /** The bodies that the document gives as examples. */
  readonly examples: readonly unknown[]
  /** What a documented answer has to be, by its status. */
  readonly answers: ReadonlyMap<number, DocumentedAnswer>
}

interface DocumentedAnswer {
  readonly contentType: string
  /** The names of its headers in lower case. */
  readonly headers: ReadonlySet<string>
  /** Undefined where the content is no JSON. */
  readonly validate: ValidateFunction | undefined
}

const ajv = new Ajv2020({ strict: false })
addFormats.default(ajv)

/** What was compiled already, by its schema's text: most answers are one problem document. */
const compiled = new Map<string, ValidateFunction>()

function compile (schema: object): ValidateFunction {
  const text = JSON.stringify(schema)
  const validate = compiled.get(text) ?? ajv.compile(schema)
  compiled.set(text, validate)
  return validate
}

/** Reads the calls of the service's own OpenAPI document, without the one whose answer has no end. */
export async function readCalls (app: FastifyInstance): Promise<Call[]> {
  const operations = operationsOf(await readResolved(app))
    .filter(({ operation }) => operation.operationId !== 'listenToEvents')
  return operations.map(({ method, path, operation }): Call => {
    const [contentType, content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? []
    return {
      operationId: operation.operationId,
      method: method as Call['method'],
      path,
      security: Object.keys(operation.security?.[0] ?? {})[0],
      parameters: (operation.parameters ?? []).filter(({ in: place }) => place !== 'header'),
      contentType,
      examples: content === undefined ? [] : examplesOf(content),
      answers: new Map(Object.entries(operation.responses).map(([status, answer]) =>
        [Number(status), readAnswer(answer)]))
    }
  })
}

function readAnswer ({ headers = {}, content = {} }: Answer): DocumentedAnswer {
  const [contentType, described] = Object.entries(content)[0] ?? []
  const names = new Set(Object.keys(headers).map((name) => name.toLowerCase()))
  if (contentType === undefined || described === undefined) {
    return { contentType: '', headers: names, validate: undefined }
  }
  const validate = contentType.endsWith('json') ? compile(described.schema) : undefined
  return { contentType, headers: names, validate }
}
