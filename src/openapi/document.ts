import { nameResponses, nameSchemas } from './components.js'
import { headerComponents, withHeaders, type SecuritySchemes } from './headers.js'
import { typeParameter, type Parameter } from './parameters.js'

/** As much of an OpenAPI document as is changed here. */
export interface Document {
  readonly paths: Paths
  readonly components: { readonly securitySchemes: SecuritySchemes, readonly [kind: string]: object }
}

/** Calls by their paths and methods. */
export type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>

/** One call. */
export interface Operation {
  readonly security?: ReadonlyArray<Readonly<Record<string, readonly string[]>>>
  readonly parameters?: readonly Parameter[]
  readonly responses: Readonly<Record<string, Response>>
}

/** One answer of a call, or a reference to it. */
export interface Response {
  readonly $ref?: string
  readonly headers?: object
  readonly content?: Readonly<Record<string, { readonly schema: { readonly $ref?: string } }>>
}

/**
 * Makes of the document that is written from the routes' schemas the one that clients are generated from. Parameters
 * have their types. Answers have all headers that they may be sent with. Every schema with a title stands once, as a
 * component. Validation is not touched: it reads the routes' schemas themselves.
 *
 * @throws Error where two different schemas have one title
 */
export function completeDocument (document: Document): Document {
  const { components, paths } = document
  const complete = mapOperations(paths, (operation) => ({
    ...operation,
    ...operation.parameters === undefined ? {} : { parameters: operation.parameters.map(typeParameter) },
    responses: withHeaders(operation, components.securitySchemes)
  }))
  const { paths: named, schemas } = nameSchemas(complete)
  const { paths: shared, responses } = nameResponses(named)
  return { ...document, paths: shared, components: { ...components, schemas, responses, headers: headerComponents } }
}

/** Gives the paths with every call changed. */
export function mapOperations (paths: Paths, change: (operation: Operation) => Operation): Paths {
  return mapValues(paths, (operations) => mapValues(operations, change))
}

/** Gives an object with every value changed, under the same names. */
export function mapValues<Value, Changed> (
  values: Readonly<Record<string, Value>>, change: (value: Value, name: string) => Changed
): Record<string, Changed> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value, name)]))
}
