import type { IssuerOutcome, LateAnswer } from '../domain/issuer-outcome.js'
import type { FailureKind, IssuerSettings } from '../domain/issuer-settings.js'

/** A message as it is sent. */
export interface SentMessage {
  readonly rid: bigint
  readonly tid: bigint
  readonly body: string
  /** How often it was sent before. */
  readonly attempt: number
}

/** Sends messages to issuers. */
export interface IssuerClient {
  /** Asks an issuer. Neither promise is ever rejected. */
  ask (settings: IssuerSettings, message: SentMessage): {
    readonly outcome: Promise<IssuerOutcome>
    /** An answer behind the deadline; undefined where none came in time for that. */
    readonly late: Promise<LateAnswer | undefined>
    /** Ends it at once where it has not ended: as a failed connection, and without a late answer. */
    readonly end: (reason: string) => void
  }
  /** Tells an issuer something. Any 2xx acknowledges it. Never rejected. */
  deliver (settings: IssuerSettings, url: string, message: SentMessage): Promise<
    | { readonly delivered: true }
    /** @see isOurs whether the sandbox itself did not send it, or ended it */
    | { readonly delivered: false, readonly failure: FailureKind, readonly reason: string, readonly isOurs?: true }
  >
  /** Ends what asks, and what waits for late answers. Who asks later is refused; messages are still delivered. */
  endAsking (): void
  /** Ends what waits. */
  close (): Promise<void>
}
