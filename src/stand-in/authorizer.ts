import type { FastifyBaseLogger } from 'fastify'
import type { IssuerMessages } from '../domain/issuer-messages.js'
import type { IssuerResult } from '../domain/decision.js'
import type { Payment } from '../domain/payment.js'
import { withoutMessage, type Trace } from '../domain/trace.js'
import type { RequestIdentity } from '../store/port/balance-updates.js'
import type { DecidedPayment, NewPayment, PaymentStore, Reception } from '../store/port/payments.js'
import type { Clock } from '../clock.js'
import type { Admission, Throttle } from '../fast/throttle.js'
import { Asking } from './asking.js'
import type { IssuerClient } from './issuer-client.js'

/** What a payment came to. `abandoned`: it was ended without a decision. */
export type Authorization = Exclude<Reception, { kind: 'asking' }>

/** Decides payments. */
export interface Authorizer {
  authorize (payment: Payment, identity: RequestIdentity | undefined): Promise<Authorization>
  /** Decides a payment as if its issuer had not answered in time, and writes nothing. */
  evaluate (payment: Payment): Promise<Trace>
  /** To be called when balances were set back: ends the asking about payments that this has ended. Never rejected. */
  endReset (): Promise<void>
  /** Fulfilled when no late answer is waited for any more. */
  settled (): Promise<void>
}

/** What the deciding of payments needs. */
export interface AuthorizerOptions {
  readonly store: PaymentStore
  readonly client: Pick<IssuerClient, 'ask'>
  readonly throttle: Throttle
  readonly clock: Clock
  readonly messages: IssuerMessages
  readonly answer: (decided: DecidedPayment) => string
  readonly log: Pick<FastifyBaseLogger, 'warn'>
  /** Told once a decision has left an advice. */
  readonly onAdvised: () => void
}

const AS_IF_SILENT: IssuerResult = { kind: 'timeout', reason: 'evaluated as if the issuer had not answered in time' }

/**
 * Makes what decides payments, in three commits: received, decided, and each advice delivered. Nothing is held open
 * while the issuer is asked.
 */
export function makeAuthorizer (
  { store, client, throttle, clock, messages, answer, log, onAdvised }: AuthorizerOptions
): Authorizer {
  const following = new Set<Promise<void>>()
  const asking = new Asking(store, log)
  const deciding = { messages, answer }

  function tell (decided: DecidedPayment): void {
    if (decided.advised) onAdvised()
  }

  /** Records a late answer, once the decision is written that it comes behind. */
  function follow (work: () => Promise<void>): void {
    const followed = work().catch((error: unknown) => {
      log.warn({ err: error }, 'an answer that came after its deadline could not be recorded')
    }).finally(() => following.delete(followed))
    following.add(followed)
  }

  /** Receives a payment. The leave to ask its issuer, once given, is kept while the database repeats the work. */
  async function receive (
    payment: Payment, identity: RequestIdentity | undefined
  ): Promise<{ readonly reception: Reception, readonly admission: Admission | undefined }> {
    let admission: Admission | undefined
    let reception: Reception | undefined
    const isThrottled: NewPayment['isThrottled'] = (clientId) => {
      admission ??= throttle.admit(clientId, clock().getTime())
      return admission === undefined
    }
    try {
      reception = await store.receivePayment({ ...deciding, payment, identity, isThrottled })
      return { reception, admission }
    } finally {
      // A probe that did not go out must not keep others from asking.
      if (reception?.kind !== 'asking') admission?.release()
    }
  }

  return {
    authorize: async (payment, identity) => {
      const { resets } = asking
      const { reception, admission } = await receive(payment, identity)
      if (reception.kind === 'decided') tell(reception.decided)
      if (reception.kind !== 'asking') return reception
      const { thread, rid, body, issuer, verdict } = reception
      const { tid } = thread
      const call = client.ask(issuer, { rid, tid, body, attempt: 0 })
      asking.add(tid, call, resets)
      const outcome = await call.outcome
      admission?.report(outcome.kind, issuer, clock().getTime())
      const result = await store.decidePayment({ ...deciding, thread, rid, issuer, verdict, outcome })
      follow(async () => {
        const late = await call.late
        if (late !== undefined) await store.recordLateAnswer(tid, rid, late)
      })
      if (result === undefined) return { kind: 'abandoned', tid }
      tell(result.decided)
      return { kind: 'decided', ...result }
    },
    evaluate: async (payment) =>
      withoutMessage((await store.evaluatePayment({ ...deciding, payment, asIf: AS_IF_SILENT })).trace),
    endReset: async () => { await asking.endReset() },
    settled: async () => { await Promise.all(following) }
  }
}
