import t from 'tap'
import { parse } from 'yaml'
import { makeService } from '../support/service.js'

t.test('the interactive page is there', async (t) => {
  const { app } = await makeService(t)
  const page = await app.inject('/docs/')
  t.equal(page.statusCode, 200)
  t.match(page.headers['content-type'], /text\/html/)
})

const readJson = (text: string): unknown => JSON.parse(text)
const readYaml = (text: string): unknown => parse(text)

for (const [path, contentType, read] of [
  ['/openapi.json', /^application\/json/, readJson],
  ['/docs/json', /^application\/json/, readJson],
  ['/docs/yaml', /^application\/yaml/, readYaml]
] as const) {
  t.test(`${path} is written once, and every answer sends the same bytes`, async (t) => {
    const { app } = await makeService(t)
    const payloads: unknown[] = []
    app.addHook('onSend', async (_request, _reply, payload) => { payloads.push(payload) })
    const answers = [await app.inject(path), await app.inject(path)]
    t.ok(Buffer.isBuffer(payloads[0]))
    t.equal(payloads[0], payloads[1], 'one buffer for all answers')
    for (const { statusCode, headers } of answers) {
      t.equal(statusCode, 200)
      t.match(headers['content-type'], contentType)
    }
    t.same(read(String(answers[0]?.body)), (await app.inject('/openapi.json')).json())
  })
}
