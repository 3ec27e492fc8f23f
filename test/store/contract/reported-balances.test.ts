import fc from 'fast-check'
import type { NewAccount } from '../../../src/domain/new-account.js'
import { findReportFault, type ReportedBalance } from '../../../src/domain/reported-balance.js'
import type { ReportedBalancePage, ReportedBalanceQuery } from '../../../src/store/port/reported-balances.js'
import type { Store } from '../../../src/store/port/store.js'
import { currency, decimal } from '../../support/arbitraries.js'
import { holdsAsync } from '../../support/property.js'
import { NOW } from '../../support/service.js'
import { contract } from './engines.js'

const LISTS = { balanceTypes: ['DAY', 'NIGHT'], businessUnits: undefined }

const ACCOUNT: NewAccount = {
  accountId: 7n,
  clientId: 1,
  currency: currency('826'),
  externalReference: 'WALLET',
  balances: { actual: 100n, blocked: 0n },
  cards: []
}

const SERIES: ReportedBalanceQuery = {
  accountId: 7n, incarnation: undefined, view: 'series', page: { from: undefined, limit: 10 }
}

const LATEST: ReportedBalanceQuery = { ...SERIES, view: 'latest' }

function reportOf (communicationNumber: string, more: Partial<ReportedBalance> = {}): ReportedBalance {
  return {
    communicationNumber,
    requester: 'core',
    externalReference: 'WALLET',
    balanceType: undefined,
    businessUnit: undefined,
    balanceAt: '2023-09-05T08:07:34.605000000Z',
    value: '1.00',
    equivalentValue: undefined,
    ...more
  }
}

async function addClient (store: Store, clientId: number): Promise<void> {
  await store.createClient({ clientId, name: 'x', keyHash: Buffer.from(String(clientId)) })
}

/** Prepares a store with two clients, of which the first has an account. */
async function prepare (store: Store): Promise<Store> {
  for (const clientId of [1, 2]) await addClient(store, clientId)
  await store.createAccounts([ACCOUNT], false)
  return store
}

async function report (
  store: Store, balances: readonly ReportedBalance[], { clientId = 1, dryRun = false } = {}
): ReturnType<Store['reportBalances']> {
  return await store.reportBalances({ clientId, balances, lists: LISTS, dryRun })
}

async function read (store: Store, query: ReportedBalanceQuery): Promise<ReportedBalancePage> {
  const page = await store.readReportedBalances(query)
  if (typeof page === 'string') throw new Error(page)
  return page
}

async function numbersOf (store: Store, query: ReportedBalanceQuery): Promise<string[]> {
  return (await read(store, query)).items.map(({ communicationNumber }) => communicationNumber)
}

contract('each report of a call is taken or rejected by itself, and sees those before it', async (t, place) => {
  const store = await prepare(await place.open())
  t.same(await report(store, [
    reportOf('1'),
    reportOf('1'),
    reportOf('2', { balanceType: 'WEEK' }),
    reportOf('2'),
    reportOf('3', { externalReference: 'X' })
  ]), [undefined, 'communication-number-used', 'balance-type-unknown', undefined, 'account-unknown'])
  t.same(await report(store, [reportOf('2'), reportOf('3')]), ['communication-number-used', undefined])
  t.same(await report(store, [reportOf('4')], { clientId: 2 }), ['account-unknown'], 'the account is another client\'s')
  t.same(await report(store, []), [])
  t.same(await numbersOf(store, SERIES), ['3', '2', '1'])
})

contract('a report is read as it was sent, beside the account', async (t, place) => {
  const store = await prepare(await place.open())
  const { externalReference, ...sent } = reportOf(
    '1', { balanceType: 'DAY', businessUnit: 'retail', equivalentValue: '1e0' })
  await report(store, [{ ...sent, externalReference }])
  t.same(await read(store, SERIES), {
    incarnation: 1,
    deletedAt: undefined,
    currency: currency('826'),
    standInBalance: 100n,
    items: [{ ...sent, reportedAt: NOW }],
    next: undefined
  })
})

contract('a dry run takes nothing', async (t, place) => {
  const store = await prepare(await place.open())
  const faults = await report(store, [reportOf('1'), reportOf('1')], { dryRun: true })
  t.same(faults, [undefined, 'communication-number-used'])
  t.same(await numbersOf(store, SERIES), [])
  t.same(await report(store, [reportOf('1')]), [undefined])
})

contract('a call in which one report cannot be written writes none', async (t, place) => {
  const store = await prepare(await place.open())
  await t.rejects(report(store, [reportOf('1'), reportOf('2', { balanceAt: 'too short' })]))
  t.same(await numbersOf(store, SERIES), [])
})

contract('what was taken is there in another store, and its number stays used', async (t, place) => {
  const first = await prepare(await place.open())
  await report(first, [reportOf('1')])
  // The first is not closed: only what was committed counts, as after a crash.
  const second = await place.open()
  t.same(await numbersOf(second, LATEST), ['1'])
  t.same(await report(second, [reportOf('1')]), ['communication-number-used'])
})

contract('the reports of a deleted account are never those of a later one', async (t, place) => {
  const store = await prepare(await place.open())
  await report(store, [reportOf('1'), reportOf('2')])
  const { next } = await read(store, { ...SERIES, page: { from: undefined, limit: 1 } })
  await store.deleteAccount(7n, false)
  const deleted = { incarnation: 1, deletedAt: NOW, standInBalance: undefined, items: { length: 2 } }
  t.match(await read(store, SERIES), deleted)
  await store.createAccounts([ACCOUNT], false)
  t.match(await read(store, SERIES), { incarnation: 2, standInBalance: 100n, items: { length: 0 } })
  t.same(await numbersOf(store, { ...SERIES, incarnation: 1 }), ['2', '1'])
  const rest = { ...SERIES, page: { from: next, limit: 10 } }
  const items = [{ communicationNumber: '1' }]
  t.match(await read(store, rest), { incarnation: 1, items }, 'a page stays with its account')
  t.equal(await store.readReportedBalances({ ...rest, incarnation: 2 }), 'page-unknown')
  t.equal(await store.readReportedBalances({ ...SERIES, accountId: 8n }), 'account-unknown')
  t.equal(await store.readReportedBalances({ ...SERIES, incarnation: 3 }), 'account-unknown')
  t.equal(await store.readReportedBalances({ ...SERIES, page: { from: 99n, limit: 1 } }), 'page-unknown')
})

contract('a page that begins with a report of a pruned account is unknown', async (t, place) => {
  let nowMs = 0
  const store = await prepare(await place.open({ clock: () => new Date(nowMs) }))
  await report(store, [reportOf('1')])
  nowMs = 100
  await report(store, [reportOf('2')])
  const { next } = await read(store, { ...SERIES, page: { from: undefined, limit: 1 } })
  nowMs = 50 // The clock was set back.
  await store.deleteAccount(7n, false)
  await store.createAccounts([ACCOUNT], false)
  const first = { ...SERIES, page: { from: next, limit: 1 } }
  const second = { ...SERIES, page: { from: (next ?? 0n) + 1n, limit: 1 } }
  t.match(await read(store, first), { incarnation: 1, items: [{ communicationNumber: '1' }] })
  t.match(await store.prune(60, false), { reportedBalances: 1, deletedAccounts: 1 })
  t.equal(await store.readReportedBalances(first), 'page-unknown')
  t.equal(await store.readReportedBalances(second), 'page-unknown')
  t.equal(await store.readReportedBalances({ ...SERIES, incarnation: 1 }), 'account-unknown')
  t.match(await read(store, SERIES), { incarnation: 2, items: { length: 0 } })
  t.same(await report(store, [reportOf('1')]), [undefined], 'a pruned number can be used again')
})

contract('reports leave what updates remember, and updates go on from it', async (t, place) => {
  const store = await prepare(await place.open())
  const set = async (actual: string): Promise<void> => {
    await store.updateBalances({
      source: 'sandbox',
      clientId: 1,
      identity: undefined,
      items: [{ inputType: 'account', inputId: 7n, currency: '826', actual: decimal(actual), blocked: decimal('0') }],
      userId: undefined,
      remarks: undefined,
      reason: undefined,
      allOrNothing: true,
      dryRun: false,
      answer: () => ({ body: '', preferenceApplied: undefined })
    })
  }
  await set('5')
  await report(store, [reportOf('1')])
  await set('6')
  await report(store, [reportOf('2')], { dryRun: true })
  await set('7')
  const history = await store.readHistory(7n, { from: undefined, limit: 10 })
  t.match(history, {
    items: [
      { previous: { actual: 600n }, next: { actual: 700n } },
      { previous: { actual: 500n }, next: { actual: 600n } },
      { previous: { actual: 100n }, next: { actual: 500n } },
      {}
    ]
  })
})

const anyReport = fc.record({
  balanceType: fc.constantFrom(undefined, 'DAY', 'NIGHT'),
  businessUnit: fc.constantFrom(undefined, 'a', 'aé', 'b'),
  balanceAt: fc.constantFrom('605000000Z', '605000001Z', '700000000Z').map((end) => `2023-09-05T08:07:34.${end}`),
  known: fc.constantFrom(true, true, true, false),
  number: fc.integer({ min: 1, max: 12 })
})

/** Reads page after page, each from where the one before said. */
async function readPages (store: Store, query: ReportedBalanceQuery, limit: number): Promise<string[]> {
  const found: string[] = []
  for (let from: bigint | undefined; ;) {
    const { items, next } = await read(store, { ...query, page: { from, limit } })
    found.push(...items.map(({ communicationNumber }) => communicationNumber))
    if (items.length > limit) throw new Error('more than asked for')
    if (next === undefined) return found
    from = next
  }
}

type AnyReport = typeof anyReport extends fc.Arbitrary<infer Report> ? Report : never

/** The newest balance first; of two for one moment, the one that came later. */
function newestFirst (taken: readonly ReportedBalance[]): ReportedBalance[] {
  return [...taken].reverse().sort((left, right) =>
    Buffer.compare(Buffer.from(right.balanceAt), Buffer.from(left.balanceAt)))
}

/** The newest of each balance type and business unit, in the order of these. */
function newestOfEach (taken: readonly ReportedBalance[]): ReportedBalance[] {
  const nameOf = ({ balanceType = '', businessUnit = '' }: ReportedBalance): Buffer =>
    Buffer.from(`${balanceType}\0${businessUnit}`)
  const byName = new Map(newestFirst(taken).reverse().map((balance) => [nameOf(balance).toString(), balance]))
  return [...byName.values()].sort((left, right) => Buffer.compare(nameOf(left), nameOf(right)))
}

/** One client's account, to which reports are sent. */
class World {
  readonly taken: ReportedBalance[] = []
  readonly query: ReportedBalanceQuery

  constructor (readonly store: Store, readonly clientId: number) {
    this.query = { ...SERIES, accountId: BigInt(1000 + clientId) }
  }

  async prepare (): Promise<void> {
    const { store, clientId, query: { accountId } } = this
    await addClient(store, clientId)
    await store.createAccounts([{ ...ACCOUNT, accountId, clientId }], false)
  }

  /** @returns whether the reports were taken and rejected as the domain says */
  async report (reports: readonly AnyReport[]): Promise<boolean> {
    const balances = reports.map(({ known, number, ...more }) =>
      reportOf(String(number), { ...more, externalReference: known ? 'WALLET' : 'nobody' }))
    const wanted = balances.map((balance) => {
      const { communicationNumber, externalReference } = balance
      const isNumberUsed = this.taken.some((earlier) => earlier.communicationNumber === communicationNumber)
      const fault = findReportFault(balance, LISTS, { isNumberUsed, isAccountKnown: externalReference === 'WALLET' })
      if (fault === undefined) this.taken.push(balance)
      return fault
    })
    return (await report(this.store, balances, { clientId: this.clientId })).join() === wanted.join()
  }

  /** @returns whether pages of a size have what they should */
  async isRead (limit: number): Promise<boolean> {
    const views = { series: newestFirst(this.taken), latest: newestOfEach(this.taken) }
    for (const view of ['series', 'latest'] as const) {
      const found = await readPages(this.store, { ...this.query, view }, limit)
      if (found.join() !== views[view].map(({ communicationNumber }) => communicationNumber).join()) return false
    }
    return true
  }
}

const anyCalls = fc.array(fc.array(anyReport, { maxLength: 5 }), { maxLength: 3 })

contract('pages of any size have each report once, in their order', async (t, place) => {
  const store = await place.open()
  let worlds = 0
  await holdsAsync(t, fc.asyncProperty(anyCalls, fc.integer({ min: 1, max: 5 }), async (calls, limit) => {
    const world = new World(store, worlds += 1)
    await world.prepare()
    for (const call of calls) if (!await world.report(call)) return false
    return await world.isRead(limit)
  }), { numRuns: 50 })
})
