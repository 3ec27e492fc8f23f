import fc from 'fast-check'
import { isDeepStrictEqual } from 'node:util'
import type { NewAccount } from '../../../src/domain/new-account.js'
import { readScenario } from '../../../src/domain/scenario.js'
import type { SavedAccount } from '../../../src/domain/snapshot.js'
import type { BalanceUpdate } from '../../../src/store/port/balance-updates.js'
import type { SnapshotRecord, SnapshotStaging } from '../../../src/store/port/snapshots.js'
import type { Store } from '../../../src/store/port/store.js'
import { allOf } from '../../support/all-of.js'
import { currency, decimal } from '../../support/arbitraries.js'
import { holdsAsync } from '../../support/property.js'
import { NOW, SCENARIO } from '../../support/service.js'
import { makeUpdate } from '../../support/updates.js'
import { contract } from './engines.js'

const ALL = { from: undefined, limit: 100 }
const HEAD = { savedAt: NOW, coversAll: true }

/** Accounts beside those of the scenario, for more than one slice. */
function manyAccounts (count: number): NewAccount[] {
  return Array.from({ length: count }, (_, index) => ({
    clientId: 123,
    accountId: 5_000_000n + BigInt(index),
    currency: currency('404'),
    externalReference: undefined,
    balances: { actual: BigInt(index), blocked: 0n },
    cards: []
  }))
}

contract('a restore for one client leaves the accounts of all others, and neither counts nor names them', async (
  t, place
) => {
  const store = await place.open({ scenario: SCENARIO })
  for (const accountId of [1002n, 1003n]) await store.updateBalances(setOf(accountId, 9n))
  await store.updateBalances({ ...setOf(2001n, 9n), clientId: 456 })
  await store.deleteAccount(1004n, false)
  await store.createAccounts(manyAccounts(1), false)
  const other = await store.readAccount(2001n)
  const expected = { restored: 2, unchanged: 2, deleted: 1, replaced: 0, new: 1 }
  t.match(await store.restoreSnapshot('scenario', true, 123), expected)
  const report = await store.restoreSnapshot('scenario', false, 123)
  t.match(report, expected)
  t.match(report?.exceptions, [
    { accountId: 1004n, difference: 'deleted' }, { accountId: 5_000_000n, difference: 'new' }
  ])
  t.same(await store.readAccount(2001n), other)
  t.match(await store.readAccount(1002n), { balances: { actual: 0n } })
  t.match(await store.restoreSnapshot('scenario', false, 456), { restored: 1, unchanged: 0, deleted: 0, new: 0 })
  t.match(await store.readAccount(2001n), { balances: { actual: 300n } })
  t.same(await faultsOf(store, 2001n), [])
})

function saved (accountId: bigint, more: Partial<SavedAccount> = {}): SavedAccount {
  return { accountId, clientId: 123, currency: currency('840'), balances: { actual: 0n, blocked: 0n }, ...more }
}

function setOf (accountId: bigint, actual: bigint, blocked = 0n): BalanceUpdate {
  const account = SCENARIO.accounts?.find((candidate) => candidate.account_id === accountId.toString())
  return makeUpdate(0, {
    source: 'sandbox',
    identity: undefined,
    items: [{
      inputType: 'account',
      inputId: accountId,
      currency:
        `${account?.currency}`,
      actual: decimal(`${actual}`),
      blocked: decimal(`${blocked}`)
    }]
  })
}

async function balancesOf (store: Store): Promise<unknown> {
  const { items } = await store.listAccounts(
    { clientId: undefined, currency: undefined, externalReference: undefined, token: undefined }, ALL)
  return items.map(({ accountId, balances }) => ({ accountId, balances }))
}

/** Names what is wrong with the history of an account: each change must begin where the one before it ended. */
async function faultsOf (store: Store, accountId: bigint): Promise<string[]> {
  const history = await store.readHistory(accountId, ALL)
  if (typeof history === 'string') return [history]
  const changes = history.items
  const now = (await store.readAccount(accountId))?.balances
  const ends = changes.slice(1).map(({ next }) => next)
  return [
    ...isDeepStrictEqual(changes[0]?.next, now) ? [] : ['the newest change is not what the account has'],
    ...changes.flatMap(({ previous }, index) =>
      isDeepStrictEqual(previous, ends[index]) ? [] : [`change ${index} does not begin where the next older one ended`])
  ]
}

const change = fc.record({
  accountId: fc.constantFrom(1002n, 1003n, 1004n, 9007199254740992n, 9007199254740993n),
  actual: fc.bigInt({ min: -3n, max: 3n }),
  blocked: fc.bigInt({ min: 0n, max: 2n })
})

contract('whatever happens after a save, a restore gives exactly the saved balances, and every history stays a chain',
  async (
    t, place
  ) => {
    const store = await place.open({ scenario: SCENARIO })
    let name = ''
    const someChanges = fc.array(change, { maxLength: 6 })
    await holdsAsync(t, fc.asyncProperty(someChanges, someChanges, async (before, after) => {
      for (const { accountId, actual, blocked } of before) await store.updateBalances(setOf(accountId, actual, blocked))
      name += 'x'
      await store.saveSnapshot(name, undefined)
      const kept = await balancesOf(store)
      for (const { accountId, actual, blocked } of after) await store.updateBalances(setOf(accountId, actual, blocked))

      const differences = await store.listDifferences(name, ALL)
      const rehearsed = await store.restoreSnapshot(name, true)
      const untouched = await store.listDifferences(name, ALL)
      const report = await store.restoreSnapshot(name, false)
      t.same(untouched, differences)
      t.same(report, rehearsed)
      t.equal(report?.restored, differences?.items.length)
      t.equal(Number(report?.restored) + Number(report?.unchanged), 6)
      t.same(await balancesOf(store), kept)
      t.same(await store.listDifferences(name, ALL), { items: [], next: undefined })
      t.match(await store.restoreSnapshot(name, false), { restored: 0, unchanged: 6 })
      return (await Promise.all([1002n, 1003n, 9007199254740993n].map(async (id) =>
        await faultsOf(store, id)))).flat().length === 0
    }), { numRuns: 15 })
  })

contract('a snapshot of very many accounts has all of them, each once, and a restore sets all of them back', async (
  t, place
) => {
  const store = await place.open({ scenario: SCENARIO })
  await store.createAccounts(manyAccounts(2500), false)
  const outcome = await store.saveSnapshot('many', undefined)
  t.match(outcome, { kind: 'saved', snapshot: { name: 'many', coversAll: true, accountCount: 2506, savedAt: NOW } })
  const slices = await allOf(store.readSnapshot('many'))
  t.ok(slices.length > 1)
  t.same([...new Set(slices.map(({ snapshot }) => snapshot.name))], ['many'])
  const accounts = slices.flatMap((slice) => slice.accounts)
  t.equal(new Set(accounts.map(({ accountId }) => accountId)).size, 2506)
  t.match(accounts.filter(({ accountId }) => accountId >= 5_000_000n && accountId < 6_000_000n).at(-1), {
    accountId: 5_002_499n,
    balances: { actual: 2499n }
  })

  await store.updateBalances(makeUpdate(0, {
    identity: undefined,
    items: [0n, 1999n, 2000n, 2499n].map((index) => ({
      inputType: 'account', inputId: 5_000_000n + index, currency: '404', actual: decimal('-7'), blocked: decimal('0')
    }))
  }))
  t.match(await store.listDifferences('many', { from: undefined, limit: 3 }), {
    items: { length: 3 },
    next: 5_002_499n
  })
  t.match(await store.listDifferences('many', { from: 5_002_499n, limit: 3 }), {
    items: [{ accountId: 5_002_499n }],
    next: undefined
  })
  t.match(await store.restoreSnapshot('many', false), { restored: 4, unchanged: 2502 })
  t.same(await faultsOf(store, 5_001_999n), [])
  t.equal(await store.deleteSnapshot('many'), true)
  t.same(await allOf(store.readSnapshot('many')), [])
  t.same(await place.verify(store), [])
})

contract('a snapshot is as of one moment: an update during its saving is all of it in it or not at all', async (
  t, place
) => {
  const store = await place.open({ scenario: SCENARIO })
  await store.createAccounts(manyAccounts(3000), false)
  const items = [5_000_000n, 5_002_999n].map((inputId) =>
    ({ inputType: 'account' as const, inputId, currency: '404', actual: decimal('-9'), blocked: decimal('0') }))
  const progress = { isSaved: false }
  const saving = store.saveSnapshot('during', undefined).then(() => { progress.isSaved = true })
  let updates = 0
  for (; !progress.isSaved; updates += 1) await store.updateBalances(makeUpdate(0, { identity: undefined, items }))
  await saving
  t.ok(updates > 1, 'updates were served meanwhile')
  const accounts = (await allOf(store.readSnapshot('during'))).flatMap((slice) => slice.accounts)
  const actualOf = (wanted: bigint): bigint | undefined =>
    accounts.find(({ accountId }) => accountId === wanted)?.balances.actual
  t.equal(actualOf(5_000_000n) === -900n, actualOf(5_002_999n) === -900n)
})

contract('an account that was made again under a number is another account', async (t, place) => {
  const store = await place.open({ scenario: SCENARIO })
  const [, , dollars] = readScenario(SCENARIO).accounts
  await store.saveSnapshot('before', undefined)
  await store.deleteAccount(1002n, false)
  await store.createAccounts([{ ...dollars as NewAccount, balances: { actual: 5n, blocked: 0n } }], false)
  t.match(await store.listDifferences('before', ALL), {
    items: [{ accountId: 1002n, difference: 'replaced', now: { balances: { actual: 5n } } }]
  })
  t.match(await store.restoreSnapshot('before', false), {
    restored: 0,
    replaced: 1,
    unchanged: 5,
    exceptions: [{ accountId: 1002n, difference: 'replaced' }]
  })
  t.match(await store.readAccount(1002n), { balances: { actual: 5n } })
})

contract('of an uploaded snapshot, the client and the currency tell whether it is the same account', async (
  t, place
) => {
  const store = await place.open({ scenario: SCENARIO })
  await store.deleteAccount(1002n, false)
  await store.createAccounts(readScenario(SCENARIO).accounts.slice(2, 3), false)
  const staging = await store.stageSnapshot('uploaded') as SnapshotStaging
  await staging.add([
    saved(1002n, { balances: { actual: 7n, blocked: 1n } }),
    saved(1003n),
    saved(2001n, { currency: currency('404') }),
    saved(77n)
  ])
  t.match(await staging.finish({ savedAt: NOW, coversAll: false }), {
    name: 'uploaded',
    accountCount: 4,
    coversAll: false
  })
  t.match(await store.restoreSnapshot('uploaded', false), {
    restored: 1,
    unchanged: 0,
    deleted: 1,
    replaced: 2,
    new: 0,
    exceptions: [
      { accountId: 77n },
      { accountId: 1003n },
      { accountId: 2001n }
    ]
  })
  t.match(await store.readAccount(1002n), { balances: { actual: 7n, blocked: 1n } })
})

contract('nobody sees a snapshot before it is whole, and an account stands in it once', async (t, place) => {
  const store = await place.open({ scenario: SCENARIO })
  const staging = await store.stageSnapshot('later') as SnapshotStaging
  t.same(await staging.add([saved(1n), saved(2n)]), [])
  t.same(await staging.add([saved(3n), saved(2n, { clientId: 456 }), saved(3n)]), [1, 2])
  t.equal(await store.findSnapshot('later'), undefined)
  t.same((await store.listSnapshots(ALL)).items.map(({ name }) => name), ['scenario'])
  t.same(await allOf(store.readSnapshot('later')), [])
  t.equal(await store.listDifferences('later', ALL), undefined)
  t.equal(await store.restoreSnapshot('later', false), undefined)
  t.equal(await store.deleteSnapshot('later'), false)
  t.match(await staging.finish(HEAD), { name: 'later', accountCount: 3 })
  const [slice] = await allOf(store.readSnapshot('later'))
  t.match(slice?.accounts, [{ accountId: 1n }, { accountId: 2n, clientId: 123 }, { accountId: 3n }])
})

contract('a name is given once, also when two take it at the same time', async (t, place) => {
  const store = await place.open({ scenario: SCENARIO })
  const staging = await store.stageSnapshot('wanted') as SnapshotStaging
  await staging.add([saved(1n)])
  t.match(await store.saveSnapshot('wanted', [1002n]), { kind: 'saved' })
  t.equal(await staging.finish(HEAD), undefined)
  await staging.discard()
  t.equal(await store.stageSnapshot('wanted'), undefined)
  t.same(await store.saveSnapshot('wanted', undefined), { kind: 'name-taken' })
  t.same(await store.saveSnapshot('wanted', [1002n]), { kind: 'name-taken' })
  t.match(await store.findSnapshot('wanted'), { accountCount: 1 })
  const outcomes = await Promise.all([store.saveSnapshot('both', undefined), store.saveSnapshot('both', undefined)])
  t.same(outcomes.map(({ kind }) => kind).sort(), ['name-taken', 'saved'])
  t.equal((await store.listSnapshots(ALL)).items.filter(({ name }) => name === 'both').length, 1)
})

contract('a snapshot whose parts were taken away while it was made is not shown', async (t, place) => {
  const store = await place.open({ scenario: SCENARIO })
  const staging = await store.stageSnapshot('gone') as SnapshotStaging
  await staging.discard()
  await t.rejects(staging.finish(HEAD), { message: 'the snapshot gone was removed while it was made' })
  t.equal(await store.findSnapshot('gone'), undefined)
})

contract('a snapshot\'s number is never given anew, and its name may be', async (t, place) => {
  const store = await place.open({ scenario: SCENARIO })
  await store.createAccounts(manyAccounts(2500), false)
  await store.saveSnapshot('first', undefined)
  const first = await store.findSnapshot('first')
  t.equal(await store.deleteSnapshot('first'), true)
  t.equal(await store.deleteSnapshot('first'), false)
  const outcome = await store.saveSnapshot('first', [1002n]) as { snapshot: SnapshotRecord }
  t.not(outcome.snapshot.snapshotId, first?.snapshotId)
  const [slice] = await allOf(store.readSnapshot('first'))
  t.match(slice?.accounts, [{ accountId: 1002n }])
})

contract('a reader of a snapshot sees all of it, also when it is deleted meanwhile', async (t, place) => {
  const store = await place.open({ scenario: SCENARIO })
  await store.createAccounts(manyAccounts(2500), false)
  await store.saveSnapshot('read', undefined)
  let accounts = 0
  for await (const slice of store.readSnapshot('read')) {
    accounts += slice.accounts.length
    await store.deleteSnapshot('read')
  }
  t.equal(accounts, 2506)
})

contract('chosen accounts that are not there are named, and nothing is saved', async (t, place) => {
  const store = await place.open({ scenario: SCENARIO })
  t.same(await store.saveSnapshot('some', [1002n, 77n, 1003n, 88n]), { kind: 'accounts-unknown', indexes: [1, 3] })
  t.equal(await store.findSnapshot('some'), undefined)
})

contract('an account outside a choice is not new, and the greatest number is compared, too', async (t, place) => {
  const store = await place.open({ scenario: SCENARIO })
  const greatest = 2n ** 63n - 1n
  await store.createAccounts([...manyAccounts(1), { ...manyAccounts(1)[0] as NewAccount, accountId: greatest }], false)
  await store.saveSnapshot('one', [greatest])
  t.same(await store.listDifferences('one', ALL), { items: [], next: undefined })
  await store.deleteAccount(greatest, false)
  t.match(await store.listDifferences('one', ALL), {
    items: [{ accountId: greatest, difference: 'deleted', now: undefined }],
    next: undefined
  })
  t.match(await store.listDifferences('scenario', ALL), {
    items: [{ accountId: 5_000_000n, difference: 'new', saved: undefined }]
  })
})

contract('an account that was made again is another one for a snapshot, also when the past of the first was pruned',
  async (
    t, place
  ) => {
    let now = NOW
    const store = await place.open({ scenario: SCENARIO, clock: () => now })
    await store.deleteAccount(1002n, false)
    now = new Date(NOW.getTime() + 1000)
    t.match(await store.prune(now.getTime(), false), { deletedAccounts: 1 })
    await store.createAccounts(readScenario(SCENARIO).accounts.filter(({ accountId }) => accountId === 1002n), false)
    t.match(await store.restoreSnapshot('scenario', false), { restored: 0, unchanged: 5, replaced: 1 })
  })
