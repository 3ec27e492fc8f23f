import type { IssuerOutcome } from '../domain/issuer-outcome.js'
import type { IssuerSettings } from '../domain/issuer-settings.js'

/**
 * Whether an issuer gets messages. `on`: all of them. `throttled`: none. `probing`: one, and the others wait for what
 * comes of it.
 */
export type ThrottleState = 'on' | 'throttled' | 'probing'

/** The leave to send one message. One of both must be called: after a probe nobody else sends before. */
export interface Admission {
  /** Says what came of it. A message that was only delivered is `answered`. */
  readonly report: (outcome: IssuerOutcome['kind'], settings: ThrottlingSettings, nowMs: number) => void
  /** Says that it told nothing of the issuer: the next message probes. */
  readonly release: () => void
}

export type ThrottlingSettings = Pick<IssuerSettings, 'throttle' | 'throttle_on'>

type State =
  | { readonly kind: 'on', readonly failuresMs: readonly number[] }
  | { readonly kind: 'throttled', readonly sinceMs: number, readonly forMs: number }
  | { readonly kind: 'probing' }

const NOTHING_FAILED: State = { kind: 'on', failuresMs: [] }

interface Entry {
  /** Of each state its own, so that an outcome knows whether it is old. */
  readonly era: number
  readonly state: State
}

/**
 * Leaves an issuer alone for a while after so many failures within a time, as Paymentology does (the figures are
 * ours). Then one message probes it: where that fails, it is left alone for the same time again, else all is well.
 *
 * An outcome counts only in the state in which its message was sent. One that comes after a change is old news.
 */
export class Throttle {
  readonly #entries = new Map<number, Entry>()
  #eras = 0
  /** The entry of a client of which nothing is known. */
  #unknown: Entry = { era: 0, state: NOTHING_FAILED }

  /** Lets a message go to the issuer of a client; undefined where it must not. */
  admit (clientId: number, nowMs: number): Admission | undefined {
    const { state } = this.#entryOf(clientId)
    if (state.kind === 'probing' || isThrottled(state, nowMs)) return undefined
    if (state.kind === 'throttled') this.#change(clientId, { kind: 'probing' })
    const { era } = this.#entryOf(clientId)
    const isCurrent = (): boolean => this.#entryOf(clientId).era === era
    return {
      report: (outcome, settings, reportedMs) => {
        if (isCurrent()) this.#report(clientId, settings, outcome, reportedMs)
      },
      release: () => { if (isCurrent()) this.probe(clientId) }
    }
  }

  /** When the time of a throttled issuer is over, it is `probing`: the next message goes to it. */
  stateOf (clientId: number, nowMs: number): ThrottleState {
    const { state } = this.#entryOf(clientId)
    return state.kind === 'throttled' && !isThrottled(state, nowMs) ? 'probing' : state.kind
  }

  /** The states of all clients whose issuers have failed. Those of others are on. */
  states (nowMs: number): Map<number, ThrottleState> {
    return new Map([...this.#entries.keys()].map((clientId) => [clientId, this.stateOf(clientId, nowMs)]))
  }

  /** Lets the next message probe the issuer of a client. Nothing changes where it is on. */
  probe (clientId: number): void {
    if (this.#entryOf(clientId).state.kind === 'on') return
    this.#change(clientId, { kind: 'throttled', sinceMs: 0, forMs: 0 })
  }

  /** Forgets what was counted: of one client, or of all. Messages under way count no more. */
  reset (clientId?: number): void {
    if (clientId !== undefined) return this.#change(clientId, NOTHING_FAILED)
    this.#entries.clear()
    this.#unknown = { era: this.#newEra(), state: NOTHING_FAILED }
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
    return this.#entries.get(clientId) ?? this.#unknown
  }

  #change (clientId: number, state: State): void {
    this.#entries.set(clientId, { era: this.#newEra(), state })
  }

  #newEra (): number {
    this.#eras += 1
    return this.#eras
  }
}

/** A clock that was set back to before the throttling ends it as well. */
function isThrottled (state: State, nowMs: number): boolean {
  return state.kind === 'throttled' && nowMs >= state.sinceMs && nowMs < state.sinceMs + state.forMs
}
