import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import type { LightMyRequestResponse } from 'fastify'
import t from 'tap'
import { ROUNDING_WARNING } from '../../schemas/numbers.js'
import { completeDocument, type Document } from '../../src/openapi/document.js'
import {
  examplesOf, operationsOf, readDocument, readResolved, type MediaType, type OpenapiDocument
} from '../support/openapi.js'
import { AUTHORIZATION, makeService, updateBody, type TestService } from '../support/service.js'

const ajv = new Ajv({ strict: true, strictTypes: false, keywords: ['example', 'x-rule'] })
addFormats.default(ajv)

const { app } = await makeService(t)
const document = await readDocument(app)
const resolved = await readResolved(app)

const UPDATE_PATH = '/ppws/api/v1/pws_update_balance'

t.test('every call has a summary, an operationId of its own, and described answers with examples that keep their ' +
  'schema', async (t) => {
  const operations = operationsOf(resolved)
  t.equal(new Set(operations.map(({ operation }) => operation.operationId)).size, operations.length)
  for (const { operation: { operationId, summary, responses, requestBody } } of operations) {
    t.ok(summary, `${operationId} has a summary`)
    const bodies: Array<[string, MediaType]> = Object.values(requestBody?.content ?? {}).map((media) =>
      ['request', media])
    for (const [status, { description, content = {} }] of Object.entries(responses)) {
      t.not(description, 'Default Response', `${operationId} ${status} is described`)
      for (const media of Object.values(content)) bodies.push([status, media])
    }
    for (const [what, media] of bodies) {
      const examples = examplesOf(media)
      t.ok(examples.length > 0, `${operationId} ${what} has an example`)
      for (const example of examples) {
        t.ok(ajv.validate(media.schema, example), `${operationId} ${what}: ${ajv.errorsText()}`)
      }
    }
  }
})

t.test('no text in an address may hold U+0000, which PostgreSQL keeps in no text', async (t) => {
  // A cursor is read as a number, and no text of it is looked up.
  const texts = operationsOf(resolved).flatMap(({ operation: { operationId, parameters = [] } }) => parameters
    .filter(({ in: place, name }) => ['path', 'query'].includes(place) && name !== 'cursor')
    .map(({ name, schema }) => ({ place: `${operationId} ${name}`, schema })))
  t.ok(texts.length > 20)
  for (const { place, schema } of texts) {
    for (const text of ['\0', 'a\0b', '1\0']) t.notOk(ajv.validate(schema, text), place)
  }
  const { headers, statusCode } = await app.inject({
    url: '/sandbox/v1/operations?client_id=123&identifier=a%00b', headers: AUTHORIZATION
  })
  t.match([statusCode, headers['content-type']], [400, /problem\+json/])
})

t.test('every body is a component with a name, so that clients share its type', async (t) => {
  const { paths, components } = document
  const contents = JSON.stringify([paths, components['responses']])
    .matchAll(/"application\/(?:problem\+)?json":\{"schema":(.{0,100})/g)
  let count = 0
  for (const [, schema] of contents) {
    count += 1
    t.match(schema, /^\{"\$ref":"#\/components\/schemas\/[A-Z][A-Za-z]+"\}/)
  }
  t.ok(count > 0)
})

t.test('two different schemas with one title are refused, and two equal ones are one component', async (t) => {
  const complete = (...types: string[]) => completeDocument({
    components: { securitySchemes: {} },
    paths: {
      '/': Object.fromEntries(types.map((type, index) => [`method${index}`, {
        responses: { 200: { content: { 'application/json': { schema: { title: 'Thing', type } } } } }
      }]))
    }
  } as object as Document)
  t.match(complete('string', 'string').components, { schemas: { Thing: { type: 'string' } } })
  t.throws(() => complete('string', 'integer'), { message: 'two different schemas have the title Thing' })
})

t.test('an answer that calls share stands once, whatever its body is', async (t) => {
  const answers = { 200: { content: { 'text/plain': { schema: { type: 'string' } } } }, 204: { description: 'Done.' } }
  const { paths, components } = completeDocument({
    components: { securitySchemes: {} },
    paths: { '/': { get: { responses: answers }, put: { responses: answers } } }
  } as object as Document)
  t.same(Object.keys(components['responses'] ?? {}), ['Answer200', 'Answer204'])
  t.same(paths['/']?.['put']?.responses, {
    200: { $ref: '#/components/responses/Answer200' },
    204: { $ref: '#/components/responses/Answer204' }
  })
})

t.test('the balance update documents the bounds of the published page and every answer', async (t) => {
  const { paths } = resolved
  const operation = paths[UPDATE_PATH]?.['post']
  t.match(operation?.requestBody?.content['application/json']?.schema, {
    required: ['client_id', 'api_call_unique_identifier', 'balance_list'],
    properties: {
      client_id: { type: 'integer', format: 'int32', minimum: 1 },
      api_call_unique_identifier: { minLength: 1, maxLength: 40 },
      balance_list: {
        minItems: 1,
        maxItems: 25,
        items: {
          properties: {
            input_id: { type: 'integer', format: 'int64', minimum: 1 },
            act_balance: { type: 'number' },
            account_ext_ref: { maxLength: 50 }
          }
        }
      },
      user_id: { maxLength: 50 },
      remarks: { maxLength: 200 }
    }
  })
  t.same(Object.keys(operation?.responses ?? {}), [
    '200', '400', '401', '403', '404', '408', '409', '413', '415', '421', '422', '429', '431', '500', '501', '503'
  ])
})

t.test('a parameter is documented as the number or truth value that its text stands for', async (t) => {
  const parameters = operationsOf(document).flatMap(({ operation }) => operation.parameters ?? [])
  const schemaOf = (name: string) => parameters.find((parameter) => parameter.name === name)
  t.match(schemaOf('limit'), { schema: { type: 'integer', format: 'int32', minimum: 1, maximum: 1000, default: 100 } })
  t.match(schemaOf('client_id'), { schema: { type: 'integer', format: 'int32', minimum: 1 }, example: 123 })
  t.match(schemaOf('job_id'), { schema: { type: 'integer', format: 'int64' }, example: 456 })
  t.match(schemaOf('dry_run'), { schema: { type: 'boolean', default: false } })
  t.match(schemaOf('at'), { schema: { type: 'string', format: 'date-time' } })
  t.match(
    schemaOf('account_id'), { schema: { type: 'string', format: 'int64' } }, 'exact, as in every body of this API'
  )
  const bounds = ['minimum', 'pattern', 'format', 'enum', 'maxLength']
  for (const { name, schema } of parameters.filter((parameter) => parameter.in !== 'header')) {
    t.ok(
      schema['type'] === 'boolean' || bounds.some((bound) => Object.hasOwn(schema, bound)),
      `${name} is more than a text`
    )
  }
})

t.test('every whole number that a double may round carries the warning', async (t) => {
  let count = 0
  JSON.stringify(document, (
    _name, node: { type?: string, format?: string, maximum?: number, description?: string }
  ) => {
    if (node?.type !== 'integer' || node.format !== 'int64') return node
    count += 1
    t.ok(Number.isSafeInteger(node.maximum) || node.description?.includes(ROUNDING_WARNING), JSON.stringify(node))
    return node
  })
  t.ok(count > 0)
})

t.test('every call documents what is answered before it begins; only health checks and issuers ask for no credential',
  async (t) => {
    for (const { method, path, operation: { operationId, security, responses } } of operationsOf(document)) {
      const isOpen = /^\/(health|issuer)\//.test(path)
      t.equal(security?.length, isOpen ? 0 : 1, operationId)
      const statuses = [
        ...[400, 408, 421, 431, 501],
        ...isOpen ? [] : [401, 429, 500, 503],
        ...method === 'GET' ? [] : [415],
        ...method === 'GET' || isStream(operationId) ? [] : [413]
      ]
      for (const status of statuses) t.ok(responses[status], `${operationId} ${status}`)
    }
  })

/** A balance file is read row by row, and so may have any number of bytes. */
function isStream (operationId: string): boolean {
  return operationId === 'carryOutBalanceFile'
}

/** Requests whose answers carry headers of their own. */
const HEADERS_SENT: ReadonlyArray<[
  title: string, headers: readonly string[], send: (service: TestService) => Promise<LightMyRequestResponse>
]> = [
  ['401 of the sandbox', ['WWW-Authenticate'], async ({ app }) => await app.inject('/sandbox/v1/clients')],
  ['401 of AMLYZE', ['WWW-Authenticate'], async ({ app }) => await app.inject({
    method: 'PUT', url: '/amlyze-ws-rest/account-balance'
  })],
  ['405', ['Allow'], async ({ app }) => await app.inject({
    method: 'POST', url: '/amlyze-ws-rest/account-balance', headers: { authorization: 'Bearer amlyze-token-of-123' }
  })],
  ['a count of requests', ['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset'], async ({ read }) =>
    await read('/clients')],
  ['429', ['Retry-After'], async ({ read }) => {
    await read('/clients')
    return await read('/clients')
  }],
  ['a dry run', ['dry-run'], async ({ call }) => await call('DELETE', '/accounts/1002?dry_run=true')],
  [
    'preferences',
    ['Preference-Applied'],
    async ({ update }) => await update(updateBody(), { prefer: 'return=representation' })
  ]
]

for (const [title, headers, send] of HEADERS_SENT) {
  t.test(`the headers of an answer are documented: ${title}`, async (t) => {
    const service = await makeService(t, undefined, { rateLimit: 1 })
    const response = await send(service)
    const documented = documentedHeaders(resolved, response)
    for (const header of headers) {
      t.ok(response.headers[header.toLowerCase()], `${header} is sent`)
      t.ok(documented.includes(header), `${header} is documented`)
    }
    t.ok(documented.includes('X-Request-Id'))
  })
}

/** The headers that the document gives the answer, which may be that to another method than the path has. */
function documentedHeaders (
  { paths }: OpenapiDocument, { statusCode, raw: { req } }: LightMyRequestResponse
): string[] {
  const [path = ''] = String(req.url).split('?')
  const operations = paths[path] ?? paths[path.replace(/\d+$/, '{account_id}')] ?? {}
  const { responses } = operations[String(req.method).toLowerCase()] ?? Object.values(operations)[0] ?? {}
  return Object.keys(responses?.[statusCode]?.headers ?? {})
}

t.test('an answer before a call begins has no headers of the call, and one to a call that must wait says how long',
  async (t) => {
    for (const { operation: { operationId, security, responses } } of operationsOf(resolved)) {
      t.same(responses['408']?.headers, {}, operationId)
      t.same(responses['431']?.headers, {}, operationId)
      t.same(Object.keys(responses['421']?.headers ?? {}), ['X-Request-Id'], operationId)
      t.same(Object.keys(responses['501']?.headers ?? {}), ['X-Request-Id'], operationId)
      if (security?.length === 1) {
        t.match(responses['503']?.headers, { 'Retry-After': { schema: { type: 'integer' } } }, operationId)
      }
    }
  })
