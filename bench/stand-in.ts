import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { accountId, API_KEY, AUTHORIZE_PATH, CLIENT_ID, CURRENCY, UPDATE_PATH, type NextBody } from './bodies.js'
import { runLoad, type LoadResult } from './load.js'
import { LOAD_CORE, startPinned, type Running } from './processes.js'
import { divide, type Row } from './results.js'
import { CONNECTIONS, databasePath, FEW, MAIN, SERVER, type Bench } from './services.js'

const ADMIN_TOKEN = 'bench-admin-token'

/** An answer that never comes within this ends in stand-in. */
const DEADLINE_MS = 500

const WAITING_ADVICES = 100_000

/** The card of the nth account. */
const tokenOf = (index: number): number => 10_000_000 + index

/** A service with cards, a rule that allows every payment, and an issuer. */
interface StandInService {
  readonly service: Running
  readonly issuer: Running
  stop (): Promise<void>
}

/** @param state whether the issuer is asked @param behaviour `sleep` for one that never answers */
async function startStandIn (
  bench: Bench, state: 'on' | 'off', { behaviour = 'approve', waiting = 0 } = {}
): Promise<StandInService> {
  const issuer = await startPinned(
    (port) => [process.execPath, SERVER, 'issuer', String(port), behaviour], {}, LOAD_CORE)
  const path = databasePath(bench)
  const start = async (): Promise<Running> => await startPinned(() => [process.execPath, MAIN, 'serve'], {
    DATABASE_PATH: path,
    SCENARIO_FILE: join(bench.folder, 'scenario.json'),
    LOG_LEVEL: 'warn',
    ADMIN_TOKEN,
    RATE_LIMIT: '0'
  })
  writeFileSync(join(bench.folder, 'scenario.json'), JSON.stringify(scenarioFor(issuer, state)))
  let service = await start()
  if (waiting > 0) {
    await measure(bench, service, PAYMENTS, { connections: 1, seconds: 0.1, warmUpSeconds: 0 })
    await service.stop()
    addAdvices(path, waiting)
    service = await start()
  }
  return { service, issuer, stop: async () => { await Promise.all([service.stop(), issuer.stop()]) } }
}

function scenarioFor ({ port }: Running, state: 'on' | 'off'): object {
  return {
    clients: [{
      client_id: CLIENT_ID,
      name: 'Bench Bank',
      api_key: API_KEY,
      issuer: {
        url: `http://127.0.0.1:${port}/fast`, deadline_ms: DEADLINE_MS, throttle_on: ['error'], state
      }
    }],
    accounts: Array.from({ length: FEW }, (_, index) => ({
      client_id: CLIENT_ID,
      account_id: String(accountId(index)),
      currency: CURRENCY,
      actual_balance: '1000000000.00',
      blocked_balance: '0.00',
      tokens: [String(tokenOf(index))]
    })),
    rules: [{ rule_id: 'any', client_id: CLIENT_ID, name: 'Any payment' }]
  }
}

/** Repeats the message of one advice, as advices of declined payments that are sent in an hour. */
function addAdvices (path: string, count: number): void {
  const database = new Database(path)
  database.exec(`
    CREATE TEMP TABLE place AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
      SELECT i, 1000000 + i AS id FROM n;
    CREATE TEMP TABLE one AS SELECT * FROM transactions WHERE state = 'approved' LIMIT 1;
    UPDATE one SET state = 'declined', de39 = '05';
    CREATE TEMP TABLE said AS SELECT m.* FROM messages m JOIN advices USING (rid) LIMIT 1;
    CREATE TEMP TABLE told AS SELECT * FROM advices LIMIT 1;`)
  const copy = (table: string, from: string, own: Readonly<Record<string, string>>): void => {
    const columns = database.pragma(`table_info(${table})`) as Array<{ name: string }>
    const values = columns.map(({ name }) => own[name] ?? name).join()
    database.exec(`INSERT INTO ${table} SELECT ${values} FROM ${from}, place`)
  }
  database.transaction(() => {
    copy('transactions', 'one', { tid: 'id', rid: 'id * 2' })
    copy('messages', 'said', { rid: 'id * 2 + 1', tid: 'id', original_rid: 'id * 2' })
    copy('advices', 'told', {
      rid: 'id * 2 + 1',
      tid: 'id',
      original_rid: 'id * 2',
      state: '\'waiting\'',
      next_at_ms: String(Date.now() + 3_600_000),
      acknowledged_at_ms: 'NULL'
    })
    database.exec('UPDATE sequences SET last_number = 10000000')
  })()
  database.close()
}

/** The requests to a service: their address, headers and bodies, and how to tell a success. */
interface Traffic {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly nextBody: NextBody
  readonly isSuccess: (answer: string) => boolean
}

const inTurn = (make: (index: number) => object): NextBody => {
  let sent = 0
  return () => {
    sent += 1
    return Buffer.from(JSON.stringify(make(sent)))
  }
}

const isApproved = (answer: string): boolean => answer.startsWith('HTTP/1.1 200') && /"de39":"00"/i.test(answer)

const PAYMENTS: Traffic = {
  path: AUTHORIZE_PATH,
  headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
  nextBody: inTurn((index) => ({ token: String(tokenOf(index % FEW)), amount: '1.00', currency: CURRENCY })),
  isSuccess: isApproved
}

const UPDATES: Traffic = {
  path: UPDATE_PATH,
  headers: { 'x-api-key': API_KEY },
  nextBody: inTurn((index) => ({
    client_id: CLIENT_ID,
    api_call_unique_identifier: `bench-${process.pid}-${index}`,
    balance_list: [{
      input_type: 'a', input_id: accountId(index % FEW), act_balance: 1e9, blk_balance: 0, bill_ccy: CURRENCY
    }]
  })),
  isSuccess: (answer) => answer.startsWith('HTTP/1.1 200') && /"total_failed": ?0/.test(answer)
}

async function measure (
  { seconds, warmUpSeconds }: Bench, { port }: Running, traffic: Traffic, more: object = {}
): Promise<LoadResult> {
  return await runLoad({ port, connections: CONNECTIONS, seconds, warmUpSeconds, ...traffic, ...more })
}

async function during<Result> (started: StandInService, work: (started: StandInService) => Promise<Result>) {
  try {
    return await work(started)
  } finally {
    await started.stop()
  }
}

/** Decisions in stand-in ÷ updates of one item, both on the same service. */
async function compareWithUpdates (bench: Bench): Promise<number> {
  return await during(await startStandIn(bench, 'off'), async ({ service }) => {
    const updates = await measure(bench, service, UPDATES)
    const decisions = await measure(bench, service, PAYMENTS)
    tell(bench, 'decisions in stand-in, and updates of one item', decisions, updates)
    return decisions.requestsPerSecond / updates.requestsPerSecond
  })
}

/** Decisions by a local issuer ÷ a bare Fastify that forwards one request to it. */
async function compareWithForwarding (bench: Bench): Promise<number> {
  return await during(await startStandIn(bench, 'on'), async ({ service, issuer }) => {
    const decisions = await measure(bench, service, PAYMENTS)
    const target = `http://127.0.0.1:${issuer.port}/fast`
    const bare = await startPinned((port) => [process.execPath, SERVER, 'forward', String(port), target])
    try {
      const forwarded = await measure(bench, bare, PAYMENTS)
      tell(bench, 'decisions by an issuer, and forwarded requests', decisions, forwarded)
      return decisions.requestsPerSecond / forwarded.requestsPerSecond
    } finally {
      await bare.stop()
    }
  })
}

/** How long after the deadline a stand-in decision is there, milliseconds, the 99th percentile. */
async function measureLateness (bench: Bench): Promise<number> {
  return await during(await startStandIn(bench, 'on', { behaviour: 'sleep' }), async ({ service }) => {
    const decisions = await measure(bench, service, PAYMENTS, { connections: 16 })
    tell(bench, 'decisions behind a deadline', decisions)
    return decisions.p99Ms - DEADLINE_MS
  })
}

/** Requests a second of updates and of decisions. */
async function measureBoth (bench: Bench, waiting: number): Promise<{ updates: number, decisions: number }> {
  return await during(await startStandIn(bench, 'off', { waiting }), async ({ service }) => {
    const updates = await measure(bench, service, UPDATES)
    const decisions = await measure(bench, service, PAYMENTS)
    tell(bench, `updates, and decisions, beside ${waiting} advices`, updates, decisions)
    return { updates: updates.requestsPerSecond, decisions: decisions.requestsPerSecond }
  })
}

function tell ({ say }: Bench, what: string, ...results: readonly LoadResult[]): void {
  const shown = results.map(({ requestsPerSecond, p50Ms, p99Ms }) =>
    `${requestsPerSecond.toFixed(0)}/s (p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms)`)
  say(`${what.padEnd(52)} ${shown.join('   ')}`)
}

/** Measures the decision, a value a round. */
export async function measureStandIn (bench: Bench, fresh: () => void): Promise<Row[]> {
  const seen: Record<string, number[]> = { updates: [], forwarding: [], lateness: [] }
  const [withAdvices, without]: Array<Array<{ updates: number, decisions: number }>> = [[], []]
  for (let round = 0; round < bench.rounds; round += 1) {
    for (const [name, work] of [
      ['updates', compareWithUpdates], ['forwarding', compareWithForwarding], ['lateness', measureLateness]
    ] as const) {
      fresh()
      seen[name]?.push(await work(bench))
    }
    for (const waiting of round % 2 === 0 ? [0, WAITING_ADVICES] : [WAITING_ADVICES, 0]) {
      fresh()
      ;(waiting === 0 ? without : withAdvices)?.push(await measureBoth(bench, waiting))
    }
  }
  const slowdown = (what: 'updates' | 'decisions'): Row => ({
    measure: `${what}: without ÷ with ${WAITING_ADVICES} waiting advices`,
    goal: { atMost: 1.1 },
    values: divide((without ?? []).map((both) => both[what]), (withAdvices ?? []).map((both) => both[what]))
  })
  const [updates = [], forwarding = [], lateness = []] = [seen['updates'], seen['forwarding'], seen['lateness']]
  return [
    { measure: 'decisions in stand-in ÷ updates of one item', goal: { atLeast: 0.5 }, values: updates },
    { measure: 'decisions by an issuer ÷ forwarded requests', goal: { atLeast: 0.4 }, values: forwarding },
    { measure: 'p99 behind the deadline, ms, 16 connections', goal: { atMost: 25 }, values: lateness },
    slowdown('updates'),
    slowdown('decisions')
  ]
}
