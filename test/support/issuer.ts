import { once } from 'node:events'
import { createServer as createHttp, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import { createServer as createHttps, type ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { faultsOf, kindsOf, type FastKind, type ReceivedMessage } from './fast-schema.js'
import type { Test } from './folder.js'

/** A message as an issuer got it. */
export interface Received {
  readonly message: ReceivedMessage
  readonly kind: FastKind
  readonly path: string
  readonly headers: IncomingHttpHeaders
}

/** How an issuer behaves towards one message. */
export type Step = (response: ServerResponse, received: Received) => void | Promise<void>

/** An issuer that follows a script. It refuses (400) what the strict schema forbids. */
export interface TestIssuer {
  readonly url: string
  /** What came, in the order of arrival, without the refused. */
  readonly received: readonly Received[]
  /** What it does with the next messages, one step each. */
  readonly script: Step[]
  /** What it does with all other messages: it approves, unless a test says otherwise. */
  behaviour: Step
  /** How many connections were ever made to it. */
  readonly connections: () => number
  /** Waits until it has got this many messages. */
  readonly hasReceived: (count: number) => Promise<void>
  /** Stops to listen, and waits until each connection is closed by the other side. */
  readonly close: () => Promise<void>
}

const CONTENT_TYPE = { 'Content-Type': 'application/json' }

/** The body of an answer that names its request. */
export function answerTo ({ message: { SUMMARY: { TID, RID } } }: Received, elements: object, others = {}): string {
  return JSON.stringify({
    MESSAGE_TYPE: { Message_Type: '0110' }, SUMMARY: { TID, RID }, ISO_MSG: elements, ...others
  })
}

/** Decides, with a SHADOW where one is given. */
export const decide = (de39: string, others: object = {}): Step => (response, received) => {
  response.writeHead(200, CONTENT_TYPE).end(answerTo(received, { DE38: 'A1B2C3', DE39: de39 }, others))
}

/** Answers with a text, or with bytes, as they are. */
export const reply = (
  status: number, body: string | Buffer, headers: Readonly<Record<string, string>> = CONTENT_TYPE
): Step => (response) => { response.writeHead(status, headers).end(body) }

/** Never answers. */
export const stayAway: Step = () => {}

/** Hangs up without a word. */
export const hangUp: Step = (response) => { response.socket?.destroy() }

/** Waits until it is told how to answer. */
export function holdBack (): { readonly step: Step, readonly release: (next: Step) => void } {
  let release: (next: Step) => void = () => {}
  const next = new Promise<Step>((resolve) => { release = resolve })
  return { step: async (response, received) => { await (await next)(response, received) }, release }
}

/** Starts an issuer on a port of its own, until the test ends. */
export async function startIssuer (t: Test, tls?: ServerOptions): Promise<TestIssuer> {
  const received: Received[] = []
  const script: Step[] = []
  let connections = 0
  const server = tls === undefined ? createHttp() : createHttps(tls)
  server.on('connection', () => { connections += 1 })
  server.on('request', async (request, response) => {
    const { url: path = '', headers } = request
    const message = JSON.parse((await buffer(request)).toString()) as ReceivedMessage
    const fault = faultIn(message, headers)
    const [kind] = kindsOf(message)
    if (kind === undefined || fault !== undefined) return response.writeHead(400).end(fault)
    const got = { message, kind, path, headers }
    received.push(got)
    server.emit('received')
    await (script.shift() ?? issuer.behaviour)(response, got)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const issuer: TestIssuer = {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}/fast`,
    received,
    script,
    behaviour: decide('00'),
    connections: () => connections,
    hasReceived: async (count) => { while (received.length < count) await once(server, 'received') },
    close: async () => { await new Promise((resolve) => { server.close(resolve) }) }
  }
  return issuer
}

/** What an issuer that checks strictly would refuse. A request and its passive copy differ in DE39 only. */
function faultIn (message: ReceivedMessage, headers: IncomingHttpHeaders): string | undefined {
  const faults = kindsOf(message).length === 0 ? faultsOf('request', message) : []
  if (headers['content-type'] !== 'application/json') faults.push('Content-Type must be application/json')
  if (headers['x-request-id'] !== message.SUMMARY?.RID) faults.push('X-Request-Id must be the RID')
  if (headers['stip-sandbox'] !== '1') faults.push('Stip-Sandbox must be 1')
  if (!/^\d+$/.test(String(headers['stip-sandbox-attempt']))) faults.push('Stip-Sandbox-Attempt must be a number')
  return faults.length === 0 ? undefined : faults.join('\n')
}
