import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import { hashApiKey } from '../../../src/domain/api-key.js'
import { readScenario, writeScenario, type StoredScenario } from '../../../src/domain/scenario.js'
import { openSqliteStore } from '../../../src/store/sqlite/store.js'
import type { Store } from '../../../src/store/store.js'
import { makeFolder } from '../../support/folder.js'
import { holdsAsync } from '../../support/property.js'
import { anyScenario } from '../../support/scenarios.js'
import { NOW, SCENARIO } from '../../support/service.js'

const folder = makeFolder(t)
let opened = 0
const openStore = (): Store => openSqliteStore({ path: join(folder, `${opened++}.sqlite`), pivotCurrency: '840', clock: () => NOW })

/** The order in which a database gives back what it holds. */
function sorted ({ clients, accounts, rates }: StoredScenario): StoredScenario {
  const pair = ({ base, quote }: { base: string, quote: string }): string => base + quote
  return {
    clients: clients.toSorted((left, right) => left.clientId - right.clientId),
    accounts: accounts.toSorted((left, right) => left.accountId < right.accountId ? -1 : 1),
    rates: rates.toSorted((left, right) => pair(left).localeCompare(pair(right)) || right.effectiveAtMs - left.effectiveAtMs)
  }
}

t.test('an export that is loaded into an empty database gives the same state, and every key still works', async (t) => {
  await holdsAsync(t, fc.asyncProperty(anyScenario, async (document) => {
    const [source, target] = [openStore(), openStore()]
    try {
      const scenario = readScenario(document)
      await source.loadScenario(scenario, false)
      const exported = writeScenario(await source.exportScenario())
      if (!isDeepStrictEqual(exported, writeScenario(sorted(scenario as StoredScenario)))) return false
      await target.loadScenario(readScenario(exported), false)
      if (!isDeepStrictEqual(await target.exportScenario(), await source.exportScenario())) return false
      for (const { client_id: clientId, ...keys } of document.clients) {
        const [hasKey, hasToken] = [/"api_key/, /"amlyze_token/].map((name) => name.test(JSON.stringify(keys)))
        if (await target.findClientByKey('paymentology', hashApiKey(`key-${clientId}`)) !== (hasKey ? clientId : undefined)) return false
        if (await target.findClientByKey('amlyze', hashApiKey(`token-${clientId}`)) !== (hasToken ? clientId : undefined)) return false
      }
      return true
    } finally {
      await source.close()
      await target.close()
    }
  }), { numRuns: 40 })
})

t.test('a database is empty as long as there is neither a client nor a rate, and its scenario is the last one loaded', async (t) => {
  const store = openStore()
  t.teardown(async () => { await store.close() })
  t.same(await store.loadScenario(readScenario({ clients: [] }), false), { kind: 'loaded' })
  t.equal(await store.isEmpty(), true)
  t.same(await store.loadScenario(readScenario(SCENARIO), true), { kind: 'loaded' })
  t.equal(await store.isEmpty(), true, 'a dry run leaves it empty')
  t.same(await store.loadScenario(readScenario(SCENARIO), false), { kind: 'loaded' })
  t.equal(await store.isEmpty(), false)
  t.match(await store.restoreSnapshot('scenario', false), { unchanged: 6, new: 0 })
})

t.test('rates alone make a database one that is not empty', async (t) => {
  const store = openStore()
  t.teardown(async () => { await store.close() })
  await store.loadScenario(readScenario({ clients: [], rates: [{ base: '840', quote: '404', rate: '1' }] }), false)
  t.same(await store.loadScenario(readScenario({ clients: [] }), false), { kind: 'not-empty', clients: 0, accounts: 0, rates: 1 })
})
