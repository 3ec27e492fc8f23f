import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import t from 'tap'
import { parse } from 'yaml'
import { makeService } from '../support/service.js'

const ajv = new Ajv({ strict: true, strictTypes: false, keywords: ['example'] })
addFormats.default(ajv)

/** As much of an OpenAPI document as the test walks through. */
interface MediaType { schema?: object & { examples?: unknown[] }, example?: unknown, examples?: Record<string, { value: unknown }> }
interface Operation {
  operationId: string
  summary?: string
  requestBody?: { content: Record<string, MediaType> }
  responses: Record<string, { description: string, headers?: object, content?: Record<string, MediaType> }>
}
interface Document { openapi: string, paths: Record<string, Record<string, Operation>> }

async function readDocument (t: Parameters<typeof makeService>[0]): Promise<Document> {
  const { app } = await makeService(t)
  return (await app.inject('/openapi.json')).json()
}

function operationsOf (document: Document): Array<[string, Operation]> {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [`${method} ${path}`, operation]))
}

/** Every example of a media type, wherever OpenAPI lets it stand. */
function examplesOf ({ schema, example, examples }: MediaType): unknown[] {
  return [...schema?.examples ?? [], ...example === undefined ? [] : [example], ...Object.values(examples ?? {}).map(({ value }) => value)]
}

t.test('the document is valid OpenAPI 3.1', async (t) => {
  const document = await readDocument(t)
  t.equal(document.openapi, '3.1.0')
  const { valid, errors } = await new Validator().validate(structuredClone(document) as object as Record<string, unknown>)
  t.ok(valid, JSON.stringify(errors))
})

t.test('every call has a summary, an operationId of its own, and described answers with examples that keep their schema', async (t) => {
  const operations = operationsOf(await readDocument(t))
  t.equal(new Set(operations.map(([, { operationId }]) => operationId)).size, operations.length)
  for (const [place, { summary, responses, requestBody }] of operations) {
    t.ok(summary, `${place} has a summary`)
    const bodies: Array<[string, MediaType]> = Object.entries(requestBody?.content ?? {}).map(([, media]) => ['request', media])
    for (const [status, { description, content = {} }] of Object.entries(responses)) {
      t.not(description, 'Default Response', `${place} ${status} is described`)
      for (const media of Object.values(content)) bodies.push([status, media])
    }
    for (const [what, media] of bodies) {
      const examples = examplesOf(media)
      t.ok(examples.length > 0, `${place} ${what} has an example`)
      for (const example of examples) t.ok(ajv.validate(media.schema ?? {}, example), `${place} ${what}: ${ajv.errorsText()}`)
    }
  }
})

t.test('the balance update documents the bounds of the published page and every answer', async (t) => {
  const { paths } = await readDocument(t)
  const operation = paths['/ppws/api/v1/pws_update_balance']?.['post']
  t.match(operation?.requestBody?.content['application/json']?.schema, {
    required: ['client_id', 'api_call_unique_identifier', 'balance_list'],
    properties: {
      client_id: { type: 'integer', format: 'int32', minimum: 1 },
      api_call_unique_identifier: { minLength: 1, maxLength: 40 },
      balance_list: {
        minItems: 1,
        maxItems: 25,
        items: { properties: { input_id: { type: 'integer', format: 'int64', minimum: 1 }, act_balance: { type: 'number' }, account_ext_ref: { maxLength: 50 } } }
      },
      user_id: { maxLength: 50 },
      remarks: { maxLength: 200 }
    }
  })
  t.same(Object.keys(operation?.responses ?? {}), ['200', '400', '401', '403', '404', '409', '413', '415', '422', '429', '500', '503'])
})

t.test('the headers that an answer may carry are documented with it', async (t) => {
  const { paths } = await readDocument(t)
  for (const [path, { post }] of Object.entries(paths).filter(([path]) => path.startsWith('/ppws/'))) {
    const headers = Object.entries(post?.responses ?? {}).map(([status, response]) => [status, Object.keys(response.headers ?? {})])
    t.same(headers.filter(([, names]) => names?.length !== 0), [['200', ['preference-applied', 'idempotent-replayed']], ['422', ['preference-applied']]], path)
  }
})

t.test('the interactive page is there', async (t) => {
  const { app } = await makeService(t)
  const page = await app.inject('/docs/')
  t.equal(page.statusCode, 200)
  t.match(page.headers['content-type'], /text\/html/)
})

for (const [path, contentType] of [
  ['/openapi.json', /^application\/json/],
  ['/docs/json', /^application\/json/],
  ['/docs/yaml', /^application\/yaml/]
] as const) {
  t.test(`${path} is written once, and every answer sends the same bytes`, async (t) => {
    const { app } = await makeService(t)
    const payloads: unknown[] = []
    app.addHook('onSend', async (_request, _reply, payload) => { payloads.push(payload) })
    const answers = [await app.inject(path), await app.inject(path)]
    t.ok(Buffer.isBuffer(payloads[0]))
    t.equal(payloads[0], payloads[1], 'one buffer for all answers')
    for (const { statusCode, headers, body } of answers) {
      t.equal(statusCode, 200)
      t.match(headers['content-type'], contentType)
      t.same(parse(body), (await app.inject('/openapi.json')).json())
    }
  })
}
