import t from 'tap'
import { nextCommand } from '../../src/cli/demo.js'
import { makeFolder } from '../support/folder.js'
import { runCommand } from '../support/process.js'

const folder = makeFolder(t)

t.test('the demo keeps its own settings where a variable is empty, and does not show a token that was given',
  async (t) => {
    const demo = runCommand(t, folder, ['demo'], {
      PORT: '0',
      DATABASE_PATH: '',
      SCENARIO_FILE: '',
      LOG_LEVEL: '',
      ADMIN_TOKEN: 'a\'b"c',
      ISSUER_HOSTS: 'issuer.example'
    })
    await demo.waitFor(/Stop with Ctrl\+C\. The balances stay in data\/demo\.sqlite\./)
    const curl = /^curl .*sandbox\/v1.*$/m.exec(demo.output())?.[0] ?? ''
    t.match(curl, / -H "Authorization: Bearer \$ADMIN_TOKEN"$/)
    t.notMatch(demo.output(), /a'b/)
    const [, url = ''] = /curl -s (\S+)/.exec(curl) ?? []
    const authorization = 'Bearer a\'b"c'
    const response = await fetch(url, { headers: { authorization } })
    t.match(await response.json(), { account_id: '9007199254740993' })
    t.notMatch(demo.output(), /issuer/, 'its own is not among the allowed hosts')
    const { status } = await fetch(url.replace(/accounts.*/, 'clients/123/issuer'), {
      method: 'PUT',
      headers: { authorization, 'content-type': 'application/json' },
      body: '{"url":"http://issuer.example/fast"}'
    })
    t.equal(status, 200)
    demo.child.kill('SIGTERM')
    t.equal(await demo.exitCode, 0)
  })

/** Standard output is a terminal for the command, which still writes into the test's pipe. */
const AT_TERMINAL = 'data:text/javascript,Object.defineProperty(process.stdout, "isTTY", { value: true })'

t.test('at a terminal the demo prints one readable line a request, and leaves an issuer that was set', async (t) => {
  const settings = { PORT: '0', ADMIN_TOKEN: 'secret' }
  const demo = runCommand(t, folder, ['demo'], settings, ['--import', AT_TERMINAL])
  const [, address] = await demo.waitFor(/listening on (http:\S+)/)
  await demo.waitFor(/Stop with Ctrl\+C/)
  t.match(demo.output(), /Client 123 has an issuer of yours, http:\/\/issuer\.example\/fast, in place of the demo's/)
  await fetch(`${address}/ppws/api/v1/pws_update_balance`, { method: 'POST', headers: { 'x-api-key': 'demo-key-123' } })
  await demo.waitFor(/Z {2}POST \/ppws\/api\/v1\/pws_update_balance {2}400 {2}client 123 {2}the body must be object/)
  await fetch(`${address}/health/live`)
  await demo.waitFor(/Z {2}GET \/health\/live {2}200 {2}[\d.]+ ms/)
  demo.child.kill('SIGTERM')
  t.equal(await demo.exitCode, 0)
})

t.test('the next command spells out only what the command line does not find by itself', async (t) => {
  const server = { address: 'http://127.0.0.1:3000', adminToken: 'secret', adminTokenFile: '/state/admin-token-3000' }
  t.equal(nextCommand(server, 'secret'), 'npx stip-sandbox balances show')
  t.equal(
    nextCommand({ ...server, address: 'http://127.0.0.1:4000', adminTokenFile: undefined }, '$ADMIN_TOKEN'),
    'ADMIN_TOKEN="$ADMIN_TOKEN" npx stip-sandbox balances show --url http://127.0.0.1:4000'
  )
})
