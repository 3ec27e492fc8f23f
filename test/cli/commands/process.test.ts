import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createServer as createTcpServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { isRunning } from '../../../src/cli/connection.js'
import { detachedFile, serveDetached, type DetachedService } from '../../../src/cli/detach.js'
import { makeFolder, type Test } from '../../support/folder.js'
import { findPort } from '../../support/ports.js'
import { runCommand } from '../../support/process.js'
import { runHere } from '../../support/terminal.js'

t.test('a detached service runs on by itself until it is stopped', async (t) => {
  const folder = makeFolder(t)
  const log = join(folder, 'own.log')
  writeFileSync(log, 'what was there\n')
  const start = runCommand(t, folder, ['serve', '--detach', '--log-file', log], {
    PORT: '0', DATABASE_PATH: 'own.sqlite', ADMIN_TOKEN: ''
  })
  t.equal(await start.exitCode, 0, start.errors())
  const [, url = '', pid = '', tokenFile = ''] =
    /^Address: (\S+)\nProcess: (\d+)\nAdmin token: (\S+)\nLog: (\S+)\n$/.exec(start.output()) ?? []
  t.teardown(() => { if (isRunning(Number(pid))) process.kill(Number(pid), 'SIGKILL') })
  t.match(readFileSync(tokenFile, 'utf8'), `"pid":${pid}`)
  t.match(readFileSync(log, 'utf8'), /^what was there\n\{.*listening on /s)
  const { token } = JSON.parse(readFileSync(tokenFile, 'utf8')) as { token: string }
  t.notMatch(readFileSync(log, 'utf8'), token)
  t.notMatch(readFileSync(log, 'utf8'), 'ADMIN_TOKEN')
  t.equal(statSync(log).mode & 0o777, 0o600, 'a log that others could read')
  const environment = { STIP_SANDBOX_URL: url, XDG_STATE_HOME: folder }
  const ready = { exitCode: 0, printed: `${url} is ready\n` }
  t.match(await runHere(['status'], environment), ready)
  t.match(await runHere(['wait'], environment), ready)
  const shown = await runHere(['balances', 'show', '--json'], environment)
  t.match(shown, { exitCode: 0, printed: /accounts/ }, 'its token is found')
  t.match(await runHere(['stop', '--timeout', 'x'], environment), { exitCode: 2, complained: /seconds.*not x/ })
  if (!isRunning(Number(pid))) t.fail('a wrong command line stops nothing')
  t.match(await runHere(['stop'], environment), { exitCode: 0, printed: `${url} is stopped\n` })
  t.notOk(isRunning(Number(pid)))
  t.match(await runHere(['stop'], environment), { exitCode: 1, complained: /No service of this user at http:.*detach/ })
  t.match(await runHere(['status'], environment), {
    exitCode: 3, complained: /is not ready: nobody answers \(ECONNREFUSED\)/
  })
  t.match(await runHere(['wait', '--timeout', '0'], environment), {
    exitCode: 3, complained: /not ready in time: nobody/
  })
})

t.test('a detached service with a given admin token keeps it nowhere', async (t) => {
  const folder = makeFolder(t)
  const token = 'given-token-of-a-test'
  const start = runCommand(t, folder, ['serve', '--detach'], {
    PORT: '0', DATABASE_PATH: 'own.sqlite', ADMIN_TOKEN: token
  })
  t.equal(await start.exitCode, 0, start.errors())
  const [, url = '', pid] = /^Address: (\S+)\nProcess: (\d+)\nLog: \S+\n$/.exec(start.output()) ?? []
  t.teardown(() => { if (isRunning(Number(pid))) process.kill(Number(pid), 'SIGKILL') })
  t.notMatch(readFileSync(join(folder, 'stip-sandbox.log'), 'utf8'), token)
  t.match(await runHere(['stop', '--url', url], { XDG_STATE_HOME: folder }), { exitCode: 0, printed: /is stopped/ })
})

t.test('a detached service that cannot start says why', async (t) => {
  const folder = makeFolder(t)
  const start = runCommand(t, folder, ['serve', '--detach'], { PORT: '0', SCENARIO_FILE: 'none.json' })
  t.equal(await start.exitCode, 1)
  t.match(start.errors(), /^The service did not start\. It said in stip-sandbox\.log:\n[^]*none\.json cannot be read/)
})

t.test('a detached service that cannot be kept is ended', async (t) => {
  const folder = makeFolder(t)
  mkdirSync(join(folder, 'stip-sandbox'))
  chmodSync(join(folder, 'stip-sandbox'), 0o777)
  const start = runCommand(t, folder, ['serve', '--detach'], {
    PORT: '0', DATABASE_PATH: 'own.sqlite', ADMIN_TOKEN: ''
  })
  t.equal(await start.exitCode, 1)
  t.match(start.errors(), /^The service is ended again: it cannot keep its admin token in .*stip-sandbox\. Make /)
  const [, pid] = /"pid":(\d+)/.exec(readFileSync(join(folder, 'stip-sandbox.log'), 'utf8')) ?? []
  t.notOk(isRunning(Number(pid)))
})

t.test('a detached service does not start where its state cannot be kept, and a device keeps its mode', async (t) => {
  const folder = makeFolder(t)
  writeFileSync(join(folder, 'file'), '')
  const config = { stateFolder: join(folder, 'file', 'state'), adminToken: undefined }
  await t.rejects(serveDetached(config, {}, join(folder, 'log')), { code: 'ENOTDIR' })
  t.throws(() => statSync(join(folder, 'log')), { code: 'ENOENT' })
  const { mode } = statSync('/dev/null')
  await t.rejects(serveDetached({ ...config, stateFolder: folder }, { PORT: 'x' }, '/dev/null'), /did not start/)
  t.equal(statSync('/dev/null').mode, mode)
})

/** Keeps a service as `serve --detach` does. @returns the environment in which `stop` finds it */
function keepDetached (t: Test, service: DetachedService): { XDG_STATE_HOME: string, STIP_SANDBOX_URL: string } {
  const folder = makeFolder(t)
  mkdirSync(join(folder, 'stip-sandbox'))
  writeFileSync(
    detachedFile(join(folder, 'stip-sandbox'), new URL(service.address).port), JSON.stringify(service)
  )
  return { XDG_STATE_HOME: folder, STIP_SANDBOX_URL: service.address }
}

t.test('stop signals no process that has the number of the service, and says what answers there', async (t) => {
  const other = createServer((_request, response) => { response.end() }).listen(await findPort(), '127.0.0.1')
  await once(other, 'listening')
  const address = `http://127.0.0.1:${(other.address() as AddressInfo).port}`
  // The process of this test began at another time, and a signal would end it.
  for (const pid of [process.pid, 2 ** 22 + 1]) {
    const environment = keepDetached(t, { address, pid, begin: '1' })
    const complained = /^The detached service at http:\S+ \(process \d+\) had ended already\. Another program answers/
    t.match(await runHere(['stop'], environment), { exitCode: 1, printed: '', complained })
    t.match(await runHere(['stop'], environment), { exitCode: 1, complained: /^No service of this user/ })
  }
  other.close()
  const gone = await runHere(['stop'], keepDetached(t, { address, pid: process.pid, begin: '1' }))
  t.match(gone, { exitCode: 0, printed: /had ended already\n$/ })
})

t.test('a listener that says nothing holds up no command', async (t) => {
  const mute = createTcpServer().listen(0, '127.0.0.1')
  t.teardown(() => { mute.close() })
  await once(mute, 'listening')
  const address = `http://127.0.0.1:${(mute.address() as AddressInfo).port}`
  const silence = /no answer in \d+ ms/
  const waited = await runHere(['wait', '--timeout', '0', '--url', address])
  t.match(waited, { exitCode: 3, complained: silence })
  const doubtful = keepDetached(t, { address, pid: process.pid })
  t.match(await runHere(['stop', '--timeout', '0'], doubtful), { exitCode: 3, complained: silence })
})

t.test('an address that fetch refuses is told with its reason', async (t) => {
  const refused = [['http://127.0.0.1:1', /bad port/], ['http://a:b@127.0.0.1:3000', /credentials/]] as const
  for (const [url, reason] of refused) {
    t.match(await runHere(['status', '--url', url]), { exitCode: 3, complained: reason })
  }
})

t.test('stop leaves a process alone that may be another one', async (t) => {
  const folder = makeFolder(t)
  const port = await findPort()
  mkdirSync(join(folder, 'stip-sandbox'))
  const file = detachedFile(join(folder, 'stip-sandbox'), String(port))
  writeFileSync(file, JSON.stringify({ address: `http://127.0.0.1:${port}`, pid: process.pid }))
  const stop = await runHere(['stop', '--url', `http://127.0.0.1:${port}`], { XDG_STATE_HOME: folder })
  const complained = /^Process \d+ is not stopped, because it may be another one: at http.*nobody/
  t.match(stop, { exitCode: 3, complained })
})

t.test('status tells a service that answers and is not ready, and stop one that does not end in time', async (t) => {
  const folder = makeFolder(t)
  const busy = createServer((_request, response) => { response.writeHead(503).end() }).listen(0, '127.0.0.1')
  t.teardown(() => { busy.close() })
  await once(busy, 'listening')
  const url = `http://127.0.0.1:${(busy.address() as AddressInfo).port}`
  t.match(await runHere(['status', '--url', url]), { exitCode: 3, complained: /the service answers 503/ })
  const stubborn = spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); ' +
    'http.createServer((_, r) => r.end()).listen(0, "127.0.0.1", function () { console.log(this.address().port) })'])
  t.teardown(() => { stubborn.kill('SIGKILL') })
  const [port] = await once(stubborn.stdout, 'data') as [Buffer]
  const file = detachedFile(join(folder, 'stip-sandbox'), String(port).trim())
  mkdirSync(join(folder, 'stip-sandbox'))
  const address = `http://127.0.0.1:${String(port).trim()}`
  writeFileSync(file, JSON.stringify({ address, pid: stubborn.pid }))
  const stop = await runHere(['stop', '--timeout', '0', '--url', address], { XDG_STATE_HOME: folder })
  t.match(stop, { exitCode: 3, complained: /^Process \d+ still runs\. Wait longer with --timeout\n$/ })
})
