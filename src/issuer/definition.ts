import type { Currency } from '../domain/currency.js'
import { parseDecimal } from '../domain/decimal.js'
import type { Faults } from '../domain/faults.js'
import { readAmount, readCurrency, readIdentifier } from '../domain/fields.js'
import type { Balances } from '../domain/money.js'
import { parseTimestamp, TIMESTAMP_RULE } from '../domain/timestamp.js'
import type { IssuerMessage } from './message.js'

/** What an issuer does with a message. The names are those of the API. */
export interface Behaviour {
  readonly behaviour:
    | 'approve' | 'decline' | 'ledger' | 'never_answer' | 'drop' | 'drop_midway' | 'status'
    | 'not_json' | 'without_de39' | 'wrong_rid' | 'answer_twice'
  /** The code of a decline. */
  readonly code?: string
  /** The HTTP status of the behaviour `status`. */
  readonly status?: number
  readonly delay_ms?: number
  /** What the balances of SHADOW are. */
  readonly shadow?: 'right' | 'stale' | 'wrong_currency'
}

/** What an issuer does with an advice, and with what only tells it something. */
export interface AdviceBehaviour {
  readonly behaviour: 'acknowledge' | 'never_answer' | 'drop' | 'status'
  readonly status?: number
  readonly delay_ms?: number
}

/** What an issuer does with any message. */
export interface AnyBehaviour extends Omit<Behaviour, 'behaviour'> {
  readonly behaviour: Behaviour['behaviour'] | AdviceBehaviour['behaviour']
}

/** When a rule holds: all that is given must. */
export interface Condition {
  readonly tokens?: string[]
  readonly amounts?: string[]
  /** Counted from when the issuer was set. */
  readonly after_ms?: number
  readonly for_ms?: number
  /** RFC 3339. */
  readonly until?: string
  /** In so many of a hundred cases. */
  readonly probability?: number
}

export interface Rule {
  readonly when: Condition
  readonly then: Behaviour
}

export interface LedgerDocument {
  readonly token: string
  readonly currency: string
  readonly actual_balance: string
  readonly blocked_balance: string
}

/** How an issuer behaves, as a document has it. */
export interface IssuerDefinition {
  readonly default?: Behaviour
  readonly rules?: Rule[]
  readonly script?: Behaviour[]
  readonly advices?: AdviceBehaviour
  readonly ledger?: LedgerDocument[]
}

/** A definition as it is now, in full. Without `advices` these follow the requests. */
export interface DefinitionNow extends Required<Omit<IssuerDefinition, 'advices'>> {
  readonly advices?: AdviceBehaviour
}

/** A card's balances in an issuer's own books. */
export interface LedgerCard {
  readonly token: bigint
  readonly currency: Currency
  readonly balances: Balances
}

const SHADOW_BEHAVIOURS: ReadonlyArray<Behaviour['behaviour']> =
  ['approve', 'decline', 'ledger', 'drop_midway', 'wrong_rid', 'answer_twice']

/**
 * Checks what a schema cannot: that each member belongs to its behaviour, and that amounts fit their currencies.
 *
 * @returns the ledger; of no use when there are faults
 */
export function checkDefinition (definition: IssuerDefinition, faults: Faults): LedgerCard[] {
  const { default: fallback, rules = [], script = [], ledger = [] } = definition
  if (fallback !== undefined) checkBehaviour('default', fallback, faults)
  checkScript('script', script, faults)
  rules.forEach(({ when: { until }, then }, index) => {
    checkBehaviour(`rules[${index}].then`, then, faults)
    if (until !== undefined && parseTimestamp(until) === undefined) {
      faults.add(`rules[${index}].when.until`, TIMESTAMP_RULE)
    }
  })
  return ledger.flatMap((entry, index) => readCard(`ledger[${index}]`, entry, faults))
}

export function checkScript (place: string, steps: readonly Behaviour[], faults: Faults): void {
  steps.forEach((step, index) => { checkBehaviour(`${place}[${index}]`, step, faults) })
}

function checkBehaviour (place: string, { behaviour, code, status, shadow }: Behaviour, faults: Faults): void {
  const belongs = (name: string): string => `does not belong to the behaviour ${behaviour}: leave ${name} out`
  if (code !== undefined && behaviour !== 'decline') faults.add(`${place}.code`, belongs('code'))
  if (status !== undefined && behaviour !== 'status') faults.add(`${place}.status`, belongs('status'))
  if (shadow !== undefined && !SHADOW_BEHAVIOURS.includes(behaviour)) faults.add(`${place}.shadow`, belongs('shadow'))
}

function readCard (place: string, entry: LedgerDocument, faults: Faults): LedgerCard[] {
  const token = readIdentifier('token', `${place}.token`, entry.token, faults)
  const currency = readCurrency(`${place}.currency`, entry.currency, faults)
  if (currency === undefined) return []
  const balances = {
    actual: readAmount(`${place}.actual_balance`, entry.actual_balance, currency, faults),
    blocked: readAmount(`${place}.blocked_balance`, entry.blocked_balance, currency, faults)
  }
  if (balances.blocked < 0n) faults.add(`${place}.blocked_balance`, 'must not be negative')
  return [{ token, currency, balances }]
}

/** When a message came, and what chance says. */
export interface Occasion {
  readonly nowMs: number
  /** When the issuer was set. */
  readonly setMs: number
  /** At least 0 and less than 1. */
  readonly random: () => number
}

/** Finds the first rule that holds for a message. @returns its place; -1 for none */
export function findRule (rules: readonly Rule[], message: IssuerMessage, occasion: Occasion): number {
  return rules.findIndex(({ when }) => holds(when, message, occasion))
}

function holds (when: Condition, { token, amount }: IssuerMessage, { nowMs, setMs, random }: Occasion): boolean {
  const { tokens, amounts, after_ms: afterMs = 0, for_ms: forMs = Infinity, until, probability = 100 } = when
  if (tokens !== undefined && !tokens.includes(token)) return false
  if (amounts !== undefined && !amounts.some((wanted) => isSameAmount(wanted, amount))) return false
  if (nowMs < setMs + afterMs || nowMs >= setMs + afterMs + forMs) return false
  if (until !== undefined && nowMs >= Number(parseTimestamp(until))) return false
  return probability === 100 || random() * 100 < probability
}

function isSameAmount (wanted: string, amount: string): boolean {
  const [one, other] = [parseDecimal(wanted), parseDecimal(amount)]
  return one !== undefined && one.coefficient === other?.coefficient && one.exponent === other.exponent
}

/** What a decline and a status are where nothing else is said. */
export const DECLINE = '05'
export const STATUS = 503

/** Names a behaviour in one line: `decline=51 delay=3000 shadow=stale`. */
export function describeBehaviour (
  { behaviour, code = DECLINE, status = STATUS, delay_ms: delayMs = 0, shadow }: AnyBehaviour
): string {
  const values: Readonly<Record<string, string | number>> = { decline: code, status }
  const value = values[behaviour]
  return [
    value === undefined ? behaviour.replaceAll('_', '-') : `${behaviour}=${value}`,
    ...delayMs === 0 ? [] : [`delay=${delayMs}`],
    ...shadow === undefined ? [] : [`shadow=${shadow.replaceAll('_', '-')}`]
  ].join(' ')
}
