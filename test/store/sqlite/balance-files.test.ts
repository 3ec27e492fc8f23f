import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { describeRecordFailure } from '../../../src/api/sandbox/balance-file-failures.js'
import { readBalanceFileRow, type BalanceFileSummary } from '../../../src/domain/balance-file.js'
import { findCurrency, type Currency } from '../../../src/domain/currency.js'
import type { BalanceFileJob, BalanceFileRow } from '../../../src/store/balance-files.js'
import { openSqliteStore } from '../../../src/store/sqlite/store.js'
import type { Store } from '../../../src/store/store.js'
import { makeFolder, type Test } from '../../support/folder.js'
import { holdsAsync } from '../../support/property.js'

const STERLING = findCurrency('826') as Currency

function openStore (path: string, clock = (): Date => new Date(0)): Store {
  return openSqliteStore({ path, pivotCurrency: '840', clock })
}

/** A store with a client and no account. */
async function makeStore (t: Test, clock?: () => Date): Promise<Store> {
  const store = openStore(join(makeFolder(t), 'test.sqlite'), clock)
  t.teardown(async () => { await store.close() })
  await addClient(store, 1)
  return store
}

async function addClient (store: Store, clientId: number): Promise<void> {
  await store.createClient({ clientId, name: 'x', keyHash: Buffer.from(String(clientId)) })
}

async function start (store: Store, clientId: number): Promise<BalanceFileJob> {
  const job = await store.startBalanceFile({ clientId, fileName: 'daily.csv', dryRun: false, describeFailure: describeRecordFailure })
  if (job === undefined) throw new Error('there is no such client')
  return job
}

/** A row, numbered by the lines of a file. */
function rowOf (row: string, index: number): BalanceFileRow {
  const content = readBalanceFileRow(row.split(','), undefined)
  if (typeof content === 'string') throw new Error(content)
  return { line: index + 2, row, content }
}

/** One row of a random file: the record, the token or the account (by its place in the world), and the amounts. */
interface RandomRow { readonly record: number, readonly target: number, readonly actual: number, readonly blocked: number }

/** What happens to a file before its last run: how many rows are carried out before the crash, and what is repaired then. */
interface RandomRun { readonly chunks: readonly number[], readonly repaired: readonly number[] }

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
  runs: fc.array(fc.record({ chunks: fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 3 }), repaired: fc.subarray(TOKENS) }), { maxLength: 4 })
})

/** One client's accounts and tokens, of which some are still missing. Numbers of different worlds never meet. */
function makeWorld (store: Store, clientId: number) {
  const accountOf = (place: number): bigint => BigInt(clientId * 100 + place % ACCOUNTS)
  const tokenOf = (place: number): bigint => BigInt(clientId * 100 + place)
  return {
    repair: async (places: readonly number[]) => {
      for (const place of places) {
        if (await store.readAccount(accountOf(place)) === undefined) {
          await store.createAccounts([{ accountId: accountOf(place), clientId, currency: STERLING, externalReference: undefined, balances: { actual: -1n, blocked: 0n }, tokens: [] }], false)
        }
        await store.attachToken(accountOf(place), tokenOf(place))
      }
    },
    rowsOf: (rows: readonly RandomRow[], byToken: boolean) => rows.map(({ record, target, actual, blocked }, index) =>
      rowOf(byToken ? `r-${record},,826,${actual},${blocked},${tokenOf(target)}` : `r-${record},${accountOf(target)},826,${actual},${blocked},`, index)),
    balances: async () => await Promise.all([...Array(ACCOUNTS).keys()].map(async (place) => {
      const { balances: { actual, blocked } = { actual: undefined, blocked: undefined } } = await store.readAccount(accountOf(place)) ?? {}
      return `${actual}/${blocked}`
    }))
  }
}

/** Carries a file out in chunks. A crash ends it after them; else the rest follows. */
async function run (store: Store, clientId: number, rows: readonly BalanceFileRow[], { chunks, crashes }: { chunks: readonly number[], crashes: boolean }): Promise<number> {
  const job = await start(store, clientId)
  let done = 0
  for (const chunk of chunks) {
    await job.carryOut(rows.slice(done, done + chunk))
    done += chunk
  }
  if (crashes) return job.jobId
  await job.carryOut(rows.slice(done))
  await job.finish()
  return job.jobId
}

t.test('crashes, failures and repairs on the way leave what one clean run would, unless a row is reported as failed', async (t) => {
  const store = await makeStore(t)
  let worlds = 1
  await holdsAsync(t, fc.asyncProperty(RANDOM_FILE, async ({ byToken, rows, runs }) => {
    const [hard, clean] = [worlds += 1, worlds += 1]
    await addClient(store, hard)
    await addClient(store, clean)
    const hardWorld = makeWorld(store, hard)
    const cleanWorld = makeWorld(store, clean)

    for (const { chunks, repaired } of runs as RandomRun[]) {
      await run(store, hard, hardWorld.rowsOf(rows, byToken), { chunks, crashes: true })
      await hardWorld.repair(repaired)
    }
    await hardWorld.repair(TOKENS)
    await cleanWorld.repair(TOKENS)
    const jobId = await run(store, hard, hardWorld.rowsOf(rows, byToken), { chunks: [], crashes: false })
    await run(store, clean, cleanWorld.rowsOf(rows, byToken), { chunks: [], crashes: false })

    const failedLines = (await store.readBalanceFileFailures(jobId, 1, 100)).map(({ line }) => line)
    const found = await hardWorld.balances()
    const wanted = await cleanWorld.balances()
    return found.every((balances, account) => {
      const lines = rows.map(({ target }, index) => ({ isMine: target % ACCOUNTS === account, line: index + 2 })).filter(({ isMine }) => isMine)
      return balances === wanted[account] || lines.some(({ line }) => failedLines.includes(line))
    }) && rows.every(({ target, actual, blocked }, index) => failedLines.includes(index + 2) || found[target % ACCOUNTS] === `${actual}/${blocked}`)
  }))
})

t.test('a file that the process left in its middle is interrupted from the next start on', async (t) => {
  const path = join(makeFolder(t), 'test.sqlite')
  const first = openStore(path)
  await addClient(first, 1)
  await (await start(first, 1)).finish()
  await (await start(first, 1)).breakOff('because')
  await start(first, 1)
  await first.close()
  const second = openStore(path)
  t.teardown(async () => { await second.close() })
  t.match(await second.readBalanceFile(1), { dryRun: false, progress: { status: 'done' } })
  t.match(await second.readBalanceFile(2), { progress: { status: 'broken-off', reason: 'because' } })
  t.same((await second.readBalanceFile(3))?.progress, { status: 'interrupted' })
  await start(second, 1)
  t.same((await second.readBalanceFile(4))?.progress, { status: 'running' })
})

t.test('a job that has ended takes no more rows', async (t) => {
  const store = await makeStore(t)
  for (const end of [async (job: BalanceFileJob) => { await job.finish() }, async (job: BalanceFileJob) => { await job.breakOff('because') }]) {
    const job = await start(store, 1)
    await end(job)
    await t.rejects(job.carryOut([rowOf('rec-1,1,826,1,0,', 0)]), { message: 'The database connection is not open' }, 'its memory is gone')
  }
})

t.test('a file\'s times are those of its beginning and its end', async (t) => {
  let now = new Date('2026-01-31T08:00:00.000Z')
  const store = await makeStore(t, () => now)
  const startedAt = now
  const job = await start(store, 1)
  now = new Date('2026-01-31T08:02:00.091Z')
  const summary: Partial<BalanceFileSummary> = { startedAt, finishedAt: now }
  t.match(await job.finish(), summary)
  t.match(await store.readBalanceFile(job.jobId), { progress: { summary } })
})
