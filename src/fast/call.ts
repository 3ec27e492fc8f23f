import { excerptOf } from '../domain/excerpt.js'
import type { ArrivedAnswer, AskingEnd, IssuerOutcome, LateAnswer } from '../domain/issuer-outcome.js'
import type { FailureKind, IssuerSettings } from '../domain/issuer-settings.js'
import { readNamedAnswer, TOO_LONG, type InvalidAnswer, type NamedAnswer, type RequestName } from './answer.js'
import { Calls, type FastClientOptions, type StoredMessage } from './calls.js'
import { Exchange, type Answered, type Arrived, type Ending } from './exchange.js'

/** What comes of asking. Neither promise is ever rejected. */
export interface Asked {
  readonly outcome: Promise<IssuerOutcome>
  /** Undefined where the outcome is another than `timeout`, or nothing comes in time. */
  readonly late: Promise<LateAnswer | undefined>
  /** Ends it at once where it has not ended: as a failed connection, and without a late answer. */
  readonly end: (reason: string) => void
}

export type Delivery =
  | { readonly delivered: true }
  /** @see isOurs whether the sandbox itself did not send it, or ended it. It says nothing of the issuer. */
  | { readonly delivered: false, readonly failure: FailureKind, readonly reason: string, readonly isOurs?: true }

/** What is needed of an issuer's settings to ask it. */
export type AskSettings = Pick<IssuerSettings, 'url' | 'deadline_ms' | 'late_answer_ms' | 'header'>

/** What is needed of them to tell it something. */
export type DeliverySettings = Pick<IssuerSettings, 'deadline_ms' | 'header'>

/** Sends messages to issuers. */
export interface FastClient {
  /**
   * Asks an issuer for its decision. An answer counts when all of it is there within `deadline_ms`, the connection
   * included. After that, a message that has gone out may still be answered within `late_answer_ms`; that is only
   * recorded.
   */
  readonly ask: (settings: AskSettings, message: StoredMessage & Pick<RequestName, 'tid'>) => Asked
  /** Tells an issuer something. Any status 2xx within `deadline_ms` says that it has it, whatever the body. */
  readonly deliver: (settings: DeliverySettings, url: string, message: StoredMessage) => Promise<Delivery>
  /** Ends what asks, and what waits for late answers. Who asks later is refused; messages are still delivered. */
  readonly endAsking: () => void
  /** Ends all that is under way, and all connections. */
  readonly close: () => Promise<void>
}

/** Makes a client with pools of connections, one for each issuer. */
export function makeFastClient (options: FastClientOptions = {}): FastClient {
  const calls = new Calls(options)
  return {
    ask: (settings, message) => ask(calls, settings, message),
    deliver: async (settings, url, message) => await deliver(calls, { ...settings, url }, message),
    endAsking: () => { calls.endAsking() },
    close: async () => { await calls.close() }
  }
}

/** What is known of a message that was not sent. */
const NOTHING: Arrived = { status: undefined, contentEncoding: undefined, body: Buffer.alloc(0) }

type Asking = StoredMessage & RequestName

function ask (calls: Calls, settings: AskSettings, message: Asking): Asked {
  const startedMs = performance.now()
  const elapsedMs = (): number => Math.round(performance.now() - startedMs)
  // A second answer on the same connection could be taken for the next one's, unless answers name their requests.
  const isReusable = (answered: Answered): boolean => {
    const read = readWhole(answered, message)
    return 'answer' in read && read.namesRequest
  }
  const exchange = calls.begin('ask', settings, message, isReusable)
  if (!(exchange instanceof Exchange)) {
    const { reason } = exchange
    const outcome = { ...outcomeFrom(NOTHING, { kind: 'connection', reason }), elapsedMs: elapsedMs() }
    return { outcome: Promise.resolve(outcome), late: Promise.resolve(undefined), end: () => {} }
  }
  const inTime = within(exchange.ended, settings.deadline_ms)
  return {
    outcome: inTime.then((ending) => ({
      ...ending === undefined ? outcomeAtDeadline(exchange, settings) : outcomeOf(ending, message),
      elapsedMs: elapsedMs()
    })),
    late: inTime.then(async (ending) =>
      ending === undefined ? await readLate(calls, exchange, settings, message, elapsedMs) : undefined),
    end: (reason) => { exchange.cut(reason) }
  }
}

async function deliver (
  calls: Calls, settings: DeliverySettings & Pick<IssuerSettings, 'url'>, message: StoredMessage
): Promise<Delivery> {
  const exchange = calls.begin('tell', settings, message, () => true)
  if (!(exchange instanceof Exchange)) return { delivered: false, failure: 'connection', ...exchange }
  const ending = await within(exchange.ended, settings.deadline_ms)
  if (ending === undefined) exchange.cut(DEADLINE_PASSED)
  const { status } = exchange.arrived
  if (status !== undefined) {
    const isTaken = status >= 200 && status < 300
    return isTaken
      ? { delivered: true }
      : { delivered: false, failure: 'error', reason: describeStatus(status, '2xx') }
  }
  const end = ending?.kind === 'broken'
    ? { failure: 'connection', reason: ending.reason } as const
    : { failure: 'timeout', reason: describeSilence(exchange, settings) } as const
  return { delivered: false, ...end, ...calls.isClosed ? { isOurs: true } : {} }
}

type Outcome = AskingEnd & ArrivedAnswer

function outcomeFrom ({ status, body }: Arrived, end: AskingEnd): Outcome {
  return {
    reason: undefined,
    answer: undefined,
    httpStatus: status,
    body: body.length === 0 ? undefined : body.toString(),
    ...end
  }
}

function outcomeAtDeadline (exchange: Exchange, settings: AskSettings): Outcome {
  const { arrived } = exchange
  return isError(arrived)
    ? outcomeFrom(arrived, { kind: 'error', reason: describeStatus(arrived.status, '200') })
    : outcomeFrom(arrived, { kind: 'timeout', reason: describeSilence(exchange, settings) })
}

function outcomeOf (ending: Ending, name: RequestName): Outcome {
  if (isError(ending)) return outcomeFrom(ending, { kind: 'error', reason: describeStatus(ending.status, '200') })
  if (ending.kind === 'broken') return outcomeFrom(ending, { kind: 'connection', reason: ending.reason })
  const read = readEnding(ending, name)
  return 'invalid' in read
    ? outcomeFrom(ending, { kind: 'invalid_answer', reason: read.invalid })
    : outcomeFrom(ending, { kind: 'answered', answer: read.answer })
}

/** Tells whether the issuer answers with another status than 200. Then the body decides nothing. */
function isError (arrived: Arrived): arrived is Answered {
  return arrived.status !== undefined && arrived.status !== 200
}

function readEnding (ending: Answered & Pick<Ending, 'kind'>, name: RequestName): NamedAnswer | InvalidAnswer {
  return ending.kind === 'too-long' ? { invalid: TOO_LONG } : readWhole(ending, name)
}

function readWhole (
  { status, contentEncoding = 'identity', body }: Answered, name: RequestName
): NamedAnswer | InvalidAnswer {
  if (status !== 200) return { invalid: describeStatus(status, '200') }
  if (contentEncoding !== 'identity') {
    return { invalid: `the answer must not be compressed; its Content-Encoding is ${excerptOf(contentEncoding)}` }
  }
  return readNamedAnswer(body, name)
}

/** Reads an answer that comes after the deadline, as far as it may still come. */
async function readLate (
  calls: Calls, exchange: Exchange, { late_answer_ms: waitMs }: AskSettings, name: RequestName, elapsedMs: () => number
): Promise<LateAnswer | undefined> {
  // A message that has not gone out must not go out any more: nobody would stand for it.
  if (!exchange.isSent || isError(exchange.arrived)) exchange.cut(DEADLINE_PASSED)
  calls.addLate(exchange)
  const ending = await within(exchange.ended, waitMs)
  exchange.cut(DEADLINE_PASSED)
  if (ending === undefined || ending.kind === 'broken') return undefined
  const read = readEnding(ending, name)
  return {
    afterMs: elapsedMs(),
    de39: 'answer' in read ? read.answer.de39 : undefined,
    httpStatus: ending.status,
    body: ending.body.toString()
  }
}

const DEADLINE_PASSED = 'the deadline has passed'

function describeSilence ({ isSent }: Exchange, { deadline_ms: deadlineMs }: DeliverySettings): string {
  return `no ${isSent ? 'complete answer' : 'connection'} within ${deadlineMs} ms`
}

function describeStatus (status: number, wanted: string): string {
  const redirect = status >= 300 && status < 400 ? '; redirects are not followed' : ''
  return `HTTP status ${status} in place of ${wanted}${redirect}`
}

/** Waits for a promise. @returns undefined where it is not fulfilled in time */
async function within<Value> (promise: Promise<Value>, ms: number): Promise<Value | undefined> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<undefined>((resolve) => { timer = setTimeout(resolve, ms, undefined) })
  try {
    return await Promise.race([promise, tooLate])
  } finally {
    clearTimeout(timer)
  }
}
