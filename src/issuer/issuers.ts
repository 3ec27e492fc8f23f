import type { Clock } from '../clock.js'
import { Waits } from '../waits.js'
import { answerMessage } from './answer.js'
import {
  findRule, type AdviceBehaviour, type AnyBehaviour, type Behaviour, type DefinitionNow, type IssuerDefinition,
  type LedgerCard, type Rule
} from './definition.js'
import { Ledger } from './ledger.js'
import type { IssuerMessage } from './message.js'

/** What is to be done with a message. */
export interface Plan {
  readonly behaviour: AnyBehaviour
  /** The answer, a JSON text. */
  readonly answer: string
}

/** How often something happened since an issuer was set or reset. */
export interface Hits {
  readonly requests: number
  readonly advices: number
  readonly script: number
  readonly default: number
  /** One a rule. */
  readonly rules: number[]
}

/** What the built-in issuers of a process need. */
export interface IssuerEnvironment {
  readonly clock: Clock
  /** At least 0 and less than 1. */
  readonly random: () => number
}

const APPROVE: Behaviour = { behaviour: 'approve' }
const ACKNOWLEDGE: AdviceBehaviour = { behaviour: 'acknowledge' }

/** An issuer that does so to requests does so to advices, too, unless it is told otherwise. */
const DOWN: ReadonlyArray<AnyBehaviour['behaviour']> = ['never_answer', 'drop', 'status']

/** An issuer of the sandbox's own, which does what it is told. It lives in the memory of one process. */
export class BuiltInIssuer {
  readonly waits = new Waits()
  readonly #environment: IssuerEnvironment
  readonly #ledger = new Ledger([])
  #definition: IssuerDefinition = {}
  #ledgerSet: readonly LedgerCard[] = []
  #setMs = 0
  #script: readonly Behaviour[] = []
  #hits = { requests: 0, advices: 0, script: 0, default: 0 }
  #ruleHits: number[] = []
  #lastRequestAt: Date | undefined

  constructor (readonly name: string, environment: IssuerEnvironment) {
    this.#environment = environment
  }

  /**
   * Puts a definition in the place of all that was set, and counts anew. Answers that wait go on waiting. What was
   * booked for a card can still be reversed where the definition leaves its balances as they are.
   */
  define (definition: IssuerDefinition, ledger: readonly LedgerCard[]): void {
    this.#definition = definition
    this.#ledgerSet = ledger
    this.#begin()
    this.#ledger.replace(ledger)
  }

  #begin (): void {
    this.#setMs = this.#environment.clock().getTime()
    this.#script = this.#definition.script ?? []
    this.#hits = { requests: 0, advices: 0, script: 0, default: 0 }
    this.#ruleHits = this.#rules.map(() => 0)
    this.#lastRequestAt = undefined
  }

  /** Puts a script in the place of what is left of the one before. */
  setScript (steps: readonly Behaviour[]): void {
    this.#definition = { ...this.#definition, script: [...steps] }
    this.#script = steps
  }

  /** Goes back to how it was set, forgets what was booked, and cancels the answers that wait. */
  reset (): void {
    this.waits.cancelAll()
    this.#begin()
    this.#ledger.reset(this.#ledgerSet)
  }

  /** Decides what is to be done with a message. The ledger has it from now on, also when no answer ever arrives. */
  take (message: IssuerMessage): Plan {
    const behaviour = message.isRequest ? this.#chooseForRequest(message) : this.#chooseForAdvice(message)
    const isDecided = !DOWN.includes(behaviour.behaviour)
    return { behaviour, answer: isDecided ? answerMessage(message, behaviour, this.#ledger) : '' }
  }

  #chooseForRequest (message: IssuerMessage): Behaviour {
    this.#lastRequestAt = this.#environment.clock()
    this.#hits.requests += 1
    const [step, ...rest] = this.#script
    if (step !== undefined) {
      this.#script = rest
      this.#hits.script += 1
      return step
    }
    const index = this.#findRule(message)
    const rule = this.#rules[index]
    if (rule === undefined) this.#hits.default += 1
    else this.#ruleHits[index] = Number(this.#ruleHits[index]) + 1
    return rule?.then ?? this.#default
  }

  #chooseForAdvice (message: IssuerMessage): AnyBehaviour {
    this.#hits.advices += 1
    if (this.#definition.advices !== undefined) return this.#definition.advices
    const { behaviour, status } = this.#rules[this.#findRule(message)]?.then ?? this.#default
    return DOWN.includes(behaviour) ? { behaviour, ...status === undefined ? {} : { status } } : ACKNOWLEDGE
  }

  #findRule (message: IssuerMessage): number {
    const { clock, random } = this.#environment
    return findRule(this.#rules, message, { nowMs: clock().getTime(), setMs: this.#setMs, random })
  }

  get #rules (): Rule[] {
    return this.#definition.rules ?? []
  }

  get #default (): Behaviour {
    return this.#definition.default ?? APPROVE
  }

  get hits (): Hits {
    return { ...this.#hits, rules: [...this.#ruleHits] }
  }

  get lastRequestAt (): Date | undefined {
    return this.#lastRequestAt
  }

  /** As it was set; with the steps that are left of the script, and the ledger as it is now. */
  get definition (): DefinitionNow {
    const { advices } = this.#definition
    return {
      default: this.#default,
      rules: this.#rules,
      script: [...this.#script],
      ...advices === undefined ? {} : { advices },
      ledger: this.#ledger.entries
    }
  }
}

/** How many issuers a process has at most. */
export const ISSUERS_MAX = 100

/** The built-in issuers of a process, by name. */
export class BuiltInIssuers {
  readonly #issuers = new Map<string, BuiltInIssuer>()
  readonly #environment: IssuerEnvironment

  constructor (environment: IssuerEnvironment) {
    this.#environment = environment
  }

  find (name: string): BuiltInIssuer | undefined {
    return this.#issuers.get(name)
  }

  /** Gives all of them, by name. */
  get all (): readonly BuiltInIssuer[] {
    return [...this.#issuers.values()].sort((left, right) => left.name < right.name ? -1 : 1)
  }

  /** Finds an issuer, or makes it. @returns undefined where there are as many as there may be */
  findOrMake (name: string): BuiltInIssuer | undefined {
    const found = this.#issuers.get(name)
    if (found !== undefined || this.#issuers.size === ISSUERS_MAX) return found
    const made = new BuiltInIssuer(name, this.#environment)
    this.#issuers.set(name, made)
    return made
  }

  /** Removes an issuer, and cancels the answers that wait. @returns undefined where there is none */
  remove (name: string): BuiltInIssuer | undefined {
    const issuer = this.#issuers.get(name)
    this.#issuers.delete(name)
    issuer?.waits.cancelAll()
    return issuer
  }

  resetAll (): void {
    for (const issuer of this.#issuers.values()) issuer.reset()
  }

  cancelAll (): void {
    for (const { waits } of this.#issuers.values()) waits.cancelAll()
  }
}
