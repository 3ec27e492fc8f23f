import type { FastifyBaseLogger } from 'fastify'
import type { Clock } from '../clock.js'
import type { IssuerMessages } from '../domain/issuer-messages.js'
import type { AdviceStore, Delivery, DueAdvice, DueTimes } from '../store/port/advices.js'
import type { PaymentStore } from '../store/port/payments.js'
import type { Admission, Throttle } from '../fast/throttle.js'
import { claimsFor, takeAdvices } from './advice-claims.js'
import type { IssuerClient } from './issuer-client.js'

/** How often the outbox is looked into at least: another process may have put something there. */
const POLL_MS = 1000

/** How often an advice is tried before it is parked. */
export const ATTEMPTS_MAX = 10

/** How long an advice waits that the sandbox itself could not send, or ended: it stops, or too many are under way. */
const OURS_WAIT_MS = 1000

/** Waits 1, 2, 4 … 256 seconds between attempts. @returns undefined where it is parked */
export function waitBehind (attempts: number): number | undefined {
  return attempts >= ATTEMPTS_MAX ? undefined : 1000 * 2 ** (attempts - 1)
}

/**
 * Says how long the sender looks away, milliseconds. An advice that is due and was not taken waits for one that is
 * under way, which wakes the sender, for the end of a throttle, or for another process.
 */
export function pauseBefore ({ advicesInMs, abandonInMs = Infinity }: DueTimes): number {
  return Math.max(0, Math.min(POLL_MS, abandonInMs, ...[...advicesInMs.values()].filter((inMs) => inMs > 0)))
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
  const { store, throttle, messages, clock, log } = options
  const underWay = new Map<Promise<void>, DueAdvice>()
  let [isStopped, isLooking, again] = [true, false, false]
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> = Promise.resolve()

  function send (advice: DueAdvice, probe: Admission | undefined): void {
    const sending = deliver(advice, options, probe)
      .then(async (delivery) => { await store.settleAdvice(advice.rid, delivery) })
      .catch((error: unknown) => { log.warn({ err: error, rid: advice.rid.toString() }, NOT_SETTLED) })
      .finally(() => {
        underWay.delete(sending)
        wake()
      })
    underWay.set(sending, advice)
  }

  /** @returns how long nothing is due, milliseconds */
  async function look (): Promise<number> {
    const due = await store.nextDueIn()
    const claims = claimsFor(due, { underWay: [...underWay.values()], throttle, nowMs: clock().getTime() })
    if (claims.length > 0) await takeAdvices(store, claims, send)
    // Behind the advices: a payment that cannot be abandoned must not keep them.
    if (due.abandonInMs !== undefined && due.abandonInMs <= 0) await store.abandonPayments(messages)
    return pauseBefore(due)
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
      await Promise.all(underWay.keys())
    }
  }
}

const NOT_SETTLED = 'what came of an advice could not be written: it is sent again with the same RID'

/** Sends one advice. */
async function deliver (
  { rid, tid, feed, attempts, body, issuer }: DueAdvice,
  { client, clock }: Pick<AdviceSenderOptions, 'client' | 'clock'>, probe: Admission | undefined
): Promise<Delivery> {
  const url = feed === 'active' ? issuer?.url : issuer?.passive_url
  // At once: a passive feed of another address tells nothing of the issuer.
  if (issuer === undefined || url !== issuer.url) probe?.release()
  if (issuer === undefined || url === undefined || url === null) {
    const reason = `the client has no ${feed === 'active' ? 'issuer' : 'passive_url'}`
    return { kind: 'failed', reason, waitMs: undefined }
  }
  const result = await client.deliver(issuer, url, { rid, tid, body, attempt: attempts })
  if (!result.delivered && result.isOurs === true) {
    probe?.release()
    return { kind: 'postponed', waitMs: OURS_WAIT_MS }
  }
  probe?.report(result.delivered ? 'answered' : result.failure, issuer, clock().getTime())
  if (result.delivered) return { kind: 'acknowledged' }
  return { kind: 'failed', reason: result.reason, waitMs: waitBehind(attempts + 1) }
}
