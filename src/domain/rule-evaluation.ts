import type { Currency } from './currency.js'
import { Converter, type RuleRates } from './rule-amounts.js'
import { ACCOUNTS, CONDITIONS, type Described, type RuleFacts } from './rule-conditions.js'
import { formatSince, windowStart } from './rule-window.js'
import type { Counted, StandInRule, WindowLimit } from './stand-in-rule.js'

/** An earlier payment of the same account. */
export interface PastPayment extends Described {
  readonly tid: bigint
  readonly atMs: number
  /** Minor units of `currency`, as it was billed. */
  readonly amount: bigint
  readonly currency: Currency
  readonly approved: boolean
  readonly byStandIn: boolean
  /** Fully reversed or expired. */
  readonly isReversed: boolean
}

/** A condition of a rule, and what the payment has. The names are those of the rule's document. */
export interface ConditionEvaluation {
  readonly condition: string
  readonly matched: boolean
  readonly value: string
}

/** The limits of a rule, in the order in which the first that does not hold gives the code. */
export type LimitName = 'amount' | 'count' | 'cumulative'

/** A limit of a rule, and what the payments come to. The names are those of the API and of the stored trace. */
export interface LimitEvaluation {
  readonly limit: LimitName
  readonly held: boolean
  /** A number of payments, or an amount in major units of `currency`; null where no rate leads to that currency. */
  readonly value: number | string | null
  readonly max: number | string
  /** ISO 4217 numeric code, of limits of amounts. */
  readonly currency?: string
  /** Of limits over a window: its begin. */
  readonly since?: string
  /** The earlier payments that count, newest first and at most {@link LISTED_TRANSACTIONS}. */
  readonly transactions?: readonly string[]
  /** How many more count than are listed, where there are more. */
  readonly more_transactions?: number
}

/** What became of one rule, as the trace shows it. */
export interface RuleEvaluation {
  readonly rule_id: string
  readonly name: string
  /** Whether all conditions match and all limits hold: then stand-in may approve. */
  readonly triggered: boolean
  /** What kept the rule from being evaluated in full. */
  readonly reason?: string
  /** Those that the rule has. One that it does not have matches everything. */
  readonly conditions: readonly ConditionEvaluation[]
  /** Empty where a condition does not match: the payment is not one that the rule limits. */
  readonly limits: readonly LimitEvaluation[]
}

/** The trace lists at most this many payments of a limit. The values are of all. */
export const LISTED_TRANSACTIONS = 20

/**
 * Evaluates all active rules of the payment's client, each with all its conditions and all its limits, by priority and
 * then by identifier.
 *
 * A limit counts the earlier payments that match the rule's own conditions (a ruling): Visa's stand-in counts purchases
 * and cash apart, so a rule about cash must not count purchases. Credits count with their amounts as well, where they
 * match.
 *
 * @param past the account's payments, from {@link earliestNeeded} on, in any order. The payment itself is not in it
 */
export function evaluateRules (
  rules: readonly StandInRule[], facts: RuleFacts, past: readonly PastPayment[], rates: RuleRates
): RuleEvaluation[] {
  return rules
    .filter(({ active, clientId }) => active && clientId === facts.clientId)
    .toSorted(compareRules)
    .map((rule) => evaluateRule(rule, facts, past, rates))
}

/** Sorts rules by priority, the lowest number first, and then by the bytes of their identifiers. */
export function compareRules (one: StandInRule, other: StandInRule): number {
  return one.priority - other.priority || (one.ruleId < other.ruleId ? -1 : 1)
}

/**
 * Gives from when on earlier payments count for any of the rules.
 *
 * @returns milliseconds since 1970, inclusive; undefined when none is needed
 */
export function earliestNeeded (rules: readonly StandInRule[], atMs: number): number | undefined {
  const starts = rules
    .filter(({ active }) => active)
    .flatMap(({ limits: { count, cumulative } }) => [count, cumulative])
    .flatMap((limit) => limit === undefined ? [] : [windowStart(limit.window, atMs)])
  return starts.length === 0 ? undefined : Math.min(...starts)
}

/** What the rules say of a payment in stand-in. */
export type RulesOutcome =
  | { readonly allowed: true, readonly ruleId: string }
  | { readonly allowed: false, readonly de39: '05' | '57' | '61' | '65', readonly ruleId: string | undefined }

/** What the rules of a client say of a payment. */
export interface RulesVerdict {
  readonly evaluations: readonly RuleEvaluation[]
  readonly outcome: RulesOutcome
}

/** Of a payment that rules cannot be asked about. */
export const NO_VERDICT: RulesVerdict = {
  evaluations: [], outcome: { allowed: false, de39: '05', ruleId: undefined }
}

const LIMIT_CODES: Readonly<Record<LimitName, '61' | '65'>> = { amount: '61', count: '65', cumulative: '61' }

/**
 * Tells whether a rule allows a payment; one is enough. Else the first rule whose conditions all match gives the code,
 * by its first limit that does not hold. Where there is none, the code is 57, and 05 for a client without rules.
 *
 * @param evaluations in the order of {@link evaluateRules}
 * @param hasRules whether the client has any rule, active or not
 */
export function outcomeOf (evaluations: readonly RuleEvaluation[], hasRules: boolean): RulesOutcome {
  const triggered = evaluations.find((evaluation) => evaluation.triggered)
  if (triggered !== undefined) return { allowed: true, ruleId: triggered.rule_id }
  const [exceeded] = evaluations.flatMap(({ rule_id: ruleId, limits }) =>
    limits.filter(({ held }) => !held).map(({ limit }) => ({ ruleId, limit })))
  if (exceeded === undefined) return { allowed: false, de39: hasRules ? '57' : '05', ruleId: undefined }
  return { allowed: false, de39: LIMIT_CODES[exceeded.limit], ruleId: exceeded.ruleId }
}

function evaluateRule (
  rule: StandInRule, facts: RuleFacts, past: readonly PastPayment[], rates: RuleRates
): RuleEvaluation {
  const named = { rule_id: rule.ruleId, name: rule.name }
  const conditions = [ACCOUNTS, ...CONDITIONS].filter(({ isSet }) => isSet(rule.conditions)).map((condition) => ({
    condition: condition.name,
    matched: condition.matches(rule.conditions, facts),
    value: condition.valueOf(facts)
  }))
  if (!conditions.every(({ matched }) => matched)) return { ...named, triggered: false, conditions, limits: [] }
  const converter = new Converter(rule.limits.currency ?? facts.billing.currency, rates)
  const limits = evaluateLimits(rule, facts, findCounted(rule, facts, past), converter)
  const triggered = limits.every(({ held }) => held)
  return { ...named, triggered, ...converter.fault && { reason: converter.fault }, conditions, limits }
}

const IS_COUNTED: Readonly<Record<Counted, (payment: PastPayment) => boolean>> = {
  approvals: ({ approved }) => approved,
  stand_in_approvals: ({ approved, byStandIn }) => approved && byStandIn,
  all: () => true
}

/** Finds the earlier payments that a rule counts, whatever its windows, newest first. */
function findCounted (
  { conditions, counts, limits }: StandInRule, { token, atMs }: RuleFacts, past: readonly PastPayment[]
): PastPayment[] {
  if (limits.count === undefined && limits.cumulative === undefined) return []
  return past
    .filter((payment) => payment.atMs <= atMs && (counts.per === 'account' || payment.token === token))
    .filter((payment) => IS_COUNTED[counts.what](payment) && (counts.includeReversed || !payment.isReversed))
    .filter((payment) => CONDITIONS.every(({ isSet, matches }) => !isSet(conditions) || matches(conditions, payment)))
    .toSorted(newestFirst)
}

function newestFirst (one: PastPayment, other: PastPayment): number {
  return other.atMs - one.atMs || (other.tid > one.tid ? 1 : -1)
}

function evaluateLimits (
  { limits: { amount, count, cumulative } }: StandInRule, { billing, atMs }: RuleFacts,
  counted: readonly PastPayment[], converter: Converter
): LimitEvaluation[] {
  const within = (limit: WindowLimit<unknown>): PastPayment[] => {
    const start = windowStart(limit.window, atMs)
    return counted.filter((payment) => payment.atMs >= start)
  }
  const evaluations: LimitEvaluation[] = []
  if (amount !== undefined) {
    evaluations.push({ limit: 'amount', ...converter.compare([billing], amount.max) })
  }
  if (count !== undefined) {
    const found = within(count)
    const value = found.length + (count.includeCurrent ? 1 : 0)
    evaluations.push({ limit: 'count', held: value <= count.max, value, max: count.max, ...listed(count, found, atMs) })
  }
  if (cumulative !== undefined) {
    const found = within(cumulative)
    const sum = converter.compare(cumulative.includeCurrent ? [...found, billing] : found, cumulative.max)
    evaluations.push({ limit: 'cumulative', ...sum, ...listed(cumulative, found, atMs) })
  }
  return evaluations
}

function listed (
  { window }: WindowLimit<unknown>, found: readonly PastPayment[], atMs: number
): Pick<LimitEvaluation, 'since' | 'transactions' | 'more_transactions'> {
  const transactions = found.slice(0, LISTED_TRANSACTIONS).map(({ tid }) => tid.toString())
  const more = found.length - transactions.length
  return { since: formatSince(window, atMs), transactions, ...more > 0 && { more_transactions: more } }
}
