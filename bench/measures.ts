import { copyFileSync, existsSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packageRoot } from '../src/package-root.js'
import { API_KEY, prepareBodies, UPDATE_PATH, type NextBody } from './bodies.js'
import { runLoad, type LoadResult } from './load.js'
import { startMockoon, startPostgres, startPrism, startWireMock } from './peers.js'
import { setTimeout as wait } from 'node:timers/promises'
import { cpuMicroseconds, residentMegabytes, runPinned, startPinned, type Running } from './processes.js'
import { divide, median, type Row } from './results.js'
import { seedDatabase } from './seed.js'

/** How long and how often to measure, and where the databases stand. */
export interface Bench {
  readonly folder: string
  readonly rounds: number
  readonly seconds: number
  readonly warmUpSeconds: number
  /** After how many seconds of load memory is read, for the first and the second time. */
  readonly memorySeconds: readonly [number, number]
  readonly say: (line: string) => void
}

/** What was seen of one service, a value a round. */
export interface Figures {
  readonly requestsPerSecond: number[]
  readonly p50Ms: number[]
  readonly p99Ms: number[]
  readonly cpuMicroseconds: number[]
}

export const OURS = 'stip-sandbox'
const FASTIFY = 'Fastify, no database'
/** What a sandbox has. */
export const FEW = 1_000
const ACCOUNTS = 200_000
const CONNECTIONS = 64
/** So many that two in three of a million accounts are in one. */
const BODIES = 40_000

/** The Java machine compiles what is hot only after some thousand requests. */
const WARM_UP_MIN_SECONDS: Readonly<Record<string, number>> = { WireMock: 4 }

const MAIN = fileURLToPath(new URL('../src/cli/main.js', import.meta.url))
const SERVER = fileURLToPath(new URL('server.js', import.meta.url))
const STATEMENTS = fileURLToPath(new URL('statements.js', import.meta.url))
const MICRO = fileURLToPath(new URL('micro.js', import.meta.url))

/**
 * The measured service as its users start it, logging at `warn`, on a fresh copy of a database with so many accounts.
 */
async function startOurs (bench: Bench, accounts = ACCOUNTS): Promise<Running> {
  await copySeed(bench, accounts)
  return await startAgain(bench)
}

/** Starts on the database as it was left. */
async function startAgain (bench: Bench): Promise<Running> {
  return await startPinned(() => [process.execPath, MAIN, 'serve'], {
    DATABASE_PATH: databasePath(bench), LOG_LEVEL: 'warn', ADMIN_TOKEN: 'bench-admin-token', RATE_LIMIT: '0'
  })
}

async function startOther (kind: string, bench: Bench): Promise<Running> {
  const path = await copySeed(bench, FEW)
  return await startPinned((port) => [process.execPath, SERVER, kind, String(port), path])
}

async function copySeed (bench: Bench, accounts: number): Promise<string> {
  const seed = join(bench.folder, `seed-${accounts}.sqlite`)
  if (!existsSync(seed)) await seedDatabase(seed, accounts)
  const path = databasePath(bench)
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true })
  copyFileSync(seed, path)
  return path
}

function databasePath (bench: Bench): string {
  return join(bench.folder, 'run.sqlite')
}

const pools = new Map<number, NextBody>()

/** Gives the bodies over so many accounts, which are made once. */
function bodiesFor (accounts: number): NextBody {
  const next = pools.get(accounts) ?? prepareBodies(accounts, BODIES)
  pools.set(accounts, next)
  return next
}

const waitSeconds = async (seconds: number): Promise<void> => { await wait(seconds * 1000) }

async function load (
  bench: Bench,
  running: Running,
  connections: number,
  more: { accounts?: number, seconds?: number, warmUpSeconds?: number } = {}
): Promise<LoadResult & { cpuMicroseconds: number }> {
  const next = bodiesFor(more.accounts ?? ACCOUNTS)
  const cpuBefore = cpuMicroseconds(running.pid)
  let sent = 0
  const result = await runLoad({
    port: running.port,
    path: UPDATE_PATH,
    headers: { 'x-api-key': API_KEY },
    nextBody: () => {
      sent += 1
      return next()
    },
    connections,
    warmUpSeconds: bench.warmUpSeconds,
    seconds: bench.seconds,
    ...more
  })
  return { ...result, cpuMicroseconds: (cpuMicroseconds(running.pid) - cpuBefore) / sent }
}

/** Starts a service, asks it, and ends it. */
async function measureOnce (
  bench: Bench, name: string, start: () => Promise<Running>, connections: number, more: Parameters<typeof load>[3] = {}
): Promise<LoadResult & { cpuMicroseconds: number }> {
  const running = await start()
  try {
    const warmUpSeconds = Math.max(bench.warmUpSeconds, WARM_UP_MIN_SECONDS[name] ?? 0)
    const result = await load(bench, running, connections, { warmUpSeconds, ...more })
    bench.say(`${name.padEnd(44)} ${String(connections).padStart(3)} connections ` +
      `${result.requestsPerSecond.toFixed(0).padStart(7)} requests/s   p50 ${result.p50Ms.toFixed(2)} ms   p99 ` +
      `${result.p99Ms.toFixed(2)} ms   processor ${result.cpuMicroseconds.toFixed(0)} µs a request`)
    return result
  } finally {
    await running.stop()
  }
}

/**
 * Requests a second at 64 connections over so many accounts: ours and all the others, one after the other in each
 * round.
 */
export async function compareServices (
  bench: Bench, accounts: number, goals: Readonly<Record<string, number>>
): Promise<{ rows: Row[], figures: Record<string, Figures> }> {
  const services: ReadonlyArray<readonly [string, () => Promise<Running>]> = [
    [OURS, async () => await startOurs(bench, accounts)],
    [FASTIFY, async () => await startOther('no-database', bench)],
    ['WireMock', async () => await startWireMock(bench.folder)],
    ['Prism', async () => await startPrism(bench.folder)],
    ['Mockoon', async () => await startMockoon(bench.folder)],
    ['Fastify, pg and PostgreSQL', async () => await startPostgres(bench.folder, accounts)]
  ]
  const figures: Record<string, Figures> = {}
  const faults = new Map<string, string>()
  for (let round = 0; round < bench.rounds; round += 1) {
    for (const [name, start] of services) {
      if (faults.has(name)) continue
      try {
        addTo(figures, name, await measureOnce(bench, name, start, CONNECTIONS, { accounts }))
      } catch (error) {
        const reason = String(error).split('\n').slice(0, 4).join(' ').replaceAll(fileURLToPath(packageRoot), '')
        faults.set(name, reason)
        bench.say(`NOT MEASURED ${name}: ${reason}`)
      }
    }
  }
  const rows = services.slice(1).map(([name]): Row => ({
    measure: `requests/s, ${accounts} accounts ÷ ${name}`,
    goal: goals[name] === undefined ? undefined : { atLeast: goals[name] },
    values: divide(figures[OURS]?.requestsPerSecond ?? [], figures[name]?.requestsPerSecond ?? []),
    ...faults.has(name) ? { note: String(faults.get(name)) } : {}
  }))
  return { figures, rows }
}

function addTo (figures: Record<string, Figures>, name: string, seen: LoadResult & { cpuMicroseconds: number }): void {
  const all = figures[name] ??= { requestsPerSecond: [], p50Ms: [], p99Ms: [], cpuMicroseconds: [] }
  for (const key of ['requestsPerSecond', 'p50Ms', 'p99Ms', 'cpuMicroseconds'] as const) all[key].push(seen[key])
}

/** What SQLite itself costs: see `statements.ts`. */
interface StatementFigures {
  readonly p50Ms: number
  readonly statementsUs: number
  readonly commitUs: number
}

async function measureStatements (bench: Bench, accounts: number, groupSize: number): Promise<StatementFigures> {
  const path = await copySeed(bench, accounts)
  const output = runPinned([
    process.execPath,
    STATEMENTS,
    path,
    String(accounts),
    String(groupSize),
    String(bench.seconds)
  ])
  return JSON.parse(output) as StatementFigures
}

/** What a lone client waits for, beside Fastify and SQLite, and how even the answers are at 16 connections. */
export async function measureLatency (bench: Bench): Promise<Row[]> {
  const [lone, spread, emptySpread]: number[][] = [[], [], []]
  for (let round = 0; round < bench.rounds; round += 1) {
    const ours = await measureOnce(bench, OURS, async () => await startOurs(bench, FEW), 1, { accounts: FEW })
    const bare = await measureOnce(
      bench, FASTIFY, async () => await startOther('no-database', bench), 1, { accounts: FEW }
    )
    const sqlite = await measureStatements(bench, FEW, 1)
    bench.say(`${'the same statements, better-sqlite3 alone'.padEnd(44)} p50 ${sqlite.p50Ms.toFixed(2)} ms`)
    lone?.push(ours.p50Ms / (bare.p50Ms + sqlite.p50Ms))
    const { p50Ms, p99Ms } = await measureOnce(bench, OURS, async () => await startOurs(bench, FEW), 16, {
      accounts: FEW
    })
    spread?.push(p99Ms / p50Ms)
    const empty = await measureOnce(
      bench, FASTIFY, async () => await startOther('no-database', bench), 16, { accounts: FEW }
    )
    emptySpread?.push(empty.p99Ms / empty.p50Ms)
  }
  return [
    {
      measure: 'a lone client: p50 ÷ (p50 of Fastify + p50 of the statements alone)',
      goal: { atMost: 1.25 },
      values: lone ?? []
    },
    { measure: 'p99 ÷ p50 at 16 connections', goal: { atMost: 3 }, values: spread ?? [] },
    {
      measure: 'the same of Fastify, no database: what the machine itself adds',
      goal: undefined,
      values: emptySpread ?? []
    }
  ]
}

/** How much very many accounts cost beside many. */
export async function measureScale (bench: Bench, [many, veryMany]: readonly [number, number]): Promise<Row[]> {
  const rates: Record<number, number[]> = { [many]: [], [veryMany]: [] }
  for (let round = 0; round < bench.rounds; round += 1) {
    for (const accounts of [many, veryMany]) {
      const start = async (): Promise<Running> => await startOurs(bench, accounts)
      const { requestsPerSecond } = await measureOnce(
        bench, `${OURS}, ${accounts} accounts`, start, CONNECTIONS, { accounts }
      )
      rates[accounts]?.push(requestsPerSecond)
    }
  }
  const values = divide(rates[veryMany] ?? [], rates[many] ?? [])
  return [{ measure: `requests/s, ${veryMany} accounts ÷ ${many}`, goal: { atLeast: 0.7 }, values }]
}

/** How long a start takes after a kill in the middle of load, until the service is ready. */
export async function measureRestart (bench: Bench, accounts: number): Promise<Row[]> {
  const values: number[] = []
  for (let round = 0; round < bench.rounds; round += 1) {
    const running = await startOurs(bench, accounts)
    const broken = load(bench, running, CONNECTIONS, { accounts, warmUpSeconds: 0, seconds: 60 }).catch(() => {})
    await waitSeconds(bench.seconds)
    await running.kill()
    await broken
    const startMs = performance.now()
    const again = await startAgain(bench)
    await untilReady(again.port)
    values.push((performance.now() - startMs) / 1000)
    await again.stop()
  }
  return [{
    measure: `start after a kill under load, ${accounts} accounts, seconds until ready`,
    goal: { atMost: 2 },
    values
  }]
}

async function untilReady (port: number): Promise<void> {
  while (!(await fetch(`http://127.0.0.1:${port}/health/ready`)).ok) await waitSeconds(0.01)
}

/** Where the processor time of one request goes at 64 connections. */
export async function measureParts (bench: Bench): Promise<Row[]> {
  const parts: Record<string, number[]> = {}
  const add = (part: string, microseconds: number): void => { (parts[part] ??= []).push(microseconds) }
  for (let round = 0; round < bench.rounds; round += 1) {
    const whole = await measureOnce(bench, OURS, async () => await startOurs(bench, FEW), CONNECTIONS, {
      accounts: FEW
    })
    const noStore = await measureOnce(
      bench,
      `${OURS} over an empty store`,
      async () => await startOther('no-store', bench),
      CONNECTIONS,
      { accounts: FEW }
    )
    const sqlite = await measureStatements(bench, FEW, CONNECTIONS)
    const reading = Number(runPinned([process.execPath, MICRO, 'reading']))
    add('HTTP, hooks and the answer', noStore.cpuMicroseconds - reading)
    add('reading: parse, validate, translate, fingerprint', reading)
    add('statements', sqlite.statementsUs)
    add('commit', sqlite.commitUs)
    add(
      'planning and the rest of the store',
      whole.cpuMicroseconds - noStore.cpuMicroseconds - sqlite.statementsUs - sqlite.commitUs
    )
  }
  return Object.entries(parts).map(([part, values]) => ({
    measure: `processor time a request, µs: ${part}`,
    goal: undefined,
    values
  }))
}

/** Whether memory and the write-ahead log stay bounded under lasting load. */
export async function measureMemory (bench: Bench): Promise<Row[]> {
  const [first, last] = bench.memorySeconds
  const running = await startOurs(bench)
  const wal = `${databasePath(bench)}-wal`
  const walMegabytes: number[] = []
  const watch = setInterval(() => { walMegabytes.push(statSync(wal, { throwIfNoEntry: false })?.size ?? 0) }, 1000)
  try {
    await load(bench, running, CONNECTIONS, { warmUpSeconds: 0, seconds: first })
    const early = residentMegabytes(running.pid)
    await load(bench, running, CONNECTIONS, { warmUpSeconds: 0, seconds: last - first })
    const late = residentMegabytes(running.pid)
    const walMax = Math.max(...walMegabytes) / 1e6
    bench.say(`memory after ${first} s ${early.toFixed(0)} MB, after ${last} s ${late.toFixed(0)} MB; WAL median ` +
      `${(median(walMegabytes) / 1e6).toFixed(0)} MB`)
    return [
      { measure: `memory after ${last} s of load ÷ after ${first} s`, goal: { atMost: 1.1 }, values: [late / early] },
      { measure: 'largest write-ahead log, MB', goal: undefined, values: [walMax] }
    ]
  } finally {
    clearInterval(watch)
    await running.stop()
  }
}
