import { connect, type Socket } from 'node:net'
import type { NextBody } from './bodies.js'

/** Where and how to ask. */
export interface Load {
  readonly port: number
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly nextBody: NextBody
  /** Tells whether an answer is a success; by default 200 without a failed item. */
  readonly isSuccess?: (answer: string) => boolean
  /** Each has one request under way at a time. */
  readonly connections: number
  /** For how long requests are sent before, unmeasured. */
  readonly warmUpSeconds: number
  readonly seconds: number
}

/** What came of it. */
export interface LoadResult {
  readonly requestsPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
}

/** A load that is under way. */
interface Run {
  readonly load: Load
  readonly startMs: number
  /** Infinite until the warm-up is over. */
  measureFromMs: number
  endMs: number
  readonly latenciesMs: number[]
}

/** Longer than any answer may take; a run that hangs ends here. */
const ANSWER_TIMEOUT_MS = 30_000

/**
 * Asks over keep-alive connections until the time is over, and checks every answer: one that is no success ends the run
 * with an error.
 */
export async function runLoad (load: Load): Promise<LoadResult> {
  const run: Run = { load, startMs: performance.now(), measureFromMs: Infinity, endMs: Infinity, latenciesMs: [] }
  await Promise.all(Array.from({ length: load.connections }, async () => { await askUntilEnd(run) }))
  const sorted = Float64Array.from(run.latenciesMs).sort()
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
  return { requestsPerSecond: sorted.length / load.seconds, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) }
}

/** Begins to measure when the warm-up is over. */
function note (run: Run, sentMs: number): void {
  const isWarm = sentMs >= run.startMs + run.load.warmUpSeconds * 1000
  if (run.measureFromMs < Infinity || !isWarm) return
  run.measureFromMs = sentMs
  run.endMs = sentMs + run.load.seconds * 1000
}

async function askUntilEnd (run: Run): Promise<void> {
  const { load } = run
  const head = `POST ${load.path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: keep-alive\r\ncontent-type: ` +
  'application/json\r\n' +
    Object.entries(load.headers).map(([name, value]) => `${name}: ${value}\r\n`).join('')
  const socket = connect({ port: load.port, host: '127.0.0.1', noDelay: true })
  await new Promise<void>((resolve, reject) => {
    let answer = ''
    let sentMs = 0
    const ask = (): void => {
      sentMs = performance.now()
      if (sentMs >= run.endMs) {
        socket.end()
        resolve()
        return
      }
      note(run, sentMs)
      const body = load.nextBody()
      // One write, and a copy, because the body is used again while the socket may still hold it.
      const message = Buffer.allocUnsafe(head.length + 40 + body.length)
      const bodyAt = message.write(`${head}content-length: ${body.length}\r\n\r\n`, 'latin1')
      body.copy(message, bodyAt)
      socket.write(message.subarray(0, bodyAt + body.length))
    }
    socket.setTimeout(ANSWER_TIMEOUT_MS, () => { reject(new Error('no answer in time')) })
    socket.on('connect', ask)
    socket.on('error', reject)
    socket.on('close', () => { reject(new Error('the server closed the connection')) })
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      answer += chunk
      if (!isComplete(answer)) return
      const doneMs = performance.now()
      if (!(load.isSuccess ?? isSuccess)(answer)) {
        reject(new Error(`an answer is no success: ${answer.slice(0, 600)}`))
        return
      }
      answer = ''
      if (sentMs >= run.measureFromMs && doneMs <= run.endMs) run.latenciesMs.push(doneMs - sentMs)
      ask()
    })
  }).finally(() => { close(socket) })
}

function close (socket: Socket): void {
  socket.removeAllListeners('close')
  socket.destroy()
}

function isComplete (answer: string): boolean {
  const headEnd = answer.indexOf('\r\n\r\n')
  if (headEnd < 0) return false
  const length = /\r\ncontent-length: (\d+)/i.exec(answer.slice(0, headEnd))?.[1]
  return length === undefined ? answer.endsWith('\r\n0\r\n\r\n') : answer.length >= headEnd + 4 + Number(length)
}

function isSuccess (answer: string): boolean {
  return answer.startsWith('HTTP/1.1 200') && /"total_failed": ?0/.test(answer)
}
