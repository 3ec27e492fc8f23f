import { mock } from 'node:test'
import fc from 'fast-check'
import { newCard } from '../../../src/domain/card.js'
import { readBalanceFileRow, type BalanceFileSummary } from '../../../src/domain/balance-file.js'
import {
  BalanceFileEndedError, type BalanceFileJob, type BalanceFileRow
} from '../../../src/store/port/balance-files.js'
import { UNOBSERVED, type FailureReason, type StoreObserver } from '../../../src/store/port/observer.js'
import type { Store } from '../../../src/store/port/store.js'
import { currency, decimal } from '../../support/arbitraries.js'
import { FileModel, type ModelRun } from '../../support/file-model.js'
import { holdsAsync } from '../../support/property.js'
import { NOW } from '../../support/service.js'
import { contract } from './engines.js'

async function addClient (store: Store, clientId = 1): Promise<void> {
  await store.createClient({ clientId, name: 'x', keyHash: Buffer.from(String(clientId)) })
}

async function addAccount (
  store: Store, accountId: bigint, { clientId = 1, code = '826', tokens = [] as bigint[] } = {}
): Promise<void> {
  const balances = { actual: 0n, blocked: 0n }
  await store.createAccounts(
    [{
      accountId,
      clientId,
      currency: currency(code),
      externalReference: undefined,
      balances,
      cards: tokens.map((token) => newCard(token))
    }], false)
}

async function start (
  store: Store, { clientId = 1, fileName = 'daily.csv', dryRun = false } = {}
): Promise<BalanceFileJob> {
  const job = await store.startBalanceFile({
    clientId, fileName, dryRun, describeFailure: ({ code }, { recordId }) => ({ subject: recordId, reason: code })
  })
  if (job === undefined) throw new Error('there is no such client')
  return job
}

/** A row, numbered by the lines of a file. */
function rowOf (row: string, index: number): BalanceFileRow {
  const content = readBalanceFileRow(row.split(','), undefined)
  return { line: index + 2, row, content: typeof content === 'string' ? { subject: 'Line', reason: content } : content }
}

/** Sends a file in slices of some rows. @returns its run's number and how it went */
async function send (
  store: Store, rows: readonly string[],
  { slice = 100, ...options }: Parameters<typeof start>[1] & { slice?: number } = {}
): Promise<BalanceFileSummary> {
  const job = await start(store, options)
  const read = rows.map(rowOf)
  for (let first = 0; first < read.length; first += slice) await job.carryOut(read.slice(first, first + slice))
  return await job.finish()
}

async function actualOf (store: Store, accountId: bigint): Promise<bigint | undefined> {
  return (await store.readAccount(accountId))?.balances.actual
}

async function setByHand (store: Store, accountId: bigint, actual: number, clientId = 1): Promise<void> {
  await store.updateBalances({
    source: 'sandbox',
    clientId,
    identity: undefined,
    items: [{
      inputType: 'account', inputId: accountId, currency: '826', actual: decimal(`${actual}e-2`), blocked: decimal('0')
    }],
    userId: undefined,
    remarks: undefined,
    reason: 'a test',
    allOrNothing: true,
    dryRun: false,
    answer: () => ({ body: '', preferenceApplied: undefined })
  })
}

contract('a new account under the number of a deleted one is set by the same file', async (t, place) => {
  const store = await place.open()
  await addClient(store)
  await addAccount(store, 7n)
  t.match(await send(store, ['a,7,826,5000,0,']), { failedRecords: 0, repeatedRecords: 0 })
  t.match(await send(store, ['a,7,826,5000,0,']), { failedRecords: 0, repeatedRecords: 1 }, 'the same account is not')
  await store.deleteAccount(7n, false)
  t.match(await send(store, ['a,7,826,5000,0,']), { firstFailures: [{ reason: 'account-unknown' }] })
  await addAccount(store, 7n)
  t.match(await send(store, ['a,7,826,5000,0,'], { dryRun: true }), { failedRecords: 0, repeatedRecords: 0 })
  t.match(await send(store, ['a,7,826,5000,0,']), { failedRecords: 0, repeatedRecords: 0 })
  t.equal(await actualOf(store, 7n), 5000n)
})

contract('a new account is not compared with what the file has set the deleted one to', async (t, place) => {
  const store = await place.open()
  await addClient(store)
  await addAccount(store, 7n)
  await send(store, ['a,7,826,5000,0,'])
  await store.deleteAccount(7n, false)
  await addAccount(store, 7n, { code: '392' })
  t.match(await send(store, ['b,7,392,700,0,']), { failedRecords: 0 })
  t.equal(await actualOf(store, 7n), 700n)
  const failed = { firstFailures: [{ reason: 'account-set' }] }
  t.match(await send(store, ['c,7,392,5000,0,']), failed, '5000 yen are not 5000 pence')
})

contract('an account that is made anew while the file comes in is another one', async (t, place) => {
  const store = await place.open()
  await addClient(store)
  for (const dryRun of [true, false]) {
    await addAccount(store, 7n)
    const job = await start(store, { dryRun, fileName: String(dryRun) })
    await job.carryOut([rowOf(`a-${dryRun},7,826,1,0,`, 0)])
    await store.deleteAccount(7n, false)
    await addAccount(store, 7n)
    await job.carryOut([rowOf(`b-${dryRun},7,826,2,0,`, 1)])
    t.match(await job.finish(), { totalRecords: 2, failedRecords: 0 })
    t.equal(await actualOf(store, 7n), dryRun ? 0n : 2n)
    await store.deleteAccount(7n, false)
  }
})

contract('a token that names another account now sets that one, and each account once', async (t, place) => {
  const store = await place.open()
  await addClient(store)
  await addAccount(store, 7n, { tokens: [70n] })
  await addAccount(store, 8n)
  await send(store, ['a,,826,5000,0,70'])
  await store.detachToken(7n, 70n)
  await store.attachToken(8n, 70n)
  t.match(await send(store, ['a,,826,5000,0,70']), { failedRecords: 0, repeatedRecords: 0 })
  t.equal(await actualOf(store, 8n), 5000n)
  await store.detachToken(8n, 70n)
  await store.attachToken(7n, 70n)
  await setByHand(store, 7n, 9)
  t.match(await send(store, ['a,,826,5000,0,70']), { failedRecords: 0, repeatedRecords: 1 })
  t.equal(await actualOf(store, 7n), 9n, 'the later balance stays')
})

const NUMBERS = [1, 2] as const
const anyNumber = fc.constantFrom(...NUMBERS)

type Step =
  | { readonly kind: 'delete' | 'create', readonly number: number }
  | { readonly kind: 'move', readonly token: number, readonly number: number }
  | { readonly kind: 'set', readonly number: number, readonly actual: number }
  | { readonly kind: 'run', readonly run: ModelRun, readonly slice: number }

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom('delete' as const, 'create' as const), number: anyNumber }),
  fc.record({ kind: fc.constant('move' as const), token: anyNumber, number: anyNumber }),
  fc.record({ kind: fc.constant('set' as const), number: anyNumber, actual: fc.constantFrom(8, 9) }),
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('run' as const),
      slice: fc.integer({ min: 1, max: 4 }),
      run: fc.record({
        file: fc.constantFrom('f', 'f', 'g'),
        byToken: fc.boolean(),
        dryRun: fc.boolean(),
        rows: fc.array(fc.record({
          record: fc.constantFrom('a', 'b', 'c'), number: anyNumber, actual: fc.constantFrom(1, 1, 2)
        }), { minLength: 1, maxLength: 4 })
      })
    })
  }
)

/** One client's part of a store. Numbers of different worlds never meet. */
class World {
  readonly #model = new FileModel()

  constructor (readonly store: Store, readonly clientId: number) {}

  #idOf (number: number): bigint {
    return BigInt(this.clientId * 10 + number)
  }

  async create (number: number): Promise<void> {
    if (this.#model.accounts.has(number)) return
    this.#model.create(number)
    await addAccount(this.store, this.#idOf(number), { clientId: this.clientId })
  }

  async #move (token: number, number: number): Promise<void> {
    const account = this.#model.accounts.get(number)
    if (account === undefined) return
    this.#model.tokens.set(token, account)
    for (const holder of NUMBERS) await this.store.detachToken(this.#idOf(holder), this.#idOf(token))
    await this.store.attachToken(this.#idOf(number), this.#idOf(token))
  }

  /** @returns whether the run went as the model says */
  async #run (run: ModelRun, slice: number): Promise<boolean> {
    const { file, byToken, rows, dryRun } = run
    const wanted = this.#model.run(run)
    const sent = rows.map(({ record, number, actual }) =>
      `${record},${byToken ? '' : this.#idOf(number)},826,${actual},0,${byToken ? this.#idOf(number) : ''}`)
    const { jobId, repeatedRecords } = await send(
      this.store, sent, { clientId: this.clientId, fileName: file, dryRun, slice })
    const failures = await this.store.readBalanceFileFailures(jobId, 1, 100) ?? []
    const wantedLines = wanted.flatMap((outcome, index) => outcome === 'failed' ? [index + 2] : [])
    return failures.map(({ line }) => line).join() === wantedLines.join() &&
      repeatedRecords === wanted.filter((outcome) => outcome === 'repeated').length
  }

  /** @returns whether everything is as the model says */
  async take (step: Step): Promise<boolean> {
    if (step.kind === 'run') {
      if (!await this.#run(step.run, step.slice)) return false
    } else if (step.kind === 'move') await this.#move(step.token, step.number)
    else if (step.kind === 'set') await this.#set(step.number, step.actual)
    else if (step.kind === 'create') await this.create(step.number)
    else {
      this.#model.delete(step.number)
      await this.store.deleteAccount(this.#idOf(step.number), false)
    }
    const found = await Promise.all(NUMBERS.map(async (number) => await actualOf(this.store, this.#idOf(number))))
    return NUMBERS.every((number, index) => String(found[index]) === String(this.#model.accounts.get(number)?.actual))
  }

  async #set (number: number, actual: number): Promise<void> {
    const account = this.#model.accounts.get(number)
    if (account === undefined) return
    account.actual = actual
    await setByHand(this.store, this.#idOf(number), actual, this.clientId)
  }
}

contract('files go as the model says, whatever is deleted, made anew, moved and sent again', async (t, place) => {
  const store = await place.open()
  let worlds = 0
  await holdsAsync(t, fc.asyncProperty(fc.array(anyStep, { minLength: 2, maxLength: 10 }), async (steps) => {
    worlds += 1
    await addClient(store, worlds)
    const world = new World(store, worlds)
    for (const number of NUMBERS) await world.create(number)
    for (const step of steps) if (!await world.take(step)) return false
    return true
  }), { numRuns: 60 })
})

contract('a dry run says what the real one would do, and counts for nothing then', async (t, place) => {
  const store = await place.open()
  await addClient(store)
  await addAccount(store, 7n)
  const rows = ['a,7,826,1,0,', 'b,8,826,1,0,', 'a,7,826,1,0,', 'c,7,826,2,0,', 'not a row']
  const failures = ['account-unknown', 'record-repeated', 'account-set', 'the row has 1 columns and must have 6']
  for (const slice of [1, 100]) {
    const summary = await send(store, rows, { dryRun: true, slice })
    t.match(summary, { totalRecords: 5, failedRecords: 4, repeatedRecords: 0 })
    t.same(summary.firstFailures.map(({ reason }) => reason), failures)
  }
  t.equal(await actualOf(store, 7n), 0n)
  const real = await send(store, rows, { slice: 1 })
  t.match(real, { failedRecords: 4, repeatedRecords: 0 }, 'nothing of the dry run counts as applied')
  t.equal(await actualOf(store, 7n), 1n)
})

contract('failed rows are read in the order of their lines, from a line on', async (t, place) => {
  const store = await place.open()
  await addClient(store)
  const { jobId } = await send(store, ['a,1,826,1,0,', 'b,1,826,1,0,', 'c,1,826,1,0,'])
  t.match(await store.readBalanceFileFailures(jobId, 1, 2), [{ line: 2, row: 'a,1,826,1,0,' }, { line: 3 }])
  t.match(await store.readBalanceFileFailures(jobId, 4, 2), [{ line: 4, reason: 'account-unknown' }])
  t.same(await store.readBalanceFileFailures(jobId, 5, 2), [])
  t.equal(await store.readBalanceFileFailures(jobId + 1, 1, 2), undefined)
})

contract('rows are counted once they are durable, and those of dry runs never', async (t, place) => {
  const settled: Array<readonly [string, number, readonly FailureReason[]]> = []
  const observer: StoreObserver = {
    ...UNOBSERVED, itemsSettled: (source, updated, failures) => { settled.push([source, updated, failures]) }
  }
  const store = await place.open({ observer })
  await addClient(store)
  await addAccount(store, 7n)
  const rows = ['a,7,826,1,0,', 'no row', 'b,8,826,1,0,']
  await send(store, rows, { dryRun: true })
  await send(store, rows)
  await send(store, rows)
  t.same(settled, [
    ['batch-file', 1, ['row-invalid', 'account-unknown']], ['batch-file', 0, ['row-invalid', 'account-unknown']]
  ])
})

contract('a run that has ended takes no more rows, and stays as it ended', async (t, place) => {
  const store = await place.open()
  await addClient(store)
  await addAccount(store, 7n)
  const finish = async (job: BalanceFileJob): Promise<void> => { await job.finish() }
  const breakOff = async (job: BalanceFileJob): Promise<void> => { await job.breakOff('because') }
  for (const dryRun of [false, true]) {
    for (const end of [finish, breakOff]) {
      const job = await start(store, { dryRun })
      await end(job)
      const ended = await store.readBalanceFile(job.jobId)
      await t.rejects(job.carryOut([rowOf('a,7,826,1,0,', 0)]), BalanceFileEndedError)
      await t.rejects(job.finish(), BalanceFileEndedError)
      await job.breakOff('once more')
      t.same(await store.readBalanceFile(job.jobId), ended)
    }
  }
  t.equal(await actualOf(store, 7n), 0n)
})

contract('the times of a file are those of its beginning and its end', async (t, place) => {
  let now = new Date('2026-01-31T08:00:00.000Z')
  const store = await place.open({ clock: () => now })
  await addClient(store)
  const startedAt = now
  const job = await start(store)
  now = new Date('2026-01-31T08:02:00.091Z')
  const summary = { startedAt, finishedAt: now }
  t.match(await job.finish(), summary)
  t.match(await store.readBalanceFile(job.jobId), { dryRun: false, progress: { status: 'done', summary } })
})

contract('a file that nobody reads any more is interrupted, and one of another store is not', async (t, place) => {
  mock.timers.enable({ apis: ['setInterval'] })
  t.teardown(() => { mock.timers.reset() })
  let now = 0
  const clock = (): Date => new Date(now)
  const first = await place.open({ clock })
  await addClient(first)
  await addAccount(first, 7n)
  const job = await start(first)
  const done = await start(first)
  await done.finish()
  const second = await place.open({ clock })
  const running = { progress: { status: 'running' } }
  t.match(await second.readBalanceFile(job.jobId), running, 'the start of another store leaves it alone')

  now = 50_000
  await job.carryOut([rowOf('a,7,826,1,0,', 0)])
  now = 110_000
  t.match(await second.readBalanceFile(job.jobId), running, 'rows renew the lease')
  mock.timers.tick(20_000)
  // What the timer has begun is in line before this one.
  await first.readBalanceFile(job.jobId)
  now = 170_000
  t.match(await second.readBalanceFile(job.jobId), running, 'and so does time, where no rows come')

  now = 170_001
  t.same(await second.readBalanceFile(job.jobId), { dryRun: false, progress: { status: 'interrupted' } })
  t.match(await second.readBalanceFile(done.jobId), { progress: { status: 'done' } })
  await job.carryOut([rowOf('b,7,826,1,0,', 1)])
  t.match(await job.finish(), { totalRecords: 2, failedRecords: 0 }, 'a process that was only slow goes on')
})

contract('runs are listed newest first, page by page and by client, each with its state', async (t, place) => {
  let now = NOW
  const store = await place.open({ clock: () => now })
  await addClient(store)
  await addClient(store, 2)
  await addAccount(store, 7n)
  const interrupted = await start(store)
  await interrupted.carryOut([rowOf('a,7,826,1,0,', 0), rowOf('b,8,826,1,0,', 1)])
  now = new Date(NOW.getTime() + 3_600_000)
  const done = await start(store, { dryRun: true })
  await done.finish()
  const brokenOff = await start(store, { clientId: 2, fileName: 'other.csv' })
  await brokenOff.breakOff('the reason')
  const running = await start(store, { clientId: 2, fileName: 'other.csv' })
  const counts = { totalRecords: 0, failedRecords: 0, repeatedRecords: 0 }
  const common = { clientId: 2, fileName: 'other.csv', dryRun: false, startedAt: now, ...counts }
  const runs = [
    { ...common, jobId: running.jobId, status: 'running', finishedAt: undefined, reason: undefined },
    { ...common, jobId: brokenOff.jobId, status: 'broken-off', finishedAt: now, reason: 'the reason' },
    {
      ...common,
      jobId: done.jobId,
      clientId: 1,
      fileName: 'daily.csv',
      dryRun: true,
      status: 'done',
      finishedAt: now,
      reason: undefined
    },
    {
      ...common,
      jobId: interrupted.jobId,
      clientId: 1,
      fileName: 'daily.csv',
      status: 'interrupted',
      startedAt: NOW,
      finishedAt: undefined,
      totalRecords: 2,
      failedRecords: 1,
      reason: undefined
    }
  ]
  t.same(await store.listBalanceFiles(undefined, { from: undefined, limit: 9 }), { items: runs, next: undefined })
  t.same(await store.listBalanceFiles(1, { from: undefined, limit: 1 }), {
    items: [runs[2]], next: BigInt(interrupted.jobId)
  })
  t.same(await store.listBalanceFiles(1, { from: BigInt(interrupted.jobId), limit: 1 }), {
    items: [runs[3]], next: undefined
  })
  t.same(await store.listBalanceFiles(3, { from: undefined, limit: 1 }), { items: [], next: undefined })
})

contract('a prune leaves a file alone that comes in, even with a time that lies ahead', async (t, place) => {
  let now = new Date('2026-01-31T08:00:00.000Z')
  const store = await place.open({ clock: () => now })
  await addClient(store)
  await addAccount(store, 7n)
  const ahead = now.getTime() + 1e9
  for (const dryRun of [false, true]) {
    const job = await start(store, { dryRun, fileName: `${dryRun}` })
    await job.carryOut([rowOf(`a-${dryRun},7,826,1,0,`, 0)])
    t.match(await store.prune(ahead, false), { balanceFiles: 0 })
    await job.carryOut([rowOf(`b-${dryRun},7,826,1,0,`, 1)])
    t.match(await job.finish(), { totalRecords: 2, failedRecords: 0 })
    t.match(await store.prune(ahead, false), { balanceFiles: 1, balanceFileRecords: dryRun ? 0 : 2 })
    t.equal(await store.readBalanceFile(job.jobId), undefined)
  }
  const left = await start(store)
  now = new Date(now.getTime() + 60_001)
  t.match(await store.prune(ahead, false), { balanceFiles: 1 }, 'one that nobody reads any more goes')
  await t.rejects(left.carryOut([rowOf('c,7,826,1,0,', 0)]), BalanceFileEndedError)
  await left.breakOff('the end of the test')
})

contract('a file of an unknown client is not begun', async (t, place) => {
  const store = await place.open()
  const begun = await store.startBalanceFile(
    { clientId: 9, fileName: 'x', dryRun: false, describeFailure: () => ({ subject: '', reason: '' }) })
  t.equal(begun, undefined)
  t.equal(await store.readBalanceFile(1), undefined)
})

/** One row of a random file: the record, the token or the account (by its place in the world), and the amounts. */
interface RandomRow {
  readonly record: number
  readonly target: number
  readonly actual: number
  readonly blocked: number
}

/** What happens before a file's last run: the slices that are applied before the crash, and what is repaired then. */
interface RandomRun { readonly slices: readonly number[], readonly repaired: readonly number[] }

const ACCOUNTS = 3
/** Two tokens an account. */
const TOKENS = [...Array(ACCOUNTS * 2).keys()]

const RANDOM_FILE = fc.record({
  byToken: fc.boolean(),
  rows: fc.array(fc.record({
    record: fc.integer({ min: 0, max: 20 }),
    target: fc.constantFrom(...TOKENS),
    actual: fc.constantFrom(0, 100, 200),
    // A negative one can be repaired by nothing.
    blocked: fc.constantFrom(0, 0, 0, 1, -1)
  }), { maxLength: 14 }),
  runs: fc.array(fc.record({
    slices: fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 3 }), repaired: fc.subarray(TOKENS)
  }), { maxLength: 4 })
})

/** One client's accounts and tokens, of which some are still missing. Numbers of different clients never meet. */
function makeRepairs (store: Store, clientId: number) {
  const accountOf = (place: number): bigint => BigInt(clientId * 100 + place % ACCOUNTS)
  const tokenOf = (place: number): bigint => BigInt(clientId * 100 + place)
  return {
    repair: async (places: readonly number[]) => {
      for (const place of places) {
        const account = await store.readAccount(accountOf(place))
        if (account === undefined) await addAccount(store, accountOf(place), { clientId })
        await store.attachToken(accountOf(place), tokenOf(place))
      }
    },
    rowsOf: (rows: readonly RandomRow[], byToken: boolean) => rows.map(({ record, target, actual, blocked }, index) =>
      rowOf(byToken
        ? `r-${record},,826,${actual},${blocked},${tokenOf(target)}`
        : `r-${record},${accountOf(target)},826,${actual},${blocked},`, index)),
    balances: async () => await Promise.all([...Array(ACCOUNTS).keys()].map(async (place) => {
      const { balances } = await store.readAccount(accountOf(place)) ?? {}
      return `${balances?.actual}/${balances?.blocked}`
    }))
  }
}

/** Applies a file in slices. A crash ends it after them; else the rest follows. */
async function runSlices (
  store: Store, clientId: number, rows: readonly BalanceFileRow[], slices: readonly number[], crashes: boolean
): Promise<number> {
  const job = await start(store, { clientId })
  let done = 0
  for (const slice of slices) {
    await job.carryOut(rows.slice(done, done + slice))
    done += slice
  }
  if (crashes) {
    await job.breakOff('as if the process had ended')
    return job.jobId
  }
  await job.carryOut(rows.slice(done))
  await job.finish()
  return job.jobId
}

contract('crashes and repairs leave what one clean run would, or report the row as failed', async (t, place) => {
  const store = await place.open()
  let clients = 1
  await holdsAsync(t, fc.asyncProperty(RANDOM_FILE, async ({ byToken, rows, runs }) => {
    const [hard, clean] = [clients += 1, clients += 1]
    await addClient(store, hard)
    await addClient(store, clean)
    const hardWorld = makeRepairs(store, hard)
    const cleanWorld = makeRepairs(store, clean)

    for (const { slices, repaired } of runs as RandomRun[]) {
      await runSlices(store, hard, hardWorld.rowsOf(rows, byToken), slices, true)
      await hardWorld.repair(repaired)
    }
    await hardWorld.repair(TOKENS)
    await cleanWorld.repair(TOKENS)
    const jobId = await runSlices(store, hard, hardWorld.rowsOf(rows, byToken), [], false)
    await runSlices(store, clean, cleanWorld.rowsOf(rows, byToken), [], false)

    const failedLines = (await store.readBalanceFileFailures(jobId, 1, 100) ?? []).map(({ line }) => line)
    const found = await hardWorld.balances()
    const wanted = await cleanWorld.balances()
    return found.every((balances, account) => {
      const lines = rows.map(({ target }, index) => ({ isMine: target % ACCOUNTS === account, line: index + 2 }))
      return balances === wanted[account] || lines.some(({ isMine, line }) => isMine && failedLines.includes(line))
    }) && rows.every(({ target, actual, blocked }, index) =>
      failedLines.includes(index + 2) || found[target % ACCOUNTS] === `${actual}/${blocked}`)
  }), { numRuns: 30 })
})
