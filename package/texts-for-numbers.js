/**
 * Makes the OpenAPI document of the client out of the service's own: a number that a double could round, in a body or a
 * parameter that is sent, becomes a text.
 *
 * @returns the document, and what the client has to know of each call beside its types
 * @throws Error when an answer has such a number, because the client gives numbers of answers as they come
 */
export function textsForNumbers (original) {
  const document = structuredClone(original)
  const found = new Set()
  const calls = {}
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const nature = natureOf(operation, document, found)
      if (Object.keys(nature).length > 0) calls[`${method.toUpperCase()} ${path}`] = nature
    }
  }
  for (const answer of answersOf(document)) {
    for (const { node, place } of numbersOf(answer, document)) {
      if (found.has(node) || node.format === 'int64') throw new Error(`an answer has a number at ${place}`)
    }
  }
  for (const node of found) {
    for (const key of Object.keys(node)) if (key !== 'description') delete node[key]
    node.type = 'string'
  }
  return { document, calls }
}

/** Finds what the client has to know of a call, and adds its numbers to those that were found. */
function natureOf ({ parameters = [], requestBody }, document, found) {
  for (const { schema } of parameters) {
    for (const { node } of numbersOf(schema, document)) if (isLarge(node)) found.add(node)
  }
  const [[contentType, { schema }] = ['application/json', {}]] = Object.entries(requestBody?.content ?? {})
  const numbers = [...numbersOf(schema ?? {}, document)].filter(({ node }) => isLarge(node))
  for (const { node } of numbers) found.add(node)
  return {
    ...numbers.length > 0 && { numbers: [...new Set(numbers.map(({ place }) => place))] },
    ...contentType !== 'application/json' && { contentType }
  }
}

function answersOf ({ paths, components }) {
  const answers = Object.values(paths).flatMap(Object.values).flatMap(({ responses }) => Object.values(responses))
  return [...answers, ...Object.values(components.responses)]
    .flatMap(({ content = {} }) => Object.values(content).map(({ schema }) => schema))
}

/** Numbers of 64 bits, and those with decimals. */
const isLarge = ({ type, format }) => type === 'number' || format === 'int64'

/** Finds every number in a schema. No schema of ours contains itself. */
function * numbersOf (schema, document, place = '') {
  if (schema.$ref !== undefined) {
    const [, , kind, name] = schema.$ref.split('/')
    yield * numbersOf(document.components[kind][name], document, place)
    return
  }
  if ([schema.type].flat().some((type) => type === 'number' || type === 'integer')) yield { node: schema, place }
  const step = (name) => place === '' ? name : `${place}.${name}`
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    yield * numbersOf(property, document, step(name))
  }
  if (schema.items !== undefined) yield * numbersOf(schema.items, document, step('*'))
  for (const choice of [...schema.anyOf ?? [], ...schema.oneOf ?? [], ...schema.allOf ?? []]) {
    yield * numbersOf(choice, document, place)
  }
}
