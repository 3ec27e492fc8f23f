import { copyFileSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { API_KEY, prepareBodies, UPDATE_PATH, type NextBody } from './bodies.js'
import { runLoad, type LoadResult } from './load.js'
import { cpuMicroseconds, startPinned, type Running } from './processes.js'
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

export const OURS = 'stip-sandbox'
export const FASTIFY = 'Fastify, no database'
/** What a sandbox has. */
export const FEW = 1_000
export const ACCOUNTS = 200_000
export const CONNECTIONS = 64
/** As many as put two in three of a million accounts are in one. */
const BODIES = 40_000

/** The Java machine compiles hot code only after some thousand requests. */
const WARM_UP_MIN_SECONDS: Readonly<Record<string, number>> = { WireMock: 4 }

export const MAIN = fileURLToPath(new URL('../src/cli/main.js', import.meta.url))
export const SERVER = fileURLToPath(new URL('server.js', import.meta.url))

/**
 * The measured service as its users start it, logging at `warn`, on a fresh copy of a database with a number of
 * accounts.
 */
export async function startOurs (
  bench: Bench, accounts = ACCOUNTS, settings: Readonly<Record<string, string>> = {}
): Promise<Running> {
  await copySeed(bench, accounts)
  return await startAgain(bench, settings)
}

/** Starts on the database as it was left. */
export async function startAgain (bench: Bench, settings: Readonly<Record<string, string>> = {}): Promise<Running> {
  return await startPinned(() => [process.execPath, MAIN, 'serve'], {
    DATABASE_PATH: databasePath(bench),
    LOG_LEVEL: 'warn',
    ADMIN_TOKEN: 'bench-admin-token',
    RATE_LIMIT: '0',
    ...settings
  })
}

export async function startOther (kind: string, bench: Bench): Promise<Running> {
  const path = await copySeed(bench, FEW)
  return await startPinned((port) => [process.execPath, SERVER, kind, String(port), path])
}

export async function copySeed (bench: Bench, accounts: number): Promise<string> {
  const seed = join(bench.folder, `seed-${accounts}.sqlite`)
  if (!existsSync(seed)) await seedDatabase(seed, accounts)
  const path = databasePath(bench)
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true })
  copyFileSync(seed, path)
  return path
}

export function databasePath (bench: Bench): string {
  return join(bench.folder, 'run.sqlite')
}

const pools = new Map<number, NextBody>()

/** Gives the bodies over a number of accounts, which are made once. */
function bodiesFor (accounts: number): NextBody {
  const next = pools.get(accounts) ?? prepareBodies(accounts, BODIES)
  pools.set(accounts, next)
  return next
}

export const waitSeconds = async (seconds: number): Promise<void> => { await wait(seconds * 1000) }

export async function load (
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
export async function measureOnce (
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
