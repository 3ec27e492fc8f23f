import { EventEmitter, once } from 'node:events'
import { Agent, request as requestHttp, type ClientRequest, type IncomingMessage } from 'node:http'
import { Agent as TlsAgent, request as requestHttps } from 'node:https'
import type { Duplex } from 'node:stream'
import { ANSWER_BYTES_MAX } from './answer.js'

/** What has arrived of an answer. */
export interface Arrived {
  /** Undefined where nothing has arrived. */
  readonly status: number | undefined
  readonly contentEncoding: string | undefined
  /** At most {@link ANSWER_BYTES_MAX} bytes of the body. */
  readonly body: Buffer
}

/** An answer of which the head has arrived at least. */
export interface Answered extends Arrived {
  readonly status: number
}

/** How an exchange ended. */
export type Ending =
  | Answered & { readonly kind: 'whole' | 'too-long' }
  /** The reason is in words. */
  | Arrived & { readonly kind: 'broken', readonly reason: string }

/** A message to an issuer. */
export interface Outgoing {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Says of a whole answer whether its connection may be used again. */
  readonly isReusable: (answer: Answered) => boolean
}

/** Files of TLS (PEM): those that issuers are trusted by, and those that the sandbox shows. */
export interface TlsCredentials {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}

/**
 * How long a connection is kept for the next message. Servers close idle ones themselves, the fastest of the usual ones
 * after 2 seconds; a message that crosses with that would fail.
 */
const IDLE_MS = 1500

/** The connections to issuers. */
export interface Connections {
  readonly http: Agent
  readonly https: TlsAgent
}

/** Makes pools of connections that are kept alive, one for each endpoint. The environment's proxies are not used. */
export function makeConnections (tls: TlsCredentials): Connections {
  const options = { keepAlive: true, timeout: IDLE_MS }
  return { http: guarded(new Agent(options)), https: guarded(new TlsAgent({ ...options, ...tls })) }
}

/** Closes a connection on which something arrives unasked: the next message would take it for its answer. */
function guarded<Pool extends Agent> (pool: Pool): Pool {
  return pool.on('free', (socket: Duplex) => { socket.on('data', closeUnasked) })
}

function closeUnasked (this: Duplex): void {
  this.destroy()
}

/** One message and its answer. It ends by itself only with its answer or its connection. */
export class Exchange {
  readonly ended: Promise<Ending>
  readonly #request: ClientRequest
  readonly #isReusable: Outgoing['isReusable']
  readonly #chunks: Buffer[] = []
  #isConnected = false
  #response: IncomingMessage | undefined
  /** The first end counts. */
  readonly #events = new EventEmitter<{ end: [Ending] }>()

  /** Sends a message. Its URL and its headers were checked before. */
  constructor ({ url, headers, body, isReusable }: Outgoing, { http, https }: Connections) {
    const options = { method: 'POST', headers: { ...headers, 'Content-Length': Buffer.byteLength(body) } }
    this.ended = once(this.#events, 'end').then(([ending]) => ending as Ending)
    this.#isReusable = isReusable
    const isTls = new URL(url).protocol === 'https:'
    this.#request = isTls
      ? requestHttps(url, { ...options, agent: https })
      : requestHttp(url, { ...options, agent: http })
    let failure: Error | undefined
    this.#request
      .on('socket', (socket) => {
        socket.off('data', closeUnasked)
        if (this.#request.reusedSocket) this.#isConnected = true
        // With TLS the issuer's certificate has been checked by then.
        else socket.once(isTls ? 'secureConnect' : 'connect', () => { this.#isConnected = true })
      })
      .on('response', (response) => { this.#read(response) })
      .on('error', (error) => { failure = error })
      .on('close', () => { this.#close(failure) })
      .end(body)
  }

  /** Whether the whole message has gone out, so that the issuer may have read it. */
  get isSent (): boolean {
    return this.#isConnected && this.#request.writableFinished
  }

  get arrived (): Arrived {
    return {
      status: this.#response?.statusCode,
      contentEncoding: this.#response?.headers['content-encoding'],
      body: Buffer.concat(this.#chunks).subarray(0, ANSWER_BYTES_MAX)
    }
  }

  /** Ends it where it has not ended, and its connection with it. */
  cut (reason: string): void {
    this.#end({ ...this.arrived, kind: 'broken', reason })
    this.#request.destroy()
  }

  #end (ending: Ending): void {
    this.#events.emit('end', ending)
  }

  #read (response: IncomingMessage): void {
    const { socket, statusCode } = response
    // Every answer that a client reads has one.
    const status = statusCode as number
    let bytes = 0
    this.#response = response
    response.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk)
      bytes += chunk.length
      if (bytes <= ANSWER_BYTES_MAX) return
      this.#end({ ...this.arrived, status, kind: 'too-long' })
      socket.destroy()
    }).on('end', () => {
      const answered = { ...this.arrived, status }
      // Later the connection would be in its pool already.
      if (!this.#isReusable(answered)) socket.destroy()
      this.#end({ ...answered, kind: 'whole' })
    })
  }

  #close (failure: Error | undefined): void {
    // Its end is still to come: an answer that ends with its connection.
    if (this.#response?.complete === true) return
    this.#end({ ...this.arrived, kind: 'broken', reason: this.#describe(failure) })
  }

  #describe (failure: Error | undefined): string {
    if (this.#response !== undefined) return 'the connection was closed in the middle of the answer'
    const said = describeFailure(failure)
    if (!this.#isConnected) return `no connection: ${said}`
    const kept = this.#request.reusedSocket ? '; it was kept open since an earlier message' : ''
    return `the connection was closed without an answer${kept}: ${said}`
  }
}

/** Puts the error of a connection into words. */
export function describeFailure (failure: Error | undefined): string {
  if (failure === undefined) return 'no error was reported'
  // Of a name with several addresses, each has its error, and the whole has no message.
  const errors = failure instanceof AggregateError ? failure.errors as Error[] : [failure]
  return errors.map(({ message }) => message).join('; ')
}
