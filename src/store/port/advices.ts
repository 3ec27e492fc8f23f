import type { IssuerSettings } from '../../domain/issuer-settings.js'
import type { Page, PageRequest } from './page.js'
import type { Feed } from './payments.js'

/** How long no other process sends an advice that one has taken: longer than any delivery may take. */
export const DELIVERY_LEASE_MS = 60_000

export const ADVICE_STATES = ['waiting', 'retrying', 'acknowledged', 'parked', 'cancelled'] as const
export type AdviceState = typeof ADVICE_STATES[number]

/** A message that is sent until the issuer acknowledges it. */
export interface AdviceRecord {
  readonly rid: bigint
  readonly tid: bigint
  readonly clientId: number
  readonly originalRid: bigint
  readonly feed: Feed
  readonly messageType: string
  readonly state: AdviceState
  readonly attempts: number
  /** When it is sent next; undefined once nothing sends it any more. */
  readonly nextAt: Date | undefined
  readonly acknowledgedAt: Date | undefined
  readonly lastError: string | undefined
}

export interface AdviceFilter {
  readonly clientId: number | undefined
  readonly tid: bigint | undefined
  readonly state: AdviceState | undefined
}

/** An advice that this process is to send now. */
export interface DueAdvice {
  readonly rid: bigint
  readonly tid: bigint
  readonly clientId: number
  readonly feed: Feed
  readonly attempts: number
  readonly body: string
  /** Undefined where the client has no issuer any more. */
  readonly issuer: IssuerSettings | undefined
}

/** In how many milliseconds something is due, by the clock of the store; 0 and less for now. */
export interface DueTimes {
  /**
   * The next advice of each client that has one, unless its issuer is off. One that is being sent counts from the end
   * of its lease.
   */
  readonly advicesInMs: ReadonlyMap<number, number>
  /** The next payment that is abandoned unless it is decided by then; undefined where none waits. */
  readonly abandonInMs: number | undefined
}

/** What came of sending an advice. */
export type Delivery =
  | { readonly kind: 'acknowledged' }
  /** @see waitMs how long it waits for its next attempt; undefined parks it */
  | { readonly kind: 'failed', readonly reason: string, readonly waitMs: number | undefined }
  /** It was not sent, and counts for no attempt. */
  | { readonly kind: 'postponed', readonly waitMs: number }

/** How many advices of a client are taken at most. */
export interface AdviceClaim {
  readonly clientId: number
  readonly limit: number
}

export interface AdviceStore {
  /**
   * Takes advices that are due, for a time in which no other process sends them. Those of a thread and a feed come one
   * after the other: the next is due once the one before it has ended.
   */
  claimAdvices (claims: readonly AdviceClaim[], leaseMs: number): Promise<readonly DueAdvice[]>
  /** Says when something is due that nobody asks for. */
  nextDueIn (): Promise<DueTimes>
  settleAdvice (rid: bigint, delivery: Delivery): Promise<void>
  listAdvices (filter: AdviceFilter, page: PageRequest): Promise<Page<AdviceRecord>>
  /** Sends a parked or waiting advice now. @returns undefined where there is no such advice */
  retryAdvice (rid: bigint): Promise<AdviceRecord | undefined>
  /** Ends an advice that was not acknowledged: nobody sends it any more. */
  cancelAdvice (rid: bigint): Promise<AdviceRecord | undefined>
}
