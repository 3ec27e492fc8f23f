import buildSerializer from 'fast-json-stringify'
import t from 'tap'
import { compileExact } from '../../src/exact-json/validator.js'
import { makeService } from '../support/service.js'

type Answer = object & { readonly content?: Readonly<Record<string, { readonly schema: object }>> }

// A service compiles a schema at its first use, which may be long after its start.
t.test('every schema of every route compiles', async (t) => {
  const { app } = await makeService(t)
  const requests = new Set<object>()
  const answers = new Set<object>()
  app.addHook('onRoute', ({ schema }) => {
    for (const part of [schema?.params, schema?.querystring, schema?.headers, schema?.body]) {
      if (part !== undefined) requests.add(part as object)
    }
    for (const answer of Object.values((schema?.response ?? {}) as Record<string, Answer>)) {
      const contents = answer.content === undefined ? [{ schema: answer }] : Object.values(answer.content)
      for (const { schema } of contents) answers.add(schema)
    }
  })
  await app.ready()
  t.ok(requests.size > 30, `${requests.size} schemas of requests`)
  t.ok(answers.size > 30, `${answers.size} schemas of answers`)
  for (const schema of requests) t.doesNotThrow(() => compileExact(schema), JSON.stringify(schema).slice(0, 80))
  for (const schema of answers) t.doesNotThrow(() => buildSerializer(schema), JSON.stringify(schema).slice(0, 80))
})
