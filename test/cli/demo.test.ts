import t from 'tap'
import { nextCommand } from '../../src/cli/demo.js'
import { makeFolder } from '../support/folder.js'
import { runCommand } from '../support/process.js'

t.test('the demo keeps its own settings where a variable is empty, and does not show a token that was given',
  async (t) => {
    const folder = makeFolder(t)
    const demo = runCommand(t, folder, ['demo'], {
      PORT: '0',
      DATABASE_PATH: '',
      SCENARIO_FILE: '',
      LOG_LEVEL: '',
      ADMIN_TOKEN: 'a\'b"c'
    })
    await demo.waitFor(/Stop with Ctrl\+C\. The balances stay in data\/demo\.sqlite\./)
    const curl = /^curl .*sandbox\/v1.*$/m.exec(demo.output())?.[0] ?? ''
    t.match(curl, / -H "Authorization: Bearer \$ADMIN_TOKEN"$/)
    t.notMatch(demo.output(), /a'b/)
    const [, url = ''] = /curl -s (\S+)/.exec(curl) ?? []
    const response = await fetch(url, { headers: { authorization: 'Bearer a\'b"c' } })
    t.match(await response.json(), { account_id: '9007199254740993' })
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
