import { Type } from '@sinclair/typebox'
import fastify from 'fastify'
import t, { type Test } from 'tap'
import { UpdateBalanceRequest } from '../../schemas/paymentology.js'
import { handleError } from '../../src/api/sandbox/problem.js'
import * as parsing from '../../src/exact-json/parse.js'
import * as validation from '../../src/exact-json/validator.js'
import { exactJson } from '../../src/plugins/exact-json.js'
import { ADMIN_TOKEN, makeService, updateBody } from '../support/service.js'

const REFUSED: ReadonlyArray<Record<string, string>> = [
  { 'content-type': 'application/json; charset=UTF-16' },
  { 'content-type': 'application/json;charset="iso-8859-1"' },
  { 'content-type': 'application/json; profile=x; Charset=us-ascii' },
  { 'content-type': 'application/json', 'content-encoding': 'gzip' },
  { 'content-type': 'application/json', 'content-encoding': 'gzip, identity' }
]

for (const headers of REFUSED) {
  t.test(`a body that is declared as ${JSON.stringify(headers)} is refused, in the shape of the dialect`, async (t) => {
    const { update, read } = await makeService(t)
    const response = await update(updateBody(), headers)
    t.equal(response.statusCode, 415)
    t.same(response.json(), { header: { error_id: 90415, error_desc: 'The Content-Type must be application/json in UTF-8, without a Content-Encoding' }, body: {} })
    t.match((await read('/accounts/1002')).json(), { actual_balance: '0.00' })

    const app = fastify()
    app.setErrorHandler(handleError)
    await app.register(exactJson)
    app.post('/', async () => 'never reached')
    const problem = await app.inject({ method: 'POST', url: '/', headers, payload: '{}' })
    t.equal(problem.statusCode, 415)
    t.match(problem.json(), { title: 'Unsupported Media Type', detail: /^The body must be / })
  })
}

t.test('a file in another charset, or a compressed one, is refused', async (t) => {
  const { app } = await makeService(t)
  for (const headers of [{ 'content-type': 'text/csv; charset=utf-16' }, { 'content-type': 'text/csv', 'content-encoding': 'gzip' }]) {
    const response = await app.inject({ method: 'POST', url: '/sandbox/v1/balance-files?client_id=123&file_name=x.csv', headers: { ...headers, authorization: `Bearer ${ADMIN_TOKEN}` }, payload: 'record_id' })
    t.equal(response.statusCode, 415)
    t.match(response.json(), { title: 'Unsupported Media Type', detail: /^The body must be / })
  }
})

for (const headers of [
  { 'content-type': 'application/json; charset=utf-8' },
  { 'content-type': 'Application/JSON;charset="UTF-8"' },
  { 'content-type': 'application/json; charset=utf8; profile=x' },
  { 'content-type': 'application/json', 'content-encoding': 'Identity' }
]) {
  t.test(`a body that is declared as ${JSON.stringify(headers)} is read`, async (t) => {
    const { update } = await makeService(t)
    t.match((await update(updateBody(), headers)).json(), { header: { error_id: 0 } })
  })
}

/** The plugin with counters in place of the slow parser and of the contract's check, which take everything. */
async function makeCounted (t: Test): Promise<{ post: (path: string, payload: string) => Promise<unknown>, slowly: () => { parsed: number, checked: number } }> {
  const [counts, SLOW] = [{ parsed: 0, checked: 0 }, { client_id: 0 }]
  const { exactJson } = await t.mockImport<typeof import('../../src/plugins/exact-json.js')>('../../src/plugins/exact-json.js', {
    '../../src/exact-json/parse.js': { ...parsing, parseExactJson: () => { counts.parsed += 1; return { ...SLOW } } },
    '../../src/exact-json/validator.js': { ...validation, compileExact: () => () => { counts.checked += 1; return true } }
  })
  const app = fastify()
  await app.register(exactJson)
  app.post('/update', { schema: { body: UpdateBalanceRequest } }, async ({ body }) => body)
  app.post('/texts', { schema: { body: UpdateBalanceRequest }, config: { keepNumberTexts: true } }, async ({ body }) => body)
  app.post('/odd', { schema: { body: Type.Object({ id: Type.Boolean() }) } }, async ({ body }) => body)
  app.post('/free', async ({ body }) => body)
  return {
    post: async (url, payload) => (await app.inject({ method: 'POST', url, headers: { 'content-type': 'application/json' }, payload })).json(),
    slowly: () => ({ ...counts })
  }
}

t.test('the usual body is read and checked in one, and not once more', async (t) => {
  const { post, slowly } = await makeCounted(t)
  t.same(await post('/update', JSON.stringify(updateBody())), updateBody())
  t.same(slowly(), { parsed: 0, checked: 0 })
})

t.test('a body that is not read quickly is parsed and checked', async (t) => {
  const { post, slowly } = await makeCounted(t)
  t.same(await post('/update', JSON.stringify(updateBody([{}], { trace: 1 }))), { client_id: 0 })
  t.same(slowly(), { parsed: 1, checked: 1 })
})

t.test('where numbers keep their texts, or a route has no contract that can be read quickly, a body is parsed', async (t) => {
  const { post, slowly } = await makeCounted(t)
  for (const [index, path] of ['/texts', '/odd', '/free'].entries()) {
    t.same(await post(path, JSON.stringify(updateBody())), { client_id: 0 }, path)
    t.equal(slowly().parsed, index + 1)
  }
  t.equal(slowly().checked, 2)
})

t.test('the service reads updates quickly', async (t) => {
  const parseExactJson = (): never => { throw new Error('a body was read slowly') }
  const plugin = await t.mockImport<typeof import('../../src/plugins/exact-json.js')>('../../src/plugins/exact-json.js', { '../../src/exact-json/parse.js': { ...parsing, parseExactJson } })
  const { buildApp: build } = await t.mockImport<typeof import('../../src/app.js')>('../../src/app.js', { '../../src/plugins/exact-json.js': plugin })
  const { update } = await makeService(t, undefined, { build })
  t.match((await update(updateBody())).json(), { header: { error_id: 0 } })
  t.match((await update(updateBody([{ bill_ccy: '48' }]))).json(), { header: { error_id: 90500 } }, 'anything else is read slowly')
})
