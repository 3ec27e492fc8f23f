import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import t from 'tap'
import { makeFolder } from '../support/folder.js'
import { addressOf, runCommand } from '../support/process.js'
import { ADMIN_TOKEN, AUTHORIZATION, SCENARIO, updateBody } from '../support/service.js'
import { runHere } from '../support/terminal.js'

function tokenFileIn (folder: string, address: string): string {
  return join(folder, 'stip-sandbox', `admin-token-${new URL(address).port}`)
}

t.test('serve takes its settings from the environment, loads the scenario once, and keeps balances over a restart',
  async (t) => {
    const folder = makeFolder(t)
    writeFileSync(join(folder, 'scenario.json'), JSON.stringify(SCENARIO))
    const environment = { PORT: '0', DATABASE_PATH: 'own.sqlite', SCENARIO_FILE: 'scenario.json', ADMIN_TOKEN }

    const first = runCommand(t, folder, ['serve'], environment)
    const address = await addressOf(first)
    t.match(first.output(), /"scenario loaded"/)
    const response = await fetch(`${address}/ppws/api/v1/pws_update_balance`, {
      method: 'POST',
      headers: { 'x-api-key': 'key-of-123', 'content-type': 'application/json' },
      body: JSON.stringify(updateBody([{ input_type: 't', input_id: 12345, bill_ccy: '404', act_balance: 1 }]))
    })
    t.match(await response.json(), { header: { error_id: 0 }, body: { total_failed: 0 } })
    first.child.kill('SIGTERM')
    t.equal(await first.exitCode, 0)
    t.match(first.output(), /"signal":"SIGTERM","msg":"closing"/)
    t.equal(first.errors(), '', 'an admin token that was given is not printed')
    t.notOk(existsSync(join(folder, 'stip-sandbox')), 'and not kept')
    t.notMatch(first.output(), /key-of-123|12345|secret-admin-token/, 'neither keys nor tokens of cards reach the log')

    rmSync(join(folder, 'scenario.json'))
    const second = runCommand(t, folder, ['serve'], environment)
    const again = await addressOf(second)
    t.match(second.output(), /"scenario not loaded: the database is not empty"/)
    const account = await fetch(`${again}/sandbox/v1/accounts/9007199254740993`, { headers: AUTHORIZATION })
    t.match(await account.json(), { actual_balance: '1.00' })
    second.child.kill('SIGINT')
    t.equal(await second.exitCode, 0)
  })

t.test('an admin token is made up and printed when none is given', async (t) => {
  const folder = makeFolder(t)
  const server = runCommand(t, folder, ['serve'], { PORT: '0', ADMIN_TOKEN: '' })
  const address = await addressOf(server)
  const command = runCommand(t, folder, ['balances', 'show', '--json', '--url', address], { ADMIN_TOKEN: '' })
  t.equal(await command.exitCode, 0, 'and found by a command of the same user')
  t.equal(command.output(), '{"accounts":[],"next_cursor":null}\n')
  t.equal(statSync(tokenFileIn(folder, address)).mode & 0o777, 0o600)
  server.child.kill('SIGTERM')
  await server.exitCode
  t.match(
    server.errors(),
    new RegExp('^ADMIN_TOKEN is not set\\. Until the next start it is [\\w-]{32}\n' +
      'Next, in another terminal: npx stip-sandbox balances show --url http:\\S+\n$')
  )
  t.notOk(existsSync(tokenFileIn(folder, address)), 'it is gone with the service')
})

t.test('a service whose token cannot be kept runs all the same', async (t) => {
  const folder = makeFolder(t)
  writeFileSync(join(folder, 'file'), '')
  const server = runCommand(t, folder, ['serve'], { PORT: '0', ADMIN_TOKEN: '', XDG_STATE_HOME: join(folder, 'file') })
  await server.waitFor(/"the admin token could not be kept where the command line finds it"/)
  await server.waitForError(/balances show/)
  server.child.kill('SIGTERM')
  t.equal(await server.exitCode, 0)
  t.match(server.errors(), /: ADMIN_TOKEN="[\w-]{32}" npx stip-sandbox balances show --url \S+\n$/)
})

t.test('the demo starts twice, and prints a call that works word for word', async (t) => {
  const folder = makeFolder(t)
  for (const start of ['first', 'second']) {
    const demo = runCommand(t, folder, ['demo'], { PORT: '0', ADMIN_TOKEN: '' })
    const [, address] = await demo.waitFor(/Documentation: (\S+)\/docs[^]*Stop with Ctrl\+C/)
    t.match(demo.output(), /^Admin token of this start: [\w-]{32}$/m)
    const curl = /^curl .*pws_update_balance.*$/m.exec(demo.output())?.[0] ?? ''
    const headers =
      Object.fromEntries([...curl.matchAll(/-H '([^:]+): ([^']+)'/g)].map(([, name, value]) => [name, value]))
    const body = /-d '([^']+)'/.exec(curl)?.[1] ?? ''
    const url = /curl -s (\S+)/.exec(curl)?.[1] ?? ''
    t.ok(url.startsWith(String(address)), start)
    const response = await fetch(url, { method: 'POST', headers: headers as Record<string, string>, body })
    t.match(await response.json(), {
      body: { total_failed: 0, results: [{ status: 'updated', account_id: '9007199254740993', actual: '200.00' }] }
    })
    const [, account = '', token] = /^curl -s (\S+) -H "Authorization: Bearer ([\w-]{32})"$/m.exec(demo.output()) ?? []
    t.match(await (await fetch(account, { headers: { authorization: `Bearer ${token}` } })).json(), {
      account_id: '9007199254740993'
    })
    demo.child.kill('SIGTERM')
    t.equal(await demo.exitCode, 0)
  }
  t.ok(existsSync(join(folder, 'data', 'demo.sqlite')))
})

t.test('a wrong setting ends the start with its name', async (t) => {
  const server = runCommand(t, makeFolder(t), ['serve'], { PORT: 'http' })
  t.equal(await server.exitCode, 1)
  t.equal(server.errors(), 'PORT must be a whole number from 0 to 65535\n')
})

t.test('a wrong scenario ends the start and loads nothing, and a right one in its place is loaded', async (t) => {
  const folder = makeFolder(t)
  const scenarioFile = join(folder, 'scenario.json')
  const environment = { PORT: '0', SCENARIO_FILE: scenarioFile, DATABASE_PATH: join(folder, 'own.sqlite') }
  writeFileSync(scenarioFile, '{}')
  t.same(await runHere(['serve'], { ...environment, LOG_LEVEL: 'silent' }), {
    exitCode: 1,
    printed: '',
    complained: `${scenarioFile}: clients is required\n`
  })
  writeFileSync(scenarioFile, JSON.stringify(SCENARIO))
  await runCommand(t, folder, ['serve'], environment).waitFor(/"scenario loaded"/)
})

t.test('a port that is taken ends the start with its number', async (t) => {
  const blocker = createServer().listen(0, '127.0.0.1')
  await once(blocker, 'listening')
  t.teardown(() => { blocker.close() })
  const { port } = blocker.address() as { port: number }
  const environment = { PORT: String(port), LOG_LEVEL: 'silent', DATABASE_PATH: join(makeFolder(t), 'own.sqlite') }
  t.match(await runHere(['serve'], environment), {
    exitCode: 1,
    complained: `Port ${port} of 127.0.0.1 is in use already (EADDRINUSE). Stop the program that listens there, or ` +
      'choose another port: set PORT, or use --port. 0 picks a free one\n'
  })
})

t.test('an error that nothing catches is logged before the process ends', async (t) => {
  const throwOnSignal = 'data:text/javascript,process.on("SIGUSR2",()=>{throw new Error("nothing catches this")})'
  const server = runCommand(t, makeFolder(t), ['serve'], { PORT: '0' }, [`--import=${throwOnSignal}`])
  await addressOf(server)
  server.child.kill('SIGUSR2')
  t.equal(await server.exitCode, 1)
  t.match(server.output(), /"message":"nothing catches this"[^]*"closing after an error that nothing caught"/)
})
