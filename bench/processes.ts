import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** The core that every measured service runs on. */
export const SERVER_CORE = 0

/** The core that the load comes from. */
export const LOAD_CORE = 1

const START_TIMEOUT_MS = 60_000
const STOP_TIMEOUT_MS = 30_000

/** A service that is up and pinned to its core. */
export interface Running {
  readonly port: number
  readonly pid: number
  stop (): Promise<void>
  /** Ends it at once, as a power cut would. */
  kill (): Promise<void>
}

/** Starts a command, pinned to a core, and waits until it listens. */
export async function startPinned (
  makeArguments: (port: number) => readonly string[], environment: Record<string, string> = {}, core = SERVER_CORE
): Promise<Running> {
  const port = await freePort()
  const child = spawn('taskset', ['--cpu-list', String(core), ...makeArguments(port)], {
    env: { ...process.env, PORT: String(port), ...environment },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let output = ''
  const note = (chunk: Buffer): void => { output = `${output}${chunk.toString()}`.slice(-4000) }
  child.stdout.on('data', note)
  child.stderr.on('data', note)
  const deadlineMs = performance.now() + START_TIMEOUT_MS
  while (!await isListening(port)) {
    if (child.exitCode !== null) throw new Error(`ended at its start: ${output}`)
    if (performance.now() > deadlineMs) {
      await stop(child)
      throw new Error(`does not listen: ${output}`)
    }
    await sleep(50)
  }
  return {
    port,
    pid: child.pid ?? 0,
    stop: async () => { await stop(child) },
    kill: async () => {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    }
  }
}

/** Runs a command to its end, pinned to the server's core. @returns what it has printed */
export function runPinned (command: readonly string[]): string {
  return execFileSync('taskset', ['--cpu-list', String(SERVER_CORE), ...command], { encoding: 'utf8' })
}

async function stop (child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const patience = setTimeout(() => { child.kill('SIGKILL') }, STOP_TIMEOUT_MS)
  await ended
  clearTimeout(patience)
}

async function freePort (): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function isListening (port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => { resolve(false) })
  })
}

/** The processor time that a process has used so far, in microseconds, over all of its threads. */
export function cpuMicroseconds (pid: number): number {
  return readdirSync(`/proc/${pid}/task`)
    .reduce((sum, thread) =>
      sum + Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1000, 0)
}

/** The memory that a process holds, in megabytes. */
export function residentMegabytes (pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
}
