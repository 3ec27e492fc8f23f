import type { IssuerSettings } from '../domain/issuer-settings.js'
import { checkIssuerHeader, checkIssuerUrl, type IssuerHosts } from '../domain/issuer-endpoint.js'
import { Exchange, makeConnections, type Connections, type Outgoing, type TlsCredentials } from './exchange.js'

/** What a client of issuers is made with. */
export interface FastClientOptions {
  readonly hosts?: IssuerHosts
  /** By default an issuer's certificate must come from one of the public authorities that Node knows. */
  readonly tls?: TlsCredentials
  /** How many messages may be under way at a time, with those that wait for a late answer. */
  readonly callsMax?: number
  /** Is called when a message was not sent, or a late answer given up, because of `callsMax`. */
  readonly onCallsMax?: () => void
}

/** A message as it is stored. */
export interface StoredMessage {
  readonly rid: bigint
  /** JSON. */
  readonly body: string
  /** How often it was sent before. */
  readonly attempt: number
}

/** How many messages may be under way where nothing else is said. */
export const CALLS_MAX = 1000

/** Asking has connections of its own: no answer to an advice can be taken for a decision. */
export type Purpose = 'ask' | 'tell'

/** A message that was not sent. */
export interface Refusal {
  readonly reason: string
  /** Whether the cause is the sandbox itself, and not the message or its issuer. */
  readonly isOurs?: true
}

export const STOPS: Refusal = { reason: 'the service stops', isOurs: true }

/** All messages that are under way. */
export class Calls {
  readonly #hosts: IssuerHosts
  readonly #connections: Readonly<Record<Purpose, Connections>>
  readonly #callsMax: number
  readonly #onCallsMax: (() => void) | undefined
  readonly #open = new Set<Exchange>()
  /** Those whose deadline has passed, the longest first. */
  readonly #late = new Set<Exchange>()
  readonly #asking = new Set<Exchange>()
  #asksNoMore = false
  #isClosed = false

  constructor ({ hosts, tls = {}, callsMax = CALLS_MAX, onCallsMax }: FastClientOptions) {
    this.#hosts = hosts
    this.#connections = { ask: makeConnections(tls), tell: makeConnections(tls) }
    this.#callsMax = callsMax
    this.#onCallsMax = onCallsMax
  }

  /** Sends a message. @returns why it was not sent, where that may not be */
  begin (
    purpose: Purpose, { url, header }: Pick<IssuerSettings, 'url' | 'header'>, { rid, body, attempt }: StoredMessage,
    isReusable: Outgoing['isReusable']
  ): Exchange | Refusal {
    if (this.#isClosed || (purpose === 'ask' && this.#asksNoMore)) return STOPS
    const refusal = this.#refusalOf(url, header)
    if (refusal !== undefined) return refusal
    const exchange = new Exchange({
      url,
      headers: {
        ...header === null ? {} : { [header.name]: header.value },
        'Content-Type': 'application/json',
        'X-Request-Id': String(rid),
        'Stip-Sandbox-Attempt': String(attempt),
        'Stip-Sandbox': '1'
      },
      body,
      isReusable
    }, this.#connections[purpose])
    this.#open.add(exchange)
    if (purpose === 'ask') this.#asking.add(exchange)
    exchange.ended.then(() => {
      this.#open.delete(exchange)
      this.#asking.delete(exchange)
      this.#late.delete(exchange)
    })
    return exchange
  }

  /** Says that the deadline of a call has passed, and that it may be given up for another. */
  addLate (exchange: Exchange): void {
    if (this.#open.has(exchange)) this.#late.add(exchange)
  }

  /** Ends what asks, and what waits for late answers. Who asks later is refused. */
  endAsking (): void {
    this.#asksNoMore = true
    for (const exchange of [...this.#asking]) exchange.cut(STOPS.reason)
  }

  get isClosed (): boolean {
    return this.#isClosed
  }

  /** Ends everything. Later calls are refused. */
  async close (): Promise<void> {
    this.#isClosed = true
    const open = [...this.#open]
    for (const exchange of open) exchange.cut(STOPS.reason)
    for (const { http, https } of Object.values(this.#connections)) {
      http.destroy()
      https.destroy()
    }
    await Promise.all(open.map(async ({ ended }) => await ended))
  }

  #refusalOf (url: string, header: IssuerSettings['header']): Refusal | undefined {
    const urlFault = checkIssuerUrl(url, this.#hosts)
    if (urlFault !== undefined) return { reason: `not sent: the issuer's URL ${urlFault}` }
    const headerFault = header === null ? undefined : checkIssuerHeader(header)
    if (headerFault !== undefined) return { reason: `not sent: the issuer's header ${headerFault}` }
    if (this.#open.size < this.#callsMax) return undefined
    this.#onCallsMax?.()
    const [longest] = this.#late
    if (longest === undefined) {
      return { reason: `not sent: ${this.#callsMax} calls to issuers are under way already`, isOurs: true }
    }
    longest.cut('given up for another call')
    return undefined
  }
}
