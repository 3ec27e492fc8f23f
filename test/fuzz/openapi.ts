import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { FastifyInstance } from 'fastify'

/** A parameter of a call. */
export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required?: boolean
  readonly example?: unknown
}

interface Content {
  readonly [contentType: string]: {
    readonly schema: object
    readonly example?: unknown
    readonly examples?: Readonly<Record<string, { readonly value: unknown }>>
  }
}

interface Operation {
  readonly operationId: string
  readonly security?: ReadonlyArray<Readonly<Record<string, unknown>>>
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>
}

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
  /** Undefined where the content is no JSON. */
  readonly validate: ValidateFunction | undefined
}

const ajv = new Ajv2020({ strict: false })
addFormats.default(ajv)

/** Reads the service's own OpenAPI document. */
export async function readCalls (app: FastifyInstance): Promise<Call[]> {
  const { paths } = (await app.inject('/openapi.json')).json<{ paths: Record<string, Record<string, Operation>> }>()
  return Object.entries(paths).flatMap(([path, operations]) => Object.entries(operations).map(([method, operation]): Call => {
    const [contentType, content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? []
    return {
      operationId: operation.operationId,
      method: method.toUpperCase() as Call['method'],
      path,
      security: Object.keys(operation.security?.[0] ?? {})[0],
      parameters: (operation.parameters ?? []).filter(({ in: place }) => place !== 'header'),
      contentType,
      examples: content?.example === undefined ? Object.values(content?.examples ?? {}).map(({ value }) => value) : [content.example],
      answers: new Map(Object.entries(operation.responses).map(([status, { content = {} }]) => [Number(status), answerOf(content)]))
    }
  }))
}

function answerOf (content: Content): DocumentedAnswer {
  const [contentType, described] = Object.entries(content)[0] ?? []
  if (contentType === undefined || described === undefined) return { contentType: '', validate: undefined }
  return { contentType, validate: contentType.endsWith('json') ? ajv.compile(described.schema) : undefined }
}
