import t from 'tap'
import { parse } from 'yaml'
import { makeService } from '../support/service.js'

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
