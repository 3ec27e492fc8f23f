import type { Clock } from './clock.js'
import { Waits } from './waits.js'

/** What a client's calls meet. The names are those of the API. */
export interface FaultDefinition {
  /** Without it, the answer is right, and only late. */
  readonly fault?: 'status' | 'error_1066' | 'cut'
  /** The HTTP status of the fault `status`. */
  readonly status?: number
  readonly delay_ms?: number
  readonly calls?: number
  readonly for_ms?: number
}

/** The HTTP status of the fault `status` where nothing else is said. */
export const FAULT_STATUS = 503

/** Faults that a client's calls meet, and how far they have come. */
export interface ClientFault {
  readonly definition: FaultDefinition
  readonly callsLeft: number | undefined
  readonly until: Date | undefined
  readonly hits: number
  /** The answers that wait. */
  readonly waits: Waits
}

/** The faults that were turned on for clients' calls. They live in the memory of one process. */
export class ClientFaults {
  readonly #faults = new Map<number, ClientFault>()
  readonly #clock: Clock

  constructor (clock: Clock) {
    this.#clock = clock
  }

  /** Turns faults on, in the place of those that the client has. */
  set (clientId: number, definition: FaultDefinition): ClientFault {
    const { calls: callsLeft, for_ms: forMs } = definition
    const until = forMs === undefined ? undefined : new Date(this.#clock().getTime() + forMs)
    const fault = { definition, callsLeft, until, hits: 0, waits: this.#faults.get(clientId)?.waits ?? new Waits() }
    this.#faults.set(clientId, fault)
    return fault
  }

  /** Gives what was turned on, also when it is over. @returns undefined where there is nothing */
  read (clientId: number): ClientFault | undefined {
    return this.#faults.get(clientId)
  }

  /** Finds the faults that a call meets, and counts the call. */
  take (clientId: number): ClientFault | undefined {
    // Without faults, a call costs no more than this.
    if (this.#faults.size === 0) return undefined
    const fault = this.#faults.get(clientId)
    if (fault === undefined || this.#isOver(fault)) return undefined
    const { callsLeft, hits } = fault
    this.#faults.set(clientId, {
      ...fault, callsLeft: callsLeft === undefined ? undefined : callsLeft - 1, hits: hits + 1
    })
    return fault
  }

  /** Ends a client's faults, and lets the answers go that wait. @returns undefined where there are none */
  end (clientId: number): ClientFault | undefined {
    const fault = this.#faults.get(clientId)
    this.#faults.delete(clientId)
    fault?.waits.cancelAll()
    return fault
  }

  #isOver ({ callsLeft, until }: ClientFault): boolean {
    return callsLeft === 0 || (until !== undefined && this.#clock() >= until)
  }

  /** How many clients have faults that are not over. */
  get count (): number {
    return [...this.#faults.values()].filter((fault) => !this.#isOver(fault)).length
  }

  endAll (): void {
    for (const clientId of this.#faults.keys()) this.end(clientId)
  }
}

/** Names what a call meets, for its answer: `status=503 delay=3000`. */
export function describeFault ({ fault, status = FAULT_STATUS, delay_ms: delayMs = 0 }: FaultDefinition): string {
  const names = { status: `status=${status}`, error_1066: 'error=1066', cut: 'cut' }
  return [...fault === undefined ? [] : [names[fault]], ...delayMs === 0 ? [] : [`delay=${delayMs}`]].join(' ')
}
