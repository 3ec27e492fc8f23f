import type { IssuerOutcome } from '../domain/issuer-outcome.js'
import type { IssuerSettings } from '../domain/issuer-settings.js'

/**
 * Whether an issuer is asked. `on`: each payment asks it. `throttled`: none does. `probing`: one does, and the others
 * wait for what comes of it.
 */
export const THROTTLE_STATES = ['on', 'throttled', 'probing'] as const
export type ThrottleState = typeof THROTTLE_STATES[number]

/** The leave to ask once. */
export interface Admission {
  /** Must be called with what came of asking: after a probe nobody else asks before. */
  readonly report: (outcome: IssuerOutcome['kind'], nowMs: number) => void
}

export type ThrottlingSettings = Pick<IssuerSettings, 'throttle' | 'throttle_on'>

type State =
  | { readonly kind: 'on', readonly failuresMs: readonly number[] }
  | { readonly kind: 'throttled', readonly sinceMs: number, readonly forMs: number }
  | { readonly kind: 'probing' }

const NOTHING_FAILED: State = { kind: 'on', failuresMs: [] }

interface Entry {
  /** Grows with each change of the state, so that an outcome knows whether it is old. */
  readonly era: number
  readonly state: State
}

/**
 * Leaves an issuer alone for a while after so many failures within a time, as Paymentology does (the figures are
 * ours). Then one payment probes it: where that fails, it is left alone for the same time again, else all is well.
 *
 * An outcome counts only in the state in which the issuer was asked. One that comes after a change is old news.
 */
export class Throttle {
  readonly #entries = new Map<number, Entry>()

  /** Lets a payment of a client ask its issuer; undefined where it must not. */
  admit (clientId: number, settings: ThrottlingSettings, nowMs: number): Admission | undefined {
    const { state } = this.#entryOf(clientId)
    if (state.kind === 'probing' || isThrottled(state, nowMs)) return undefined
    if (state.kind === 'throttled') this.#change(clientId, { kind: 'probing' })
    const { era } = this.#entryOf(clientId)
    return {
      report: (outcome, reportedMs) => {
        if (this.#entryOf(clientId).era === era) this.#report(clientId, settings, outcome, reportedMs)
      }
    }
  }

  /** When the time of a throttled issuer is over, it is `probing`: the next payment asks it. */
  stateOf (clientId: number, nowMs: number): ThrottleState {
    const { state } = this.#entryOf(clientId)
    return state.kind === 'throttled' && !isThrottled(state, nowMs) ? 'probing' : state.kind
  }

  /** The states of all clients whose issuers have failed. Those of others are on. */
  states (nowMs: number): Map<number, ThrottleState> {
    return new Map([...this.#entries.keys()].map((clientId) => [clientId, this.stateOf(clientId, nowMs)]))
  }

  /** Lets the next payment of a client probe its issuer, by hand. Nothing changes where it is on. */
  probe (clientId: number): void {
    if (this.#entryOf(clientId).state.kind === 'on') return
    this.#change(clientId, { kind: 'throttled', sinceMs: 0, forMs: 0 })
  }

  /** Forgets what was counted: of some clients, or of all. */
  reset (clientIds: Iterable<number> = [...this.#entries.keys()]): void {
    for (const clientId of clientIds) this.#change(clientId, NOTHING_FAILED)
  }

  #report (
    clientId: number, { throttle, throttle_on: counted }: ThrottlingSettings, outcome: IssuerOutcome['kind'],
    nowMs: number
  ): void {
    const { era, state } = this.#entryOf(clientId)
    const isFailure = outcome !== 'answered' && counted.includes(outcome)
    const throttled = { kind: 'throttled', sinceMs: nowMs, forMs: throttle.for_ms } as const
    if (state.kind === 'probing') this.#change(clientId, isFailure ? throttled : NOTHING_FAILED)
    if (state.kind !== 'on' || !isFailure) return
    const isRecent = (failedMs: number): boolean => failedMs > nowMs - throttle.within_ms && failedMs <= nowMs
    const failuresMs = [...state.failuresMs.filter(isRecent), nowMs]
    if (failuresMs.length >= throttle.failures) this.#change(clientId, throttled)
    else this.#entries.set(clientId, { era, state: { kind: 'on', failuresMs } })
  }

  #entryOf (clientId: number): Entry {
    return this.#entries.get(clientId) ?? { era: 0, state: NOTHING_FAILED }
  }

  #change (clientId: number, state: State): void {
    this.#entries.set(clientId, { era: this.#entryOf(clientId).era + 1, state })
  }
}

/** A clock that was set back to before the throttling ends it as well. */
function isThrottled (state: State, nowMs: number): boolean {
  return state.kind === 'throttled' && nowMs >= state.sinceMs && nowMs < state.sinceMs + state.forMs
}
