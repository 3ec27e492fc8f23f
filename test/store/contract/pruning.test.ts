import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import type { NewAccount } from '../../../src/domain/new-account.js'
import type { ReportedBalance } from '../../../src/domain/reported-balance.js'
import type { AccountHistory } from '../../../src/store/port/history.js'
import type { Store } from '../../../src/store/port/store.js'
import { currency, decimal } from '../../support/arbitraries.js'
import { holdsAsync } from '../../support/property.js'
import { makeUpdate } from '../../support/updates.js'
import { contract, type Place } from './engines.js'

const BEGINNING_MS = Date.parse('2026-01-01T00:00:00Z')
const ACCOUNTS = [1n, 2n, 3n]
const HISTORY = { from: undefined, limit: 1000 }

function newAccount (accountId: bigint): NewAccount {
  const balances = { actual: 0n, blocked: 0n }
  return {
    accountId,
    clientId: 1,
    currency: currency('404'),
    externalReference: `ref-${accountId}`,
    balances,
    cards: []
  }
}

interface Timed {
  readonly store: Store
  /** Sets the clock, in milliseconds from the beginning on. */
  readonly at: (ms: number) => void
}

/** A store whose clock the test sets, with three accounts in it. */
async function makeTimed (open: Place['open']): Promise<Timed> {
  let ms = BEGINNING_MS
  const scenario = { clients: [{ client_id: 1, name: 'n' }], accounts: [], rates: [] }
  const store = await open({ clock: () => new Date(ms), scenario })
  await store.createAccounts(ACCOUNTS.map(newAccount), false)
  return { store, at: (offsetMs) => { ms = BEGINNING_MS + offsetMs } }
}

async function update (
  store: Store, accountIds: readonly bigint[], amount: number, identifier?: string
): Promise<string> {
  const { kind } = await store.updateBalances(makeUpdate(amount, {
    clientId: 1,
    identity: identifier === undefined ? undefined : { identifier, fingerprint: Buffer.from(String(amount)) },
    items: accountIds.map((inputId) => (
      { inputType: 'account', inputId, actual: decimal(String(amount)), blocked: decimal('0'), currency: '404' }
    )),
    answer: () => ({ body: '{}', preferenceApplied: undefined })
  }))
  return kind
}

async function historyOf (store: Store, accountId: bigint): Promise<AccountHistory['items']> {
  const history = await store.readHistory(accountId, HISTORY)
  return typeof history === 'string' ? [] : history.items
}

/** All that a prune may change of accounts, and all that it may not. */
async function readAccounts (store: Store): Promise<{
  accounts: unknown[]
  histories: Array<AccountHistory['items']>
}> {
  return {
    accounts: await Promise.all(ACCOUNTS.map(async (id) => await store.readAccount(id))),
    histories: await Promise.all(ACCOUNTS.map(async (id) => await historyOf(store, id)))
  }
}

const accountId = fc.constantFrom(...ACCOUNTS)
const identifier = fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined })
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('update' as const),
      afterMs: fc.nat(3),
      accounts: fc.subarray(ACCOUNTS),
      identifier
    })
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), afterMs: fc.nat(3), accountId }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('create' as const), afterMs: fc.nat(3), accountId }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('prune' as const), afterMs: fc.nat(3), agoMs: fc.nat(8) }) }
)

contract('whatever happened, a prune leaves balances, the newest rows and all that is young', async (t, place) => {
  async function holds (
    { store, at }: Timed, steps: ReadonlyArray<typeof step extends fc.Arbitrary<infer Step> ? Step : never>
  ): Promise<boolean> {
    const deletedAtMs = new Map<bigint, number>()
    let nowMs = 0
    for (const [index, next] of [...steps, { kind: 'prune' as const, afterMs: 1, agoMs: 2 }].entries()) {
      at(nowMs += next.afterMs)
      if (next.kind === 'update') await update(store, next.accounts, index, next.identifier)
      if (next.kind === 'delete' && await store.deleteAccount(next.accountId, false) !== undefined) {
        deletedAtMs.set(next.accountId, nowMs)
      }
      if (next.kind === 'create') {
        const { kind } = await store.createAccounts([newAccount(next.accountId)], false)
        if (kind === 'carried-out') deletedAtMs.delete(next.accountId)
      }
      if (next.kind === 'prune' && !await prunesWell(store, nowMs, BEGINNING_MS + nowMs - next.agoMs, deletedAtMs)) {
        return false
      }
    }
    return (await place.verify(store)).length === 0
  }

  async function prunesWell (
    store: Store, nowMs: number, beforeMs: number, deletedAtMs: ReadonlyMap<bigint, number>
  ): Promise<boolean> {
    const before = await readAccounts(store)
    const promised = await store.prune(beforeMs, true)
    if (!isDeepStrictEqual(await readAccounts(store), before)) return false
    if (!isDeepStrictEqual(await store.prune(beforeMs, false), promised)) return false
    const histories = before.histories.map((changes, place) => {
      const isGone = (deletedAtMs.get(ACCOUNTS[place] ?? 0n) ?? nowMs) + BEGINNING_MS < beforeMs
      return changes.filter((change, age) => !isGone && (age === 0 || change.operation.createdAt.getTime() >= beforeMs))
    })
    return isDeepStrictEqual(await readAccounts(store), { ...before, histories })
  }

  await holdsAsync(t, fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
    const timed = await makeTimed(place.openAnother)
    try {
      return await holds(timed, steps)
    } finally {
      await timed.store.close()
    }
  }), { numRuns: place.runs(25) })
})

contract('an old identifier can be used again, and one that is young cannot', async (t, place) => {
  const { store, at } = await makeTimed(place.open)
  await update(store, [1n], 1, 'old')
  await update(store, [9n], 1, 'failed')
  at(1000)
  await update(store, [1n], 2, 'young')
  await update(store, [2n], 2, 'young-too')
  t.match(await store.prune(BEGINNING_MS + 1000, false), { changes: 3, answers: 2 })
  t.same(await Promise.all([
    update(store, [1n], 3, 'old'), update(store, [1n], 3, 'failed'),
    update(store, [1n], 2, 'young'), update(store, [1n], 3, 'young-too')
  ]), ['applied', 'applied', 'replayed', 'identifier-reused'])
  t.same(await place.verify(store), [])
})

contract('the newest row of an account keeps what is known of its request, also when that is used again', async (
  t, place
) => {
  const { store, at } = await makeTimed(place.open)
  await update(store, [1n], 1, 'again')
  at(1000)
  await store.prune(BEGINNING_MS + 1000, false)
  t.match(await historyOf(store, 1n), [{ operation: { identifier: 'again' }, previous: { actual: 0n } }])
  t.equal(await store.readOperation(1, 'again'), undefined)
  t.equal(await update(store, [2n], 1, 'again'), 'applied')
  t.match((await store.readOperation(1, 'again'))?.changes, [{ accountId: 2n }])
})

contract('a clock that was set back does not cut a history in its midst', async (t, place) => {
  const { store, at } = await makeTimed(place.open)
  at(2000)
  await update(store, [1n], 1)
  at(500)
  await update(store, [1n], 2)
  at(3000)
  await update(store, [1n], 3)
  t.match(await store.prune(BEGINNING_MS + 1000, false), { changes: 1 })
  t.same((await historyOf(store, 1n)).map(({ next }) => next.actual), [300n, 200n, 100n])
})

contract('an account that was deleted before its history, by the clock, stays with that', async (t, place) => {
  const { store, at } = await makeTimed(place.open)
  at(2000)
  await update(store, [1n], 1)
  at(500)
  await store.deleteAccount(1n, false)
  at(3000)
  t.match(await store.prune(BEGINNING_MS + 1000, false), { changes: 1, deletedAccounts: 0 })
  t.match(await store.readHistory(1n, HISTORY), {
    deletedAt: new Date(BEGINNING_MS + 500),
    items: [{ next: { actual: 100n } }]
  })
  t.same(await place.verify(store), [])
})

async function startFile (store: Store, fileName: string): ReturnType<Store['startBalanceFile']> {
  const describeFailure = (): { subject: string, reason: string } => ({ subject: 's', reason: 'r' })
  return await store.startBalanceFile({ clientId: 1, fileName, dryRun: false, describeFailure })
}

contract('a file goes with all that it has done, but not one that comes in', async (t, place) => {
  const { store, at } = await makeTimed(place.open)
  const jobs: number[] = []
  const start = async (fileName: string): Promise<Awaited<ReturnType<typeof startFile>>> => {
    const job = await startFile(store, fileName)
    jobs.push(Number(job?.jobId))
    return job
  }
  const isThere = async (): Promise<boolean[]> => await Promise.all(jobs.map(async (jobId) =>
    await store.readBalanceFile(jobId) !== undefined))
  await (await start('old.csv'))?.finish()
  await (await start('again.csv'))?.finish()
  const comingIn = await start('comes-in.csv')
  at(1000)
  await (await start('again.csv'))?.finish()
  await (await start('newest.csv'))?.finish()
  t.match(await store.prune(BEGINNING_MS + 1000, false), { balanceFiles: 1 })
  t.same(await isThere(), [false, true, true, true, true])
  at(5000)
  t.match(await store.prune(BEGINNING_MS + 4000, false), { balanceFiles: 3 })
  t.same(await isThere(), [false, false, true, false, false])
  await comingIn?.finish()
  await start('next.csv')
  // An engine that repeats an operation leaves numbers out.
  t.strictSame(jobs, [...new Set(jobs)].sort((one, other) => one - other), 'no number is given twice')
})

async function report (store: Store, communicationNumber: string): Promise<unknown> {
  const balance: ReportedBalance = {
    communicationNumber,
    requester: 'core',
    externalReference: 'ref-1',
    balanceType: undefined,
    businessUnit: undefined,
    balanceAt: '2023-09-05T08:07:34.605000000Z',
    value: '1',
    equivalentValue: undefined
  }
  const lists = { balanceTypes: [], businessUnits: undefined }
  return (await store.reportBalances({ clientId: 1, balances: [balance], lists, dryRun: false }))[0]
}

contract('old reports go, and their communication numbers can be used again', async (t, place) => {
  const { store, at } = await makeTimed(place.open)
  t.equal(await report(store, 'old'), undefined)
  at(1000)
  t.equal(await report(store, 'young'), undefined)
  t.match(await store.prune(BEGINNING_MS + 1000, true), { reportedBalances: 1 })
  t.match(await store.prune(BEGINNING_MS + 1000, false), { reportedBalances: 1 })
  t.equal(await report(store, 'old'), undefined)
  t.ok(await report(store, 'young'), 'this one is still known')
})

contract('what is old goes in many slices as in one', async (t, place) => {
  const { store, at } = await makeTimed(place.open)
  const identifiers = Array.from({ length: 4100 }, (_, index) => String(index))
  await Promise.all(identifiers.map(async (identifier) => await update(store, [1n, 2n], 1, identifier)))
  at(1000)
  await update(store, [1n], 2)
  const promised = await store.prune(BEGINNING_MS + 1000, true)
  t.match(promised, { changes: 8201, answers: 4100 }, 'of accounts 2 and 3 the newest stays')
  t.same(await store.prune(BEGINNING_MS + 1000, false), promised)
  t.same((await historyOf(store, 1n)).map(({ next }) => next.actual), [200n])
  t.same((await historyOf(store, 2n)).map(({ next }) => next.actual), [100n])
  t.same(await place.verify(store), [])
})
