import { isDeepStrictEqual } from 'node:util'
import { mapOperations, mapValues, type Paths, type Response } from './paths.js'

/** Members of a schema that hold values, which may look like schemas with a title. */
const VALUES = new Set(['example', 'examples', 'default', 'enum', 'const'])

/**
 * Puts a reference in the place of every schema that has a title, wherever it stands. Its examples are left out: those
 * of a whole body stand beside the reference.
 *
 * @returns the paths so changed, and the schemas by their titles
 * @throws Error where two different schemas have one title
 */
export function nameSchemas (paths: Paths): { paths: Paths, schemas: Record<string, object> } {
  const schemas: Record<string, object> = {}

  function visit (node: unknown): unknown {
    if (Array.isArray(node)) return node.map(visit)
    if (typeof node !== 'object' || node === null) return node
    const { examples, ...schema } = mapValues(node as Record<string, unknown>, (member, name) =>
      VALUES.has(name) ? member : visit(member))
    // Where a schema describes a field that is called title, that is a schema and no text.
    if (typeof schema['title'] !== 'string') return examples === undefined ? schema : { ...schema, examples }
    return nameSchema(schema['title'], schema)
  }

  function nameSchema (title: string, schema: object): object {
    schemas[title] ??= schema
    if (!isDeepStrictEqual(schemas[title], schema)) throw new Error(`two different schemas have the title ${title}`)
    return { $ref: `#/components/schemas/${title}` }
  }

  return { paths: visit(paths) as Paths, schemas }
}

/**
 * Puts a reference in the place of every answer that more than one call gives.
 *
 * @returns the paths so changed, and the answers by the name of their schema and their status
 */
export function nameResponses (paths: Paths): { paths: Paths, responses: Record<string, Response> } {
  const calls = new Map<string, number>()
  mapResponses(paths, (response, status) => {
    const key = keyOf(response, status)
    calls.set(key, (calls.get(key) ?? 0) + 1)
    return response
  })
  const names = new Map<string, string>()
  const responses: Record<string, Response> = {}
  const shared = mapResponses(paths, (response, status) => {
    const key = keyOf(response, status)
    if (calls.get(key) === 1) return response
    const name = names.get(key) ?? freeName(`${schemaName(response)}${status}`, responses)
    names.set(key, name)
    responses[name] = response
    return { $ref: `#/components/responses/${name}` }
  })
  return { paths: shared, responses }
}

function mapResponses (paths: Paths, change: (response: Response, status: string) => Response): Paths {
  return mapOperations(paths, (operation) => ({ ...operation, responses: mapValues(operation.responses, change) }))
}

function keyOf (response: Response, status: string): string {
  return `${status} ${JSON.stringify(response)}`
}

/** Gives the name of an answer's schema, which is the last step of the reference to it. */
function schemaName ({ content = {} }: Response): string {
  const [{ schema } = { schema: {} }] = Object.values(content)
  return schema.$ref?.split('/').at(-1) ?? 'Answer'
}

/** Gives a name that nothing has yet, if need be with a number behind it. */
function freeName (wanted: string, taken: object): string {
  let name = wanted
  for (let number = 2; Object.hasOwn(taken, name); number += 1) name = `${wanted}-${number}`
  return name
}
