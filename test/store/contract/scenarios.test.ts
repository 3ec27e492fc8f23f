import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import type { ScenarioDocument } from '../../../schemas/scenario.js'
import { hashApiKey } from '../../../src/domain/api-key.js'
import { compareRules } from '../../../src/domain/rule-evaluation.js'
import { readScenario, writeScenario, type Scenario, type StoredScenario } from '../../../src/domain/scenario.js'
import type { Store } from '../../../src/store/port/store.js'
import { allOf } from '../../support/all-of.js'
import { holdsAsync } from '../../support/property.js'
import { anyScenario } from '../../support/scenarios.js'
import { SCENARIO } from '../../support/service.js'
import { makeUpdate } from '../../support/updates.js'
import { contract } from './engines.js'

/** Puts the parts of an export together. */
async function exported (store: Store): Promise<StoredScenario> {
  const parts = await allOf(store.exportScenario())
  return {
    clients: parts.flatMap(({ clients }) => clients),
    accounts: parts.flatMap(({ accounts }) => accounts),
    rates: parts.flatMap(({ rates }) => rates),
    rules: parts.flatMap(({ rules }) => rules)
  }
}

/** The order in which a database gives back what it holds. */
function sorted ({ clients, accounts, rates, rules }: StoredScenario): StoredScenario {
  const pair = ({ base, quote }: { base: string, quote: string }): string => base + quote
  return {
    clients: clients.toSorted((left, right) => left.clientId - right.clientId),
    accounts: accounts.toSorted((left, right) => left.accountId < right.accountId ? -1 : 1),
    rates: rates.toSorted((left, right) =>
      pair(left).localeCompare(pair(right)) || right.effectiveAtMs - left.effectiveAtMs),
    rules: rules.toSorted((left, right) => left.clientId - right.clientId || compareRules(left, right))
  }
}

/** Clients, accounts, rates and rules, so many of each that they take several slices. */
function largeScenario (count: number): ScenarioDocument {
  const numbers = Array.from({ length: count }, (_, index) => index + 1)
  return {
    clients: numbers.map((number) => ({ client_id: number, name: `Client ${number}`, api_key: `key-${number}` })),
    accounts: numbers.map((number) => ({
      client_id: number,
      account_id: String(1000 +
        number),
      currency: '404',
      actual_balance: `${number}.00`,
      blocked_balance: '0.00',
      tokens: [String(number)]
    })),
    rates: numbers.map((number) => ({
      base: '840',
      quote: '404',
      rate: String(number),
      effective_at: new Date(number).toISOString()
    })),
    rules: numbers.map((number) => ({ rule_id: `rule-${number}`, client_id: number }))
  }
}

/** More than one slice takes. */
const COUNT = 510

/** More than two slices take. */
const SLICES_COUNT = 1100

contract('an export that is loaded into an empty database gives the same state, and every key still works', async (
  t, place
) => {
  await holdsAsync(t, fc.asyncProperty(anyScenario, async (document) => {
    const [source, target] = [await place.openAnother(), await place.openAnother()]
    try {
      const scenario = readScenario(document)
      await source.loadScenario(scenario, false)
      const copy = writeScenario(await exported(source))
      if (!isDeepStrictEqual(copy, writeScenario(sorted(scenario as StoredScenario)))) return false
      await target.loadScenario(readScenario(copy), false)
      if (!isDeepStrictEqual(await exported(target), await exported(source))) return false
      for (const { client_id: clientId, ...keys } of document.clients) {
        const [hasKey, hasToken] = [/"api_key/, /"amlyze_token/].map((name) => name.test(JSON.stringify(keys)))
        if (
          await target.findClientByKey('paymentology', hashApiKey(`key-${clientId}`)) !== (hasKey
            ? clientId
            : undefined)
        ) {
          return false
        }
        if (
          await target.findClientByKey('amlyze', hashApiKey(`token-${clientId}`)) !== (hasToken ? clientId : undefined)
        ) {
          return false
        }
      }
      return true
    } finally {
      await source.close()
      await target.close()
    }
  }), { numRuns: place.runs(20) })
})

contract('a large scenario is loaded and exported in parts, and nothing is left out', async (t, place) => {
  const store = await place.open({ scenario: largeScenario(SLICES_COUNT) })
  const parts = await allOf(store.exportScenario())
  t.ok(parts.every((part) => [part.clients, part.accounts, part.rates, part.rules].flat().length < SLICES_COUNT))
  const wanted = sorted(readScenario(largeScenario(SLICES_COUNT)) as StoredScenario)
  t.same(writeScenario(await exported(store)), writeScenario(wanted))
  t.match(await store.restoreSnapshot('scenario', false), { unchanged: SLICES_COUNT, new: 0, deleted: 0 })
})

contract('an export is as of one moment, whatever happens while it is read', async (t, place) => {
  const store = await place.open({ scenario: largeScenario(COUNT) })
  const before = await exported(store)
  const accounts = []
  for await (const part of store.exportScenario()) {
    accounts.push(...part.accounts)
    await store.updateBalances(makeUpdate(0, {
      clientId: COUNT,
      items: [{ ...makeUpdate(-1).items[0], inputId: 1000n + BigInt(COUNT), currency: '404' } as never]
    }))
  }
  t.same(accounts, before.accounts)
  t.notSame((await exported(store)).accounts, before.accounts)
})

contract('a database is empty as long as there is neither a client nor a rate, and its scenario is the last one ' +
  'loaded', async (t, place) => {
  const store = await place.open()
  t.same(await store.loadScenario(readScenario({ clients: [] }), false), { kind: 'loaded' })
  t.equal(await store.countContent(), undefined)
  t.same(await store.loadScenario(readScenario(SCENARIO), true), { kind: 'loaded' })
  t.equal(await store.countContent(), undefined, 'a dry run leaves it empty')
  t.same(await store.loadScenario(readScenario(SCENARIO), false), { kind: 'loaded' })
  const content = { clients: 2, accounts: 6, rates: 2 }
  t.same(await store.countContent(), content)
  t.same(await store.loadScenario(readScenario({ clients: [] }), false), { kind: 'not-empty', content })
  t.match(await store.restoreSnapshot('scenario', false), { unchanged: 6, new: 0 })
})

contract('rates alone make a database one that is not empty', async (t, place) => {
  const store = await place.open()
  await store.loadScenario(readScenario({ clients: [], rates: [{ base: '840', quote: '404', rate: '1' }] }), false)
  t.same(await store.loadScenario(readScenario({ clients: [] }), false), {
    kind: 'not-empty',
    content: { clients: 0, accounts: 0, rates: 1 }
  })
})

contract('while a scenario is loaded others read what was before it', async (t, place) => {
  const store = await place.open()
  const progress = { isLoaded: false }
  const loading = store.loadScenario(readScenario(largeScenario(COUNT)), false).then(() => { progress.isLoaded = true })
  const seen: Array<number | undefined> = []
  while (!progress.isLoaded) {
    seen.push((await store.countContent())?.clients)
    await new Promise(setImmediate)
  }
  await loading
  t.ok(seen.filter((clients) => clients === undefined).length > 1, 'reads were served meanwhile')
  t.same(
    seen.filter((clients) => clients !== undefined && clients < COUNT), [], 'nothing of it was seen before all of it'
  )
})

contract('a scenario that cannot be written to its end leaves nothing behind', async (t, place) => {
  const store = await place.open()
  const { accounts, ...others } = readScenario(largeScenario(COUNT))
  const broken: Scenario = {
    ...others,
    accounts: accounts.map((account, index) => index === COUNT - 1 ? { ...account, clientId: COUNT + 1 } : account)
  }
  await t.rejects(store.loadScenario(broken, false))
  t.equal(await store.countContent(), undefined)
  t.equal(await store.findSnapshot('scenario'), undefined)
  t.same(await store.loadScenario(readScenario(SCENARIO), false), { kind: 'loaded' })
})
