import { isIPv6 } from 'node:net'
import { validateHeaderName, validateHeaderValue } from 'node:http'
import { excerptOf } from './excerpt.js'
import type { Faults } from './faults.js'
import type { IssuerChange, IssuerHeader } from './issuer-settings.js'

/** The hosts that issuers may have, as {@link readIssuerHosts} gives them; undefined for any. */
export type IssuerHosts = ReadonlySet<string> | undefined

/** Headers that the sandbox sets itself, or that say how a message is read. */
const OWN_HEADERS = new Set([
  'connection', 'content-encoding', 'content-length', 'content-type', 'expect', 'host', 'http2-settings', 'keep-alive',
  'proxy-connection', 'stip-sandbox', 'stip-sandbox-attempt', 'te', 'trailer', 'transfer-encoding', 'upgrade',
  'x-request-id'
])

/**
 * Reads a list of host names and addresses, in the form in which URLs have them.
 *
 * @param names each a name or an address without port. Those that no URL can have, such as 1.2.3.4.5, are left out
 */
export function readIssuerHosts (names: readonly string[]): ReadonlySet<string> {
  const urls = names.map((name) => `http://${isIPv6(name) ? `[${name}]` : name}`)
  return new Set(urls.filter((url) => URL.canParse(url)).map((url) => hostOf(new URL(url))))
}

/** A name that ends with a point is the same host. */
function hostOf ({ hostname }: URL): string {
  return hostname.replace(/\.$/, '')
}

/**
 * Checks the URL of an issuer: when it is set, and again before each call, because the list of hosts may have changed.
 * No redirect is followed, so that a call cannot lead elsewhere.
 *
 * @returns what it must be, to follow on the name of the field, or undefined for a good one
 */
export function checkIssuerUrl (text: string, hosts: IssuerHosts): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    return `must be a URL such as https://issuer.example/fast; it is ${excerptOf(text)}`
  }
  if (url.username !== '' || url.password !== '') return 'must have no user and no password; send a header instead'
  if (url.hash !== '') return 'must have no fragment (#)'
  if (hosts !== undefined && !hosts.has(hostOf(url))) {
    return `must have a host that ISSUER_HOSTS allows: ${[...hosts].join(', ')}; it has ${excerptOf(hostOf(url))}`
  }
  return undefined
}

/**
 * Checks the header that is sent to an issuer with each message.
 *
 * @returns what is wrong with it, to follow on the name of the field, or undefined for a good one
 */
export function checkIssuerHeader ({ name, value }: IssuerHeader): string | undefined {
  try {
    validateHeaderName(name)
    validateHeaderValue(name, value)
  } catch {
    // Node's own message would show the value, which is a secret.
    return 'must have a name of letters, digits and hyphens, and a value of characters that a header can carry'
  }
  return OWN_HEADERS.has(name.toLowerCase()) ? `must not be ${name}, which the sandbox sets itself` : undefined
}

/**
 * Checks what a schema cannot of what is to be set of an issuer.
 *
 * @param place of the issuer in its document, such as `clients[0].issuer.`, or empty
 */
export function checkIssuer (
  { url, passive_url: passiveUrl, header }: IssuerChange, place: string, faults: Faults, hosts?: IssuerHosts
): void {
  for (const [name, text] of [['url', url], ['passive_url', passiveUrl]] as const) {
    const fault = typeof text === 'string' ? checkIssuerUrl(text, hosts) : undefined
    if (fault !== undefined) faults.add(`${place}${name}`, fault)
  }
  if (header === undefined || header === null) return
  const fault = checkIssuerHeader({ name: header.name, value: header.value ?? '' })
  if (fault !== undefined) faults.add(`${place}header`, fault)
}
