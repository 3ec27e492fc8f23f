import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packageRoot } from '../src/package-root.js'
import { API_KEY, prepareBodies, UPDATE_PATH, type NextBody } from './bodies.js'
import { runLoad, type LoadResult } from './load.js'
import { startMockoon, startPostgres, startPrism, startWireMock } from './peers.js'
import { cpuMicroseconds, residentMegabytes, startPinned, type Running } from './processes.js'
import { divide, median, type Row } from './results.js'
import { seedDatabase } from './seed.js'

/** How long and how often to measure, and where the databases stand. */
export interface Bench {
  readonly folder: string
  readonly rounds: number
  readonly seconds: number
  readonly warmUpSeconds: number
  /** So many requests are sent to the measured service beforehand: under load it begins to write the accounts' rows only after two million changes. */
  readonly warmUpRequests: number
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

const OURS = 'stip-sandbox'
const ACCOUNTS = 200_000
const CONNECTIONS = 64
/** So many that two in three of a million accounts are in one. */
const BODIES = 40_000

/** A lone client's rows are written with each request, from the first one on; the other services have none that follow. */
const AT_ONCE = { warmUpRequests: 0 }

/** The Java machine compiles what is hot only after some thousand requests. */
const WARM_UP_MIN_SECONDS: Readonly<Record<string, number>> = { WireMock: 4 }

const MAIN = fileURLToPath(new URL('../src/cli/main.js', import.meta.url))
const SERVER = fileURLToPath(new URL('server.js', import.meta.url))
const SLOW_SYNC_SOURCE = fileURLToPath(new URL('bench/slow-sync.c', packageRoot))

/** The measured service as its users start it, logging at `warn`, on a fresh copy of a database with so many accounts. */
async function startOurs (bench: Bench, accounts = ACCOUNTS, environment: Record<string, string> = {}): Promise<Running> {
  const path = await copySeed(bench, accounts)
  return await startPinned(() => [process.execPath, MAIN, 'serve'], { DATABASE_PATH: path, LOG_LEVEL: 'warn', ADMIN_TOKEN: 'bench', RATE_LIMIT: '0', ...environment })
}

async function startOther (kind: string, bench: Bench): Promise<Running> {
  const path = await copySeed(bench, ACCOUNTS)
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

async function load (bench: Bench, running: Running, connections: number, more: { accounts?: number, seconds?: number, warmUpSeconds?: number, warmUpRequests?: number } = {}): Promise<LoadResult & { cpuMicroseconds: number }> {
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
    warmUpRequests: bench.warmUpRequests,
    seconds: bench.seconds,
    ...more
  })
  return { ...result, cpuMicroseconds: (cpuMicroseconds(running.pid) - cpuBefore) / sent }
}

/** Starts a service, asks it, and ends it. */
async function measureOnce (bench: Bench, name: string, start: () => Promise<Running>, connections: number, more: Parameters<typeof load>[3] = {}): Promise<LoadResult & { cpuMicroseconds: number }> {
  const running = await start()
  try {
    const warmUpSeconds = Math.max(bench.warmUpSeconds, WARM_UP_MIN_SECONDS[name] ?? 0)
    const result = await load(bench, running, connections, { warmUpSeconds, ...more })
    bench.say(`${name.padEnd(44)} ${String(connections).padStart(3)} connections ${result.requestsPerSecond.toFixed(0).padStart(7)} requests/s   p50 ${result.p50Ms.toFixed(2)} ms   p99 ${result.p99Ms.toFixed(2)} ms   processor ${result.cpuMicroseconds.toFixed(0)} µs a request`)
    return result
  } finally {
    await running.stop()
  }
}

/** Requests a second at 64 connections: ours and all the others, one after the other in each round. */
export async function compareServices (bench: Bench): Promise<{ rows: Row[], figures: Record<string, Figures> }> {
  const services: ReadonlyArray<readonly [string, () => Promise<Running>]> = [
    [OURS, async () => await startOurs(bench)],
    ['Fastify, no database', async () => await startOther('no-database', bench)],
    ['stip-sandbox over an empty store', async () => await startOther('no-store', bench)],
    ['stip-sandbox, a commit per request', async () => await startOther('commit-per-request', bench)],
    ['WireMock', async () => await startWireMock(bench.folder)],
    ['Prism', async () => await startPrism(bench.folder)],
    ['Mockoon', async () => await startMockoon(bench.folder)],
    ['Fastify, pg and PostgreSQL', async () => await startPostgres(bench.folder, ACCOUNTS)]
  ]
  const figures: Record<string, Figures> = {}
  const faults = new Map<string, string>()
  for (let round = 0; round < bench.rounds; round += 1) {
    for (const [name, start] of services) {
      if (faults.has(name)) continue
      try {
        const { requestsPerSecond, p50Ms, p99Ms, cpuMicroseconds } = await measureOnce(bench, name, start, CONNECTIONS, name === OURS ? {} : AT_ONCE)
        const seen = figures[name] ??= { requestsPerSecond: [], p50Ms: [], p99Ms: [], cpuMicroseconds: [] }
        seen.requestsPerSecond.push(requestsPerSecond)
        seen.p50Ms.push(p50Ms)
        seen.p99Ms.push(p99Ms)
        seen.cpuMicroseconds.push(cpuMicroseconds)
      } catch (error) {
        const reason = String(error).split('\n').slice(0, 4).join(' ').replaceAll(fileURLToPath(packageRoot), '')
        faults.set(name, reason)
        bench.say(`NOT MEASURED ${name}: ${reason}`)
      }
    }
  }
  const ratioTo = (name: string, goal?: number): Row => {
    const fault = faults.get(name)
    return {
      measure: `requests/s at ${CONNECTIONS} connections ÷ ${name}`,
      goal: goal === undefined ? undefined : { atLeast: goal },
      values: divide(figures[OURS]?.requestsPerSecond ?? [], figures[name]?.requestsPerSecond ?? []),
      ...fault === undefined ? {} : { note: fault }
    }
  }
  return {
    figures,
    rows: [
      ratioTo('Fastify, no database', 0.4),
      ratioTo('stip-sandbox over an empty store'),
      ratioTo('stip-sandbox, a commit per request'),
      ratioTo('WireMock', 1.6),
      ratioTo('Prism', 4),
      ratioTo('Mockoon', 4),
      ratioTo('Fastify, pg and PostgreSQL', 4)
    ]
  }
}

/** What a lone client waits for, and how even the answers are at 16 connections. */
export async function measureLatency (bench: Bench): Promise<Row[]> {
  const lone: number[] = []
  const spread: number[] = []
  const emptySpread: number[] = []
  for (let round = 0; round < bench.rounds; round += 1) {
    const grouped = await measureOnce(bench, OURS, async () => await startOurs(bench), 1, AT_ONCE)
    const single = await measureOnce(bench, 'stip-sandbox, a commit per request', async () => await startOther('commit-per-request', bench), 1, AT_ONCE)
    lone.push(grouped.p50Ms / single.p50Ms)
    const { p50Ms, p99Ms } = await measureOnce(bench, OURS, async () => await startOurs(bench), 16)
    spread.push(p99Ms / p50Ms)
    const empty = await measureOnce(bench, 'Fastify, no database', async () => await startOther('no-database', bench), 16, AT_ONCE)
    emptySpread.push(empty.p99Ms / empty.p50Ms)
  }
  return [
    { measure: 'a lone client: p50 ÷ p50 of a commit per request', goal: { atMost: 1.1 }, values: lone },
    { measure: 'p99 ÷ p50 at 16 connections, checkpoints included', goal: { atMost: 3 }, values: spread },
    { measure: 'the same of Fastify, no database: what the machine itself adds', goal: undefined, values: emptySpread }
  ]
}

/** How much many accounts cost beside few. */
export async function measureScale (bench: Bench, [few, many]: readonly [number, number]): Promise<Row[]> {
  const rates: Record<number, number[]> = { [few]: [], [many]: [] }
  for (let round = 0; round < bench.rounds; round += 1) {
    for (const accounts of [few, many]) {
      const { requestsPerSecond } = await measureOnce(bench, `stip-sandbox, ${accounts} accounts`, async () => await startOurs(bench, accounts), CONNECTIONS, { accounts })
      rates[accounts]?.push(requestsPerSecond)
    }
  }
  return [{ measure: `requests/s with ${many} accounts ÷ with ${few}`, goal: { atLeast: 0.75 }, values: divide(rates[many] ?? [], rates[few] ?? []) }]
}

/** What slower syncs, as those of a cloud disk, cost. */
export async function measureSlowSync (bench: Bench): Promise<Row[]> {
  const library = join(bench.folder, 'slow-sync.so')
  try {
    execFileSync('cc', ['-shared', '-fPIC', '-O2', '-o', library, SLOW_SYNC_SOURCE, '-ldl'], { stdio: 'pipe' })
  } catch {
    return [{ measure: 'requests/s with slower syncs', goal: undefined, values: [], note: 'there is no C compiler (cc)' }]
  }
  const delaysMs = [0, 1, 5]
  const rates = delaysMs.map((): number[] => [])
  for (let round = 0; round < bench.rounds; round += 1) {
    for (const [index, delayMs] of delaysMs.entries()) {
      const environment = { LD_PRELOAD: library, SYNC_DELAY_US: String(delayMs * 1000) }
      const { requestsPerSecond } = await measureOnce(bench, `stip-sandbox, each sync ${delayMs} ms slower`, async () => await startOurs(bench, ACCOUNTS, environment), CONNECTIONS)
      rates[index]?.push(requestsPerSecond)
    }
  }
  return [0.9, 0.7].map((goal, index) => ({
    measure: `requests/s with each sync ${delaysMs[index + 1]} ms slower ÷ with none`,
    goal: { atLeast: goal },
    values: divide(rates[index + 1] ?? [], rates[0] ?? [])
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
    await load(bench, running, CONNECTIONS, { ...AT_ONCE, warmUpSeconds: 0, seconds: first })
    const early = residentMegabytes(running.pid)
    await load(bench, running, CONNECTIONS, { ...AT_ONCE, warmUpSeconds: 0, seconds: last - first })
    const late = residentMegabytes(running.pid)
    const walMax = Math.max(...walMegabytes) / 1e6
    bench.say(`memory after ${first} s ${early.toFixed(0)} MB, after ${last} s ${late.toFixed(0)} MB; WAL median ${(median(walMegabytes) / 1e6).toFixed(0)} MB`)
    return [
      { measure: `memory after ${last} s of load ÷ after ${first} s`, goal: { atMost: 1.1 }, values: [late / early] },
      { measure: 'largest write-ahead log, MB', goal: undefined, values: [walMax] }
    ]
  } finally {
    clearInterval(watch)
    await running.stop()
  }
}
