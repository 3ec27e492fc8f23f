import { once } from 'node:events'
import https from 'node:https'
import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import tls from 'node:tls'
import { SETTINGS } from '../settings.js'
import { portOf, urlOf, type ConnectionOptions } from './connection.js'

/** Where a service is looked for. */
export interface Place {
  readonly url: URL
  /**
   * How its certificate is taken: `any` for the service of these settings, whose certificate may name another host or
   * come from a private authority, `mutual` when that asks for one itself, and `trusted` for an address that was given.
   */
  readonly certificate: 'any' | 'mutual' | 'trusted'
}

/** What a look at a service has found. */
export interface Finding {
  /** Undefined when the answer is good. */
  readonly fault: string | undefined
  readonly isAnswered: boolean
  /** The body of the answer; undefined where there is none to read. */
  readonly body?: string
}

type Environment = Readonly<Record<string, string | undefined>>

/** How long one look may take, in milliseconds: a service may accept a connection and say nothing. */
const [SHORTEST_LOOK_MS, LONGEST_LOOK_MS] = [500, 5000]

/** The address by which a service is reached that listens on all of them. */
const LOOPBACK_OF: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' }

/**
 * Finds out where a service is: at the address that was given, else where one with the settings of the environment
 * listens (`HOST`, `PORT`, `TLS_CERT`, `TLS_CLIENT_CA`).
 *
 * @throws CommandFailure when the address is none
 */
export function placeOf (options: Pick<ConnectionOptions, 'url'>, environment: Environment): Place {
  if (options.url !== undefined || environment['STIP_SANDBOX_URL']) {
    return { url: urlOf(options, environment), certificate: 'trusted' }
  }
  const listened = environment['HOST'] || SETTINGS.HOST.fallback
  const host = LOOPBACK_OF[listened] ?? listened
  const port = Number(environment['PORT']) || SETTINGS.PORT.fallback
  const protocol = environment['TLS_CERT'] ? 'https' : 'http'
  const url = urlOf({ url: `${protocol}://${host.includes(':') ? `[${host}]` : host}:${port}` }, {})
  return { url, certificate: environment['TLS_CERT'] && environment['TLS_CLIENT_CA'] ? 'mutual' : 'any' }
}

/**
 * Looks whether a service answers well. One that asks for a client's certificate shows only that it is there.
 *
 * @param path such as `/health/ready`
 * @param rest milliseconds that are left
 */
export async function lookAt ({ url, certificate }: Place, path: string, rest: number): Promise<Finding> {
  const limit = Math.min(Math.max(rest, SHORTEST_LOOK_MS), LONGEST_LOOK_MS)
  const signal = AbortSignal.timeout(limit)
  try {
    if (certificate === 'mutual') {
      await shakeHands(url, signal)
      return { fault: undefined, isAnswered: true }
    }
    const target = new URL(path, url)
    const { status, body } = await (certificate === 'any' && url.protocol === 'https:' ? readOwn : read)(target, signal)
    return { fault: status === 200 ? undefined : `the service answers ${status}`, isAnswered: true, body }
  } catch (error) {
    // Something has the port, when it takes the connection and says nothing.
    if (signal.aborted) return { fault: `no answer in ${limit} ms`, isAnswered: true }
    const { message, code, cause } = error as NodeJS.ErrnoException & { cause?: NodeJS.ErrnoException }
    return { fault: `nobody answers (${cause?.code ?? cause?.message ?? code ?? message})`, isAnswered: false }
  }
}

/** An answer that has arrived. */
interface Answer {
  readonly status: number
  readonly body: string
}

async function read (url: URL, signal: AbortSignal): Promise<Answer> {
  const answer = await fetch(url, { signal, redirect: 'manual' })
  return { status: answer.status, body: await answer.text() }
}

/** Any certificate will do, because nothing secret is sent. */
async function readOwn (url: URL, signal: AbortSignal): Promise<Answer> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    https.get(url, { signal, rejectUnauthorized: false, agent: false }, resolve).on('error', reject)
  })
  return { status: Number(answer.statusCode), body: await text(answer) }
}

/** In TLS 1.3 the server asks for the certificate behind its own, and refuses a client without one afterwards. */
async function shakeHands (url: URL, signal: AbortSignal): Promise<void> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const socket = tls.connect({ host, port: portOf(url), minVersion: 'TLSv1.3', rejectUnauthorized: false })
  try {
    await once(socket, 'secureConnect', { signal })
  } finally {
    socket.destroy()
  }
}

/** Counts the other processes that an answer about readiness names. Another program may have answered. */
export function countOthers (body = ''): number {
  const [, count = 0] = /"other_processes":(\d+)/.exec(body) ?? []
  return Number(count)
}

/** @returns a line about the processes that use the same database file; nothing when there is one */
export function describeOthers (others: number): string {
  return others === 0
    ? ''
    : `${others + 1} processes have this database open, and a SQLite file is meant for one. Stop the others, or use ` +
      'PostgreSQL\n'
}
