import type { ServerOptions as HttpOptions } from 'node:http'
import type { ServerOptions as HttpsOptions } from 'node:https'
import type { TlsOptions } from '../tls.js'

/** How long a client may take, so that slow ones cannot hold all connections. */
export interface Timeouts {
  /** For all the headers of a request, from its first byte or from the opening of the connection. */
  readonly headersSeconds: number
  /** For a whole request with its body. */
  readonly requestSeconds: number
  /** Without a byte in either direction, while a request is under way. */
  readonly connectionSeconds: number
  /** Between two requests on one connection. */
  readonly keepAliveSeconds: number
}

/** How often it is looked for connections that have taken too long. Node's own half a minute would be added to each of the times. */
const CHECKING_INTERVAL_MS = 1000

/** How Fastify makes its server, in its own words. */
export interface ConnectionOptions {
  readonly requestTimeout: number
  readonly connectionTimeout: number
  readonly keepAliveTimeout: number
  readonly http: HttpOptions
  /** Null for plain HTTP. */
  readonly https: HttpsOptions | null
}

/** Says what connections are made of and how long they may take. */
export function connectionOptions (timeouts: Timeouts, tls: TlsOptions | undefined): ConnectionOptions {
  const headersTimeout = timeouts.headersSeconds * 1000
  const requestTimeout = timeouts.requestSeconds * 1000
  const http = { headersTimeout, requestTimeout, connectionsCheckingInterval: CHECKING_INTERVAL_MS }
  return {
    requestTimeout,
    connectionTimeout: timeouts.connectionSeconds * 1000,
    keepAliveTimeout: timeouts.keepAliveSeconds * 1000,
    http,
    https: tls === undefined ? null : { ...http, ...tls, handshakeTimeout: headersTimeout }
  }
}
