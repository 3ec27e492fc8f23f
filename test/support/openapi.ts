import type { FastifyInstance } from 'fastify'

/** As much of a service's OpenAPI document as tests read. */
export interface OpenapiDocument {
  readonly openapi: string
  readonly servers: ReadonlyArray<{ readonly url: string }>
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: Readonly<Record<string, Readonly<Record<string, object>>>>
}

export interface Operation {
  readonly operationId: string
  readonly summary?: string
  readonly security?: ReadonlyArray<Readonly<Record<string, unknown>>>
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Content }
  readonly responses: Readonly<Record<string, Answer>>
}

/** A parameter of a call. */
export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required?: boolean
  readonly example?: unknown
  readonly schema: Readonly<Record<string, unknown>>
}

export interface Answer {
  readonly description: string
  readonly headers?: Readonly<Record<string, object>>
  readonly content?: Content
}

export type Content = Readonly<Record<string, MediaType>>

export interface MediaType {
  readonly schema: object & { readonly examples?: readonly unknown[] }
  readonly example?: unknown
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>
}

/** Reads the service's own OpenAPI document as it is sent. */
export async function readDocument (app: FastifyInstance): Promise<OpenapiDocument> {
  return (await app.inject('/openapi.json')).json()
}

/** Reads the document with every reference in its paths replaced by what it refers to. */
export async function readResolved (app: FastifyInstance): Promise<OpenapiDocument> {
  const document = await readDocument(app)
  return { ...document, paths: resolve(document.paths, document) as OpenapiDocument['paths'] }
}

function resolve (node: unknown, document: OpenapiDocument): unknown {
  if (Array.isArray(node)) return node.map((member) => resolve(member, document))
  if (typeof node !== 'object' || node === null) return node
  if ('$ref' in node) {
    const [, , kind = '', name = ''] = String(node.$ref).split('/')
    return resolve(document.components[kind]?.[name], document)
  }
  return Object.fromEntries(Object.entries(node).map(([name, member]) => [name, resolve(member, document)]))
}

/** Every call of a document, with its method and path. */
export function operationsOf ({ paths }: OpenapiDocument): Array<{
  method: string
  path: string
  operation: Operation
}> {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })))
}

/** Every example of a media type, wherever OpenAPI lets it stand. */
export function examplesOf ({ schema, example, examples = {} }: MediaType): unknown[] {
  return [
    ...schema.examples ?? [],
    ...example === undefined ? [] : [example],
    ...Object.values(examples).map(({ value }) => value)
  ]
}
