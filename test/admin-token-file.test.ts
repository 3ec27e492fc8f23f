import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { adminTokenFile, keepAdminToken, readAdminToken, removeAdminToken } from '../src/admin-token-file.js'
import { makeFolder } from './support/folder.js'

t.test('a token is kept so that only the user can read it', async (t) => {
  const file = adminTokenFile(join(makeFolder(t), 'state'), 3000)
  keepAdminToken(file, 'secret')
  t.equal(readAdminToken(file), 'secret')
  t.equal(statSync(file).mode & 0o777, 0o600)
  t.equal(statSync(dirname(file)).mode & 0o777, 0o700)
})

t.test('a file that is left over is replaced, and its mode with it', async (t) => {
  const file = adminTokenFile(makeFolder(t), 3000)
  writeFileSync(file, 'of a service that was killed')
  chmodSync(file, 0o666)
  keepAdminToken(file, 'secret')
  t.equal(readFileSync(file, 'utf8'), 'secret')
  t.equal(statSync(file).mode & 0o777, 0o600)
})

t.test('a service removes its own token and no other', async (t) => {
  const file = adminTokenFile(makeFolder(t), 3000)
  keepAdminToken(file, 'secret')
  removeAdminToken(file, 'other')
  t.ok(existsSync(file))
  removeAdminToken(file, 'secret')
  t.notOk(existsSync(file))
  removeAdminToken(file, 'secret')
  t.equal(readAdminToken(file), undefined)
})
