import type { ScenarioDocument } from '../../schemas/scenario.js'
import { presentDecision } from '../../src/api/sandbox/present-payment.js'
import type { IssuerOutcome, Shadow } from '../../src/domain/issuer-outcome.js'
import { fingerprintOfPayment } from '../../src/domain/new-payment.js'
import type { Payment } from '../../src/domain/payment.js'
import { fastMessages } from '../../src/fast/issuer-messages.js'
import type { AnsweredPayment, NewPayment, Reception } from '../../src/store/port/payments.js'
import type { Store } from '../../src/store/port/store.js'
import { currency } from './arbitraries.js'
import { PAYMENT } from './payments.js'
import { SCENARIO } from './service.js'

/** The account of {@link payment}: 1000.00 KES with 10.00 blocked, of client 123. */
export const ACCOUNT = 9_007_199_254_740_993n

/** The scenario of the tests, whose client 123 has an issuer, a passive feed and a rule. Nothing listens there. */
export const PAYMENT_SCENARIO: ScenarioDocument = {
  ...SCENARIO,
  clients: SCENARIO.clients.map((client) => client.client_id === 123
    ? { ...client, issuer: { url: 'http://127.0.0.1:9/fast', passive_url: 'http://127.0.0.1:9/passive' } }
    : client),
  rules: [{ rule_id: 'any', client_id: 123 }]
}

/** What every decision needs. */
export const DECIDING = { messages: fastMessages, answer: presentDecision }

/** The outcome of asking an issuer that says nothing within two seconds. */
export const SILENCE: IssuerOutcome = {
  kind: 'timeout',
  reason: 'no complete answer within 2000 ms',
  httpStatus: undefined,
  elapsedMs: 2000,
  body: undefined
}

/** An answer of an issuer. */
export function answered (de39: string, shadow?: Shadow): IssuerOutcome {
  return {
    kind: 'answered',
    answer: { de39, de38: undefined, shadow, lenient: [] },
    httpStatus: 200,
    elapsedMs: 7,
    body: `{"ISO_MSG":{"DE39":"${de39}"}}`
  }
}

/** A payment of 100.00 KES, the account's own currency. */
export function payment (members: Partial<Payment> = {}): Payment {
  return { ...PAYMENT, amount: 10_000n, currency: currency('404'), ...members }
}

/** Lets a payment arrive. */
export async function receive (
  store: Store, members: Partial<Payment> = {}, key?: string, more: Partial<NewPayment> = {}
): Promise<Reception> {
  const arrived = payment(members)
  const identity = key === undefined ? undefined : { identifier: key, fingerprint: fingerprintOfPayment(arrived) }
  return await store.receivePayment({ ...DECIDING, payment: arrived, identity, isThrottled: () => false, ...more })
}

export type Asking = Extract<Reception, { kind: 'asking' }>

/** Lets a payment arrive whose issuer is to be asked. */
export async function ask (store: Store, members: Partial<Payment> = {}, key?: string): Promise<Asking> {
  const reception = await receive(store, members, key)
  if (reception.kind !== 'asking') throw new Error(`the payment is ${reception.kind}`)
  return reception
}

/** Decides a payment whose issuer was asked. */
export async function settle (
  store: Store, asking: Asking, outcome: IssuerOutcome = SILENCE
): Promise<AnsweredPayment | undefined> {
  return await store.decidePayment({ ...DECIDING, ...asking, outcome })
}

/** Lets a payment arrive whose issuer says nothing, and decides it in stand-in. */
export async function payInStandIn (store: Store, members: Partial<Payment> = {}): Promise<Asking> {
  const asking = await ask(store, members)
  await settle(store, asking)
  return asking
}
