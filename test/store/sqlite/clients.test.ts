import { join } from 'node:path'
import t, { type Test } from 'tap'
import { hashApiKey } from '../../../src/domain/api-key.js'
import { openSqliteStore } from '../../../src/store/sqlite/store.js'
import type { Store } from '../../../src/store/store.js'
import { execute } from '../../support/database.js'
import { makeFolder } from '../../support/folder.js'
import { NOW } from '../../support/service.js'

const [FIRST, SECOND] = [hashApiKey('first'), hashApiKey('second')]

/** A store with one client, whose key is the first one. */
async function makeStore (t: Test): Promise<{ store: Store, path: string }> {
  const path = join(makeFolder(t), 'test.sqlite')
  const store = openSqliteStore({ path, pivotCurrency: '840', clock: () => NOW })
  t.teardown(async () => { await store.close() })
  await store.createClient({ clientId: 1, name: 'First Bank', keyHash: FIRST })
  return { store, path }
}

t.test('a key that was replaced or revoked is unknown at once, also to those who come in the same turn of the event loop', async (t) => {
  const { store } = await makeStore(t)
  const find = async (keyHash: Buffer): Promise<unknown> => await store.findClientByKey('paymentology', keyHash)
  const replace = async (keyHash: Buffer | undefined): Promise<unknown> => await store.replaceKey(1, 'paymentology', keyHash)
  t.match(await Promise.all([find(FIRST), find(SECOND), replace(SECOND), find(FIRST), find(SECOND), replace(undefined), find(SECOND)]), [1, undefined, {}, undefined, 1, {}, undefined])
})

t.test('what another process has done to a key is seen from the next turn of the event loop on', async (t) => {
  const { store, path } = await makeStore(t)
  const find = async (): Promise<unknown> => await store.findClientByKey('paymentology', FIRST)
  t.equal(await find(), 1)
  execute(path, 'DELETE FROM api_keys')
  t.equal(await find(), 1, 'both have come at the same time')
  await new Promise(setImmediate)
  t.equal(await find(), undefined)
})

t.test('a key that was found opens nothing of the other kind', async (t) => {
  const { store } = await makeStore(t)
  t.same(await Promise.all([store.findClientByKey('paymentology', FIRST), store.findClientByKey('amlyze', FIRST)]), [1, undefined])
})
