import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { countOthers, placeOf } from '../../src/cli/look.js'
import { startSandbox } from '../../src/sandbox.js'
import { makeCertificate } from '../support/certificates.js'
import { makeFolder, type Test } from '../support/folder.js'
import { findPort } from '../support/ports.js'
import { runCommand } from '../support/process.js'
import { runHere } from '../support/terminal.js'

for (const [what, environment, url, certificate] of [
  ['nothing is set', {}, 'http://127.0.0.1:3000', 'any'],
  ['a setting is empty', { HOST: '', PORT: '', TLS_CERT: '', TLS_CLIENT_CA: 'ca' }, 'http://127.0.0.1:3000', 'any'],
  ['it listens everywhere', { HOST: '0.0.0.0', PORT: '8080' }, 'http://127.0.0.1:8080', 'any'],
  ['it listens everywhere on IPv6', { HOST: '::', PORT: '0' }, 'http://[::1]:3000', 'any'],
  ['it listens on one address', { HOST: '10.0.0.1' }, 'http://10.0.0.1:3000', 'any'],
  ['it has TLS', { TLS_CERT: 'c', TLS_KEY: 'k' }, 'https://127.0.0.1:3000', 'any'],
  ['it asks for certificates', { TLS_CERT: 'c', TLS_CLIENT_CA: 'ca' }, 'https://127.0.0.1:3000', 'mutual'],
  ['its address is set', { TLS_CERT: 'c', STIP_SANDBOX_URL: 'https://stip' }, 'https://stip', 'trusted']
] as const) {
  t.test(`the place of a service when ${what}`, async (t) => {
    const place = placeOf({}, environment)
    t.same({ ...place, url: place.url.origin }, { url, certificate })
  })
}

t.test('an address that was given is taken, and its certificate must be trusted', async (t) => {
  t.match(placeOf({ url: 'https://other:1' }, { PORT: '8080', TLS_CERT: 'c' }), { certificate: 'trusted' })
  t.throws(() => placeOf({ url: 'x' }, {}), /x is no address/)
})

/** Starts a service with a certificate that no authority knows. @returns the settings by which it is found */
async function startWithTls (t: Test, isMutual: boolean): Promise<Record<string, string>> {
  const folder = makeFolder(t)
  const authority = await makeCertificate(folder, 'authority', { isAuthority: true })
  const { certFile, keyFile } = await makeCertificate(folder, 'own', { issuer: authority })
  const settings = { TLS_CERT: certFile, TLS_KEY: keyFile, ...isMutual && { TLS_CLIENT_CA: authority.certFile } }
  const sandbox = await startSandbox({ settings })
  t.teardown(sandbox.close)
  return { ...settings, HOST: '0.0.0.0', PORT: new URL(sandbox.url).port, XDG_STATE_HOME: folder }
}

t.test('status and wait know the certificate of the service by its settings, and of no other address', async (t) => {
  const settings = await startWithTls(t, false)
  const url = `https://127.0.0.1:${settings['PORT']}`
  t.same(await runHere(['status'], settings), { exitCode: 0, printed: `${url} is ready\n`, complained: '' })
  t.match(await runHere(['wait'], settings), { exitCode: 0 })
  t.match(await runHere(['status', '--url', url], settings), { exitCode: 3, complained: /UNABLE_TO_VERIFY/ })
  t.match(await runHere(['status'], { PORT: String(settings['PORT']) }), { exitCode: 3 }, 'without TLS_CERT')
})

t.test('a service that asks for a client\'s certificate is up', async (t) => {
  const settings = await startWithTls(t, true)
  const up = /^https:\S+ is up, and asks for a client's certificate \(TLS_CLIENT_CA\)\. Only a client/
  t.match(await runHere(['status'], settings), { exitCode: 0, printed: up })
  t.match(await runHere(['wait'], settings), { exitCode: 0, printed: up })
})

t.test('what says nothing, or is not there, is not ready with TLS either', async (t) => {
  const mute = createServer().listen(await findPort(), '127.0.0.1')
  await once(mute, 'listening')
  const PORT = String((mute.address() as AddressInfo).port)
  const both = [{ PORT, TLS_CERT: 'c' }, { PORT, TLS_CERT: 'c', TLS_CLIENT_CA: 'ca' }]
  for (const settings of both) {
    t.match(await runHere(['wait', '--timeout', '0'], settings), { exitCode: 3, complained: /no answer in \d+ ms/ })
  }
  mute.close()
  for (const settings of both) {
    t.match(await runHere(['status'], settings), { exitCode: 3, complained: /nobody answers \(ECONNREFUSED\)/ })
  }
})

t.test('serve --detach and status tell that several processes have the database open', async (t) => {
  const folder = makeFolder(t)
  const database = join(folder, 'own.sqlite')
  const first = await startSandbox({ database })
  t.teardown(first.close)
  const start = runCommand(t, folder, ['serve', '--detach'], { PORT: '0', DATABASE_PATH: database, ADMIN_TOKEN: '' })
  t.equal(await start.exitCode, 0, start.errors())
  const warning = /^2 processes have this database open, and a SQLite file is meant for one\. Stop the others/m
  t.match(start.output(), warning)
  const [, second = ''] = /^Address: (\S+)$/m.exec(start.output()) ?? []
  t.match(await runHere(['status', '--url', first.url]), { exitCode: 0, printed: warning })
  t.match(await runHere(['stop', '--url', second], { XDG_STATE_HOME: folder }), { exitCode: 0 })
  t.same(await runHere(['status', '--url', first.url]), {
    exitCode: 0, printed: `${first.url} is ready\n`, complained: ''
  })
  t.equal(countOthers('<html>'), 0, 'another program')
})
