import type { FailureKind } from './issuer-settings.js'
import type { Decimal } from './decimal.js'

/** Balances that an issuer states after a transaction (SHADOW), as it sent them. */
export interface ShadowBalance {
  /** Major units of `currency`. */
  readonly actual: Decimal
  readonly blocked: Decimal
  /** As sent: ISO 4217, numeric or alphabetic. */
  readonly currency: string
}

/** SHADOW as it was read: its balances, or why there are none to apply. A SHADOW never changes a decision. */
export type Shadow =
  | { readonly kind: 'balances', readonly balances: readonly [ShadowBalance, ...ShadowBalance[]] }
  | { readonly kind: 'unreadable', readonly reason: string }

/** What an issuer answered. */
export interface IssuerAnswer {
  /** Two characters, `[0-9A-Z]`: the issuer's decision. */
  readonly de39: string
  /** The approval code, where the issuer gave one. */
  readonly de38: string | undefined
  readonly shadow: Shadow | undefined
  /** What was taken although the form is another one, in words. */
  readonly lenient: readonly string[]
}

/** How the asking of an issuer ended: with its answer, or with why it failed, in words. */
export type AskingEnd =
  | { readonly kind: 'answered', readonly answer: IssuerAnswer, readonly reason?: undefined }
  | { readonly kind: FailureKind, readonly reason: string, readonly answer?: undefined }

/** What arrived from an issuer. */
export interface ArrivedAnswer {
  readonly httpStatus: number | undefined
  /** As far as it was read; undefined where nothing arrived. */
  readonly body: string | undefined
}

/** What came of asking an issuer. */
export type IssuerOutcome = AskingEnd & ArrivedAnswer & {
  /** Whole milliseconds until the outcome was known. */
  readonly elapsedMs: number
}

/** An answer that came after the deadline. It is recorded, and never applied. */
export interface LateAnswer {
  /** Milliseconds since the message was sent. */
  readonly afterMs: number
  /** The issuer's decision, where the answer is valid. */
  readonly de39: string | undefined
  readonly httpStatus: number
  readonly body: string
}
