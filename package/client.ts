/** The typed client of a running service, made from its OpenAPI document. */
import type { Client as FetchClient } from 'openapi-fetch'
import { makeClient, type ClientOptions } from '../src/client/client.js'
import { CALLS } from './generated/calls.js'
import type { components, paths } from './generated/paths.js'

export type { ClientOptions } from '../src/client/client.js'
export type { components, paths } from './generated/paths.js'

/** The bodies of the API by their names, such as `Schemas['Account']`. */
export type Schemas = components['schemas']

/**
 * A client with a method for each HTTP method: `client.GET('/sandbox/v1/accounts/{account_id}', …)` gives `data` or
 * `error`.
 */
export type Client = FetchClient<paths>

/** Makes a client of a service. Numbers of 64 bits and amounts are texts in both directions. */
export function createClient (options: ClientOptions): Client {
  return makeClient<paths>(options, CALLS)
}
