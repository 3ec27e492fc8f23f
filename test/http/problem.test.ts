import fastify from 'fastify'
import t from 'tap'
import { exactJson } from '../../src/http/exact-json.js'
import { handleError } from '../../src/http/problem.js'
import { makeService } from '../support/service.js'

t.test('a path that leads nowhere is a problem that points to the documentation', async (t) => {
  const { app } = await makeService(t)
  const response = await app.inject({ method: 'DELETE', url: '/no/such/path' })
  t.equal(response.statusCode, 404)
  t.same(response.json(), {
    type: 'about:blank',
    title: 'Not Found',
    status: 404,
    detail: 'There is nothing with this method and path. See /docs'
  })
})

t.test('an address that cannot be decoded is a problem', async (t) => {
  const { app } = await makeService(t)
  const response = await app.inject('/sandbox/v1/accounts/%zz')
  t.equal(response.statusCode, 400)
  t.match(response.json(), { title: 'Bad Request', detail: /percent sign/ })
})

t.test('the cause of an unforeseen error stays out of the answer', async (t) => {
  const { store, read } = await makeService(t)
  await store.close()
  const response = await read('/accounts/1002')
  t.equal(response.statusCode, 500)
  t.same(response.json(), { type: 'about:blank', title: 'Internal Server Error', status: 500 })
})

t.test('a body that is not JSON is a problem', async (t) => {
  const app = fastify()
  app.setErrorHandler(handleError)
  await app.register(exactJson, { partsMax: 65_536, logLimit: () => {} })
  app.post('/', async () => 'never reached')
  const response = await app.inject({
    method: 'POST',
    url: '/',
    headers: { 'content-type': 'application/json' },
    payload: '{'
  })
  t.equal(response.statusCode, 400)
  t.match(response.json(), { status: 400, detail: /^the body is not valid JSON/ })
})

t.test('an error that names its own status keeps it', async (t) => {
  const app = fastify()
  app.setErrorHandler(handleError)
  app.post('/', async () => { throw Object.assign(new Error('Not in this order'), { statusCode: 409 }) })
  const response = await app.inject({ method: 'POST', url: '/' })
  t.equal(response.statusCode, 409)
  t.match(response.json(), { title: 'Conflict', detail: 'Not in this order' })
})

t.test('a body of another kind is refused with the kinds that the route takes, and the one that came', async (t) => {
  const app = fastify()
  app.setErrorHandler(handleError)
  app.post('/json', async () => 'never reached')
  await app.register(async (app) => {
    app.addContentTypeParser('text/csv', async () => '')
    app.post('/both', async () => 'never reached')
  })
  for (const [url, headers, detail] of [
    ['/json', { 'content-type': 'image/png' }, 'must be application/json; it is "image/png"'],
    ['/json', { 'content-type': 'json' }, 'must be application/json; it is "json"'],
    ['/json', { 'content-type': `a/${'x'.repeat(99)}` }, `must be application/json; it is "a/${'x'.repeat(58)}"…`],
    ['/json', {}, 'must be application/json; the request has none'],
    ['/both', {}, 'must be application/json or text/csv; the request has none']
  ] as const) {
    const response = await app.inject({ method: 'POST', url, headers, payload: Buffer.from('x') })
    t.equal(response.statusCode, 415, detail)
    t.equal(response.json().detail, `The header Content-Type ${detail}`)
  }
})
