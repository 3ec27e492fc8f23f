import buildSerializer from 'fast-json-stringify'
import t from 'tap'
import { compileExact } from '../../src/exact-json/validator.js'
import { makeService } from '../support/service.js'

/** A schema, or one for each type of content. */
type Part = object & { readonly content?: Readonly<Record<string, { readonly schema: object }>> }

function schemasOf (part: Part): object[] {
  return part.content === undefined ? [part] : Object.values(part.content).map(({ schema }) => schema)
}

// A service compiles a schema at its first use, which may be long after its start.
t.test('every schema of every route compiles', async (t) => {
  const { app } = await makeService(t)
  const requests = new Set<object>()
  const answers = new Set<object>()
  app.addHook('onRoute', ({ schema }) => {
    for (const part of [schema?.params, schema?.querystring, schema?.headers, schema?.body]) {
      for (const found of schemasOf((part ?? {}) as Part)) requests.add(found)
    }
    for (const part of Object.values(schema?.response ?? {})) {
      for (const found of schemasOf(part as Part)) answers.add(found)
    }
  })
  await app.ready()
  t.ok(requests.size > 30, `${requests.size} schemas of requests`)
  t.ok(answers.size > 30, `${answers.size} schemas of answers`)
  for (const schema of requests) t.doesNotThrow(() => compileExact(schema), JSON.stringify(schema).slice(0, 80))
  for (const schema of answers) t.doesNotThrow(() => buildSerializer(schema), JSON.stringify(schema).slice(0, 80))
})
