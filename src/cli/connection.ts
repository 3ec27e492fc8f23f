import { adminTokenFile, readAdminToken, stateFolderOf, type KeptToken } from '../admin-token-file.js'
import { SETTINGS } from '../settings.js'
import { CommandFailure, EXIT } from './exit.js'
import { readSecretFile } from './setting-options.js'

/** The options of every command that talks to the service. */
export interface ConnectionOptions {
  readonly url?: string
  readonly token?: string
  readonly tokenFile?: string
}

/** Where the service is, and the admin token for it. */
export interface Connection {
  readonly url: URL
  readonly token: string | undefined
  /** Whether the token is that of ADMIN_TOKEN, which may be left from an earlier start. */
  readonly isFromEnvironment?: true
}

type Environment = Readonly<Record<string, string | undefined>>

/** Where the service listens when nobody says otherwise. */
export const DEFAULT_URL = 'http://127.0.0.1:3000'

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

/**
 * Finds out which service is meant. Without a token, one is taken that a service of the same user on this machine has
 * made up; it is given to nobody else.
 *
 * @throws CommandFailure when the address or the token is none, or the token that was found is not safe to use
 */
export function connectionOf (options: ConnectionOptions, environment: Environment): Connection {
  const url = urlOf(options, environment)
  const fromFile = options.tokenFile === undefined ? undefined : readSecretFile(options.tokenFile)
  const given = options.token ?? fromFile
  if (given !== undefined) return { url, token: requireToken(given) }
  const exported = environment['ADMIN_TOKEN']
  return exported ? { url, token: requireToken(exported), isFromEnvironment: true } : findKept(url, environment)
}

/** Finds out where the service is. @throws CommandFailure when the address is none */
export function urlOf ({ url }: Pick<ConnectionOptions, 'url'>, environment: Environment): URL {
  return readUrl(url ?? (environment['STIP_SANDBOX_URL'] || DEFAULT_URL))
}

/** Gives the port of an address, which names none where it is the usual one. */
export function portOf ({ port, protocol }: URL): number {
  return Number(port) || (protocol === 'https:' ? 443 : 80)
}

/** Tells whether others on the way can read the token. */
export function isTokenExposed ({ url, token }: Connection): boolean {
  return token !== undefined && url.protocol === 'http:' && !LOOPBACK.test(url.hostname)
}

/** The token itself is secret and is not shown. */
function requireToken (token: string): string {
  const { rule, isValid } = SETTINGS.ADMIN_TOKEN
  if (!isValid(token)) {
    throw new CommandFailure(EXIT.usage, `The admin token must be ${rule}. A line break at its end counts, too`)
  }
  return token
}

function readUrl (text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new CommandFailure(EXIT.usage, `${text} is no address of a service: it must be such as ${DEFAULT_URL}`)
  }
  return url
}

/**
 * Finds the token that a service on this machine has made up. It goes only to an address on which that service listens,
 * and only while its process runs: otherwise another program could have taken the port.
 */
function findKept (url: URL, environment: Environment): Connection {
  const port = portOf(url)
  const kept = LOOPBACK.test(url.hostname) ? readKept(adminTokenFile(stateFolderOf(environment), port)) : undefined
  if (kept === undefined) return { url, token: undefined }
  if (!isRunning(kept.pid)) throw new CommandFailure(EXIT.unavailable, describeGone(port, kept.pid))
  const host = url.hostname.replace(/^\[|\]$/g, '')
  // A certificate shows who answers at an encrypted "localhost".
  const isCertain = kept.addresses.includes(host) || (host === 'localhost' && url.protocol === 'https:')
  if (isCertain) return { url, token: kept.token }
  if (host !== 'localhost') return { url, token: undefined }
  return { url: withHost(url, String(kept.addresses[0])), token: kept.token }
}

function describeGone (port: number, pid: number): string {
  return `The service on port ${port} (process ${pid}) has died, and another program may have its port. ` +
    'The token that it made up is not sent. Start the service again, or set ADMIN_TOKEN'
}

/** `localhost` has several addresses, and the service need not listen on all of them. */
function withHost (url: URL, address: string): URL {
  const moved = new URL(url)
  moved.hostname = address.includes(':') ? `[${address}]` : address
  return moved
}

function readKept (file: string): KeptToken | undefined {
  try {
    return readAdminToken(file)
  } catch (error) {
    const { message } = error as Error
    throw new CommandFailure(
      EXIT.usage, `The admin token of the service is not used: ${message}. Set ADMIN_TOKEN, or remove it`
    )
  }
}

/** A process of another user has the number of one that is gone, because the service ran as this user. */
export function isRunning (pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
