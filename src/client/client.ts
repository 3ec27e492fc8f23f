import createFetchClient, { type Client, type Middleware } from 'openapi-fetch'
import { parseExactJson, WrittenNumber } from '../exact-json/parse.js'
import { writeExactBody } from './exact-body.js'

/** Where a service is, and with whose credentials it is called. Each call takes the credential that it needs. */
export interface ClientOptions {
  /** For example `http://127.0.0.1:3000`. */
  readonly url: string
  /** For `/sandbox/v1` and `/metrics`. */
  readonly adminToken?: string
  /** A client's `X-API-KEY`, for Paymentology's calls. */
  readonly apiKey?: string
  /** A client's bearer token, for AMLYZE's calls. */
  readonly amlyzeToken?: string
}

/** What the types do not say of a call. Calls are named by method and path: `PUT /amlyze-ws-rest/account-balance`. */
export interface CallNature {
  /** Where its body has numbers that are given as texts: see {@link writeExactBody}. */
  readonly numbers?: readonly string[]
  /** Of a body that is not JSON. */
  readonly contentType?: string
}

export type CallNatures = Readonly<Record<string, CallNature>>

/**
 * Makes a client of the service. Numbers that a double could round are texts in both directions, and exact JSON numbers
 * on the wire.
 *
 * @param natures made from the same OpenAPI document as the types
 */
export function makeClient<Paths extends object> (options: ClientOptions, natures: CallNatures): Client<Paths> {
  const client = createFetchClient<Paths>({ baseUrl: options.url, bodySerializer: writeBody })
  client.use(authorizing(options), writingExactly(natures), READING_EXACTLY)
  return client
}

/** What is no JSON comes as a text. */
function writeBody (body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body)
}

/** The credentials by the beginning of a path. */
function authorizing ({ adminToken, apiKey, amlyzeToken }: ClientOptions): Middleware {
  return {
    onRequest: ({ request, schemaPath }) => {
      const token = schemaPath.startsWith('/amlyze-ws-rest/') ? amlyzeToken : adminToken
      const [name, value] = schemaPath.startsWith('/ppws/')
        ? ['x-api-key', apiKey]
        : ['authorization', token === undefined || schemaPath.startsWith('/health/') ? undefined : `Bearer ${token}`]
      if (value !== undefined && !request.headers.has(name)) request.headers.set(name, value)
    }
  }
}

function writingExactly (natures: CallNatures): Middleware {
  return {
    onRequest: async ({ request, schemaPath }) => {
      const { numbers, contentType } = natures[`${request.method} ${schemaPath}`] ?? {}
      if (contentType !== undefined) request.headers.set('content-type', contentType)
      if (numbers === undefined) return undefined
      return new Request(request, { body: writeExactBody(await request.json(), new Set(numbers)) })
    }
  }
}

const READING_EXACTLY: Middleware = {
  onResponse: async ({ response, options: { parseAs } }) => {
    const type = String(response.headers.get('content-type'))
    if (parseAs !== 'json' || !/^application\/(?:[\w.-]+\+)?json\b/.test(type)) return undefined
    const content = parseExactJson(new Uint8Array(await response.arrayBuffer()))
    const headers = new Headers(response.headers)
    headers.delete('content-length')
    const { status, statusText } = response
    return new Response(JSON.stringify(content, numbersAsTexts), { status, statusText, headers })
  }
}

function numbersAsTexts (_name: string, value: unknown): unknown {
  return value instanceof WrittenNumber ? value.value : value
}
