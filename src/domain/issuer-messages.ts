import type { PaymentThread } from './payment.js'

/** A message to an issuer, as it is sent. */
export interface OutgoingMessage {
  /** ISO 8583 message type: `0100`. */
  readonly messageType: string
  readonly body: string
}

/** Why the issuer's decision does not stand: 900 "Response Timed Out", 930 "Response Overriden" (their spelling). */
export type AdviceReason = '900' | '930'

/** What a message behind the decision is about. */
export interface LaterFacts {
  readonly rid: bigint
  /** The message that the advice is about. */
  readonly originalRid: bigint
  readonly atMs: number
}

/** What is told of a decision. */
export interface ToldDecision<Reason = AdviceReason> extends LaterFacts {
  readonly de39: string
  readonly reasonCode: Reason
}

/** Writes the messages to an issuer in its dialect. Pure. */
export interface IssuerMessages {
  request (thread: PaymentThread, rid: bigint): OutgoingMessage
  /** Tells the issuer of a decision that is not its own. */
  advice (thread: PaymentThread, facts: ToldDecision): OutgoingMessage
  /** Tells the passive feed of any decision. */
  passive (thread: PaymentThread, facts: ToldDecision<AdviceReason | '000'>): OutgoingMessage
  /** Tells the issuer that a payment was abandoned: the scheme got no answer. */
  reversalAdvice (thread: PaymentThread, facts: LaterFacts): OutgoingMessage
}
