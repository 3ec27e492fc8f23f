import type { FastifyBaseLogger } from 'fastify'
import type { Clock } from '../clock.js'
import type { IssuerMessages } from '../domain/issuer-messages.js'
import {
  DELIVERY_LEASE_MS, type AdviceStore, type Delivery, type DueAdvice, type DueTimes
} from '../store/port/advices.js'
import type { PaymentStore } from '../store/port/payments.js'
import type { Throttle } from '../fast/throttle.js'
import type { IssuerClient } from './issuer-client.js'

/** How many messages are under way at once. */
const UNDER_WAY_MAX = 64

/** How often the outbox is looked into at least: another process may have put something there. */
const POLL_MS = 1000

/** How often an advice is tried before it is parked. */
export const ATTEMPTS_MAX = 10

/** How long an advice waits while its issuer is left alone. */
const THROTTLED_WAIT_MS = 1000

/** How long an advice waits that the sandbox itself could not send, or ended: it stops, or too many are under way. */
const OURS_WAIT_MS = 1000

/** Waits 1, 2, 4 … 256 seconds between attempts. @returns undefined where it is parked */
export function waitBehind (attempts: number): number | undefined {
  return attempts >= ATTEMPTS_MAX ? undefined : 1000 * 2 ** (attempts - 1)
}

function isDue (dueMs: number | undefined, nowMs: number): boolean {
  return dueMs !== undefined && dueMs <= nowMs
}

/**
 * Says how long the sender looks away, milliseconds. What is due and was not taken waits for one that is under way,
 * which wakes the sender, or for another process.
 */
export function pauseBefore ({ adviceAtMs = Infinity, abandonAtMs = Infinity }: DueTimes, nowMs: number): number {
  if (isDue(adviceAtMs, nowMs)) return POLL_MS
  return Math.max(0, Math.min(POLL_MS, adviceAtMs - nowMs, abandonAtMs - nowMs))
}

/** Sends what lies in the outbox, until each is acknowledged or parked. */
export interface AdviceSender {
  start (): void
  /** To be called when something was put into the outbox, or may be sent again. */
  wake (): void
  /** Ends the sending. Fulfilled when nothing is under way. */
  stop (): Promise<void>
}

/** What the sending of advices needs. */
export interface AdviceSenderOptions {
  readonly store: AdviceStore & Pick<PaymentStore, 'abandonPayments'>
  readonly client: Pick<IssuerClient, 'deliver'>
  readonly throttle: Throttle
  readonly messages: IssuerMessages
  readonly clock: Clock
  readonly log: Pick<FastifyBaseLogger, 'warn'>
}

/** Makes the sending of advices, which waits for its start. */
export function makeAdviceSender (options: AdviceSenderOptions): AdviceSender {
  const { store, messages, clock, log } = options
  const underWay = new Set<Promise<void>>()
  let [isStopped, isLooking, again] = [true, false, false]
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> = Promise.resolve()

  function send (advice: DueAdvice): void {
    const sending = deliver(advice, options)
      .then(async (delivery) => { await store.settleAdvice(advice.rid, delivery) })
      .catch((error: unknown) => { log.warn({ err: error, rid: advice.rid.toString() }, NOT_SETTLED) })
      .finally(() => {
        underWay.delete(sending)
        wake()
      })
    underWay.add(sending)
  }

  /** @returns how long nothing is due, milliseconds */
  async function look (): Promise<number> {
    const due = await store.nextDueAt()
    const nowMs = clock().getTime()
    const free = UNDER_WAY_MAX - underWay.size
    if (free > 0 && isDue(due.adviceAtMs, nowMs)) (await store.claimAdvices(free, DELIVERY_LEASE_MS)).forEach(send)
    // Behind the advices: a payment that cannot be abandoned must not keep them.
    if (isDue(due.abandonAtMs, nowMs)) await store.abandonPayments(messages)
    return pauseBefore(due, nowMs)
  }

  /** Looks now. While it looks already, it looks once more behind that. */
  function wake (): void {
    again = true
    if (isStopped || isLooking) return
    isLooking = true
    again = false
    clearTimeout(timer)
    looking = look().catch((error: unknown) => {
      log.warn({ err: error }, 'the outbox could not be read, and is looked into again')
      return POLL_MS
    }).then((delayMs) => {
      isLooking = false
      if (again) wake()
      else if (!isStopped) timer = setTimeout(wake, delayMs).unref()
    })
  }

  return {
    start: () => {
      isStopped = false
      wake()
    },
    wake,
    stop: async () => {
      isStopped = true
      clearTimeout(timer)
      await looking
      await Promise.all(underWay)
    }
  }
}

const NOT_SETTLED = 'what came of an advice could not be written: it is sent again with the same RID'

/** Sends one advice. */
async function deliver (
  { rid, tid, clientId, feed, attempts, body, issuer }: DueAdvice,
  { client, throttle, clock }: Pick<AdviceSenderOptions, 'client' | 'throttle' | 'clock'>
): Promise<Delivery> {
  const url = feed === 'active' ? issuer?.url : issuer?.passive_url
  if (issuer === undefined || url === undefined || url === null) {
    const reason = `the client has no ${feed === 'active' ? 'issuer' : 'passive_url'}`
    return { kind: 'failed', reason, nextAtMs: undefined }
  }
  const nowMs = clock().getTime()
  if (throttle.stateOf(clientId, nowMs) === 'throttled') {
    return { kind: 'postponed', nextAtMs: nowMs + THROTTLED_WAIT_MS }
  }
  const result = await client.deliver(issuer, url, { rid, tid, body, attempt: attempts })
  if (result.delivered) return { kind: 'acknowledged' }
  if (result.isOurs === true) return { kind: 'postponed', nextAtMs: clock().getTime() + OURS_WAIT_MS }
  const wait = waitBehind(attempts + 1)
  return { kind: 'failed', reason: result.reason, nextAtMs: wait === undefined ? undefined : clock().getTime() + wait }
}
