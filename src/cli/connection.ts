import { adminTokenFile, readAdminToken, stateFolderOf } from '../admin-token-file.js'
import { SETTINGS } from '../config.js'
import { CommandFailure, EXIT } from './exit.js'

/** The options of every command that talks to the service. */
export interface ConnectionOptions {
  readonly url?: string
  readonly token?: string
}

/** Where the service is, and the admin token for it. */
export interface Connection {
  readonly url: URL
  readonly token: string | undefined
}

/** Where the service listens when nobody says otherwise. */
export const DEFAULT_URL = 'http://127.0.0.1:3000'

/**
 * Finds out which service is meant. Without a token, one is taken that a service of the same user on this machine has
 * made up; it is given to nobody else.
 *
 * @throws CommandFailure when the address or the token is none
 */
export function connectionOf (options: ConnectionOptions, environment: Readonly<Record<string, string | undefined>>): Connection {
  const url = readUrl(options.url ?? (environment['STIP_SANDBOX_URL'] || DEFAULT_URL))
  return { url, token: readToken(options.token ?? (environment['ADMIN_TOKEN'] || findKeptToken(url, environment))) }
}

/** The token itself is secret and is not shown. */
function readToken (token: string | undefined): string | undefined {
  const { rule, isValid } = SETTINGS.ADMIN_TOKEN
  if (token !== undefined && !isValid(token)) throw new CommandFailure(EXIT.usage, `The admin token must be ${rule}. A line break at its end counts, too`)
  return token
}

function readUrl (text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw new CommandFailure(EXIT.usage, `${text} is no address of a service: it must be such as ${DEFAULT_URL}`)
  return url
}

function findKeptToken (url: URL, environment: Readonly<Record<string, string | undefined>>): string | undefined {
  if (!/^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname)) return undefined
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80)
  return readAdminToken(adminTokenFile(stateFolderOf(environment), port))
}
