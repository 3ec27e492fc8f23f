import { homedir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { adminTokenFile, keepAdminToken, stateFolderOf } from '../../src/admin-token-file.js'
import { connectionOf } from '../../src/cli/connection.js'
import { makeFolder } from '../support/folder.js'

t.test('without anything the default address is meant', async (t) => {
  t.equal(connectionOf({}, { XDG_STATE_HOME: makeFolder(t), STIP_SANDBOX_URL: '' }).url.href, 'http://127.0.0.1:3000/')
})

t.test('an option wins over the environment', async (t) => {
  const environment = { STIP_SANDBOX_URL: 'https://b.example/stip', ADMIN_TOKEN: 'of-environment' }
  t.match(connectionOf({}, environment), { url: { href: 'https://b.example/stip' }, token: 'of-environment' })
  t.match(connectionOf({ url: 'http://a.example', token: 'of-option' }, environment), { url: { href: 'http://a.example/' }, token: 'of-option' })
})

t.test('a token that was made up is found for a service on this machine and for no other', async (t) => {
  const environment = { XDG_STATE_HOME: makeFolder(t) }
  for (const port of [80, 443, 3000]) keepAdminToken(adminTokenFile(stateFolderOf(environment), port), `of-${port}`)
  const tokenFor = (url: string): string | undefined => connectionOf({ url }, environment).token
  t.same(['http://127.0.0.1:3000', 'http://localhost:3000', 'http://[::1]:3000', 'http://127.1.2.3', 'https://localhost'].map(tokenFor), ['of-3000', 'of-3000', 'of-3000', 'of-80', 'of-443'])
  t.same(['http://127.0.0.1.example:3000', 'http://10.0.0.1:3000', 'http://[::2]:3000', 'http://127.0.0.1:3001'].map(tokenFor), [undefined, undefined, undefined, undefined])
  t.equal(connectionOf({}, { ...environment, ADMIN_TOKEN: 'given' }).token, 'given')
})

for (const url of ['127.0.0.1:3000', 'localhost', 'ftp://localhost', 'http://']) {
  t.test(`${url} is refused as an address`, async (t) => {
    t.throws(() => connectionOf({ url }, {}), { exitCode: 2, message: `${url} is no address of a service: it must be such as http://127.0.0.1:3000` })
  })
}

for (const token of ['', 'secret\n', 'two words', 'schlüssel']) {
  t.test(`${JSON.stringify(token)} is refused as a token, before a header is made of it`, async (t) => {
    t.throws(() => connectionOf({ token }, {}), { exitCode: 2, message: /^The admin token must be 1 to 200 visible ASCII characters without spaces/ })
  })
}

t.test('the folder is the one of the XDG base directories', async (t) => {
  t.equal(stateFolderOf({ XDG_STATE_HOME: '/x' }), '/x/stip-sandbox')
  const usual = join(homedir(), '.local', 'state', 'stip-sandbox')
  t.same([stateFolderOf({}), stateFolderOf({ XDG_STATE_HOME: '' }), stateFolderOf({ XDG_STATE_HOME: 'relative' })], [usual, usual, usual])
})
