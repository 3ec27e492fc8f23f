import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { Problem } from '../../schemas/problem.js'
import type { Connection } from './connection.js'
import { CommandFailure, EXIT } from './exit.js'
import { printable } from '../printable.js'

/** A call of the sandbox's own API. */
export interface ServiceCall {
  readonly method: 'DELETE' | 'GET' | 'POST' | 'PUT'
  /** Below `/sandbox/v1`. */
  readonly path: string
  readonly query?: Readonly<Record<string, string | undefined>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: { readonly type: 'application/json' | 'text/csv', readonly content: Readable }
}

/** Makes the body of a call. */
export function jsonBody (value: object): NonNullable<ServiceCall['body']> {
  return { type: 'application/json', content: Readable.from([JSON.stringify(value)]) }
}

/** Makes one step of a path of a text that was typed. Its kind has no text that leads elsewhere, such as `..`. */
export function pathStep (text: string): string {
  return encodeURIComponent(text)
}

/** Gives the address of an account. */
export function accountPath (accountId: string): string {
  return `/accounts/${pathStep(accountId)}`
}

/**
 * Calls the service and gives its answer once it has begun.
 *
 * @param signal breaks the call off
 * @throws CommandFailure when the service refuses, fails, or cannot be reached
 */
export async function openAnswer (
  connection: Connection, call: ServiceCall, signal?: AbortSignal
): Promise<IncomingMessage> {
  const { method, path, query, body } = call
  const authorization = connection.token === undefined ? {} : { authorization: `Bearer ${connection.token}` }
  const headers = { ...call.headers, ...authorization }
  const answer =
    await sendRequest(connection, { method, path: `/sandbox/v1${path}`, query, headers, body }, signal)
  const status = Number(answer.statusCode)
  if (status === 204) return answer
  if (
    (status === 200 || status === 201) && /^(application\/json|text\/csv)/.test(String(answer.headers['content-type']))
  ) {
    return answer
  }
  throw failureOf(connection, status, await readText(connection, answer))
}

/** Calls the service and gives the body of its answer. Throws as {@link openAnswer} does. */
export async function callService (connection: Connection, call: ServiceCall, signal?: AbortSignal): Promise<string> {
  return await readText(connection, await openAnswer(connection, call, signal))
}

/** Reads the body of an answer. @throws CommandFailure when it breaks off */
export async function readText (connection: Pick<Connection, 'url'>, answer: IncomingMessage): Promise<string> {
  return await text(answer).catch((error: unknown) => { throw unreachable(connection, error) })
}

/** A request to any part of the service. */
interface AnyRequest {
  readonly method: ServiceCall['method']
  /** Below the service's address. */
  readonly path: string
  readonly query: ServiceCall['query']
  readonly headers: Readonly<Record<string, string>>
  readonly body: ServiceCall['body']
}

/**
 * Sends a request, and gives its answer once it has begun. Not with `fetch`, which gives up a long upload after five
 * minutes.
 *
 * @throws CommandFailure when the service cannot be reached
 */
export async function sendRequest (
  { url }: Pick<Connection, 'url'>, { method, path, query = {}, headers, body }: AnyRequest, signal?: AbortSignal
): Promise<IncomingMessage> {
  const address = new URL(`${url.pathname.replace(/\/$/, '')}${path}`, url)
  for (const [name, value] of Object.entries(query)) if (value !== undefined) address.searchParams.set(name, value)
  const options = {
    method, headers: { ...headers, ...body === undefined ? {} : { 'content-type': body.type } }, ...signal && { signal }
  }
  return await new Promise<IncomingMessage>((resolve, reject) => {
    const request = (url.protocol === 'https:' ? https : http).request(address, options, resolve)
    request.on('error', reject)
    // A service that refuses a long file does so at its beginning, and reads no more of it.
    request.once('response', (answer) => { answer.once('end', () => { request.destroy() }) })
    request.once('close', () => { body?.content.destroy() })
    if (body === undefined) request.end()
    else body.content.once('error', (error) => { request.destroy(error) }).pipe(request)
  }).catch((error: unknown) => { throw unreachable({ url }, error) })
}

function unreachable ({ url }: Pick<Connection, 'url'>, error: unknown): CommandFailure {
  const { code } = error as NodeJS.ErrnoException
  return new CommandFailure(
    EXIT.unavailable,
    `The service at ${url.origin} cannot be reached, or broke off: ${code}. Is it running? It is started with ` +
      '"stip-sandbox serve"'
  )
}

/** Says what an answer means that is no success: a refusal, a failure, or another program. */
export function failureOf (connection: Connection, status: number, body: string): CommandFailure {
  const { origin } = connection.url
  const problem = readProblem(body)
  if (problem === undefined) {
    return new CommandFailure(
      EXIT.unavailable, `${origin} answers (${status}), but not as stip-sandbox does. Is it the right address?`
    )
  }
  const { title, detail = title, errors = [] } = problem
  const lines = errors.length > 1 ? errors : [detail]
  if (status >= 500) {
    return new CommandFailure(EXIT.unavailable, `The service at ${origin} failed: ${detail}. The cause is in its log`)
  }
  if (status === 401) lines.push(hintOnToken(connection))
  return new CommandFailure(EXIT.refused, lines.map(printable).join('\n'), status)
}

function hintOnToken ({ url, token, isFromEnvironment }: Connection): string {
  if (isFromEnvironment === true) {
    return `The token in the variable ADMIN_TOKEN is not that of ${url.origin}. It may be left from an earlier ` +
      'start: unset ADMIN_TOKEN, and the one that a service on this machine has made up is found by itself'
  }
  return `${token === undefined ? 'There is no admin token for' : 'The admin token is not that of'} ${url.origin}. ` +
    'Set ADMIN_TOKEN, or give it with --token-file; the one that a service on this machine has made up is found by ' +
    'itself, as long as that runs'
}

function readProblem (body: string): Problem | undefined {
  try {
    const problem = JSON.parse(body) as Partial<Problem> | null
    return typeof problem?.title === 'string' ? problem as Problem : undefined
  } catch {
    return undefined
  }
}
