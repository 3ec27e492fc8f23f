import type { Currency } from './currency.js'
import type { Decider, Decision, DecisionStep, IssuerResult } from './decision.js'
import type { IssuerOutcome, LateAnswer } from './issuer-outcome.js'
import type { IssuerSettings } from './issuer-settings.js'
import { formatAmount, type Balances } from './money.js'
import type { RuleEvaluation } from './rule-evaluation.js'

/** How the issuer was asked, as the trace tells it. Null where nothing is known. */
export interface IssuerTrace {
  readonly outcome: IssuerResult['kind']
  /** Null for a payment that was only evaluated: it has no message. */
  readonly rid: string | null
  readonly deadline_ms: number | null
  readonly elapsed_ms: number | null
  readonly http_status: number | null
  readonly de39: string | null
  /** The issuer's approval code. */
  readonly de38: string | null
  readonly reason: string | null
  /** What of the answer was taken although its form is another one. */
  readonly lenient: readonly string[]
  /** What became of the balances that the issuer stated; null where it stated none. */
  readonly shadow: {
    readonly applied: boolean
    readonly reason: string | null
    /** The payments whose holds it wiped. */
    readonly lost_holds: readonly string[]
  } | null
  readonly late_answer: LateAnswerTrace | null
}

export interface LateAnswerTrace {
  readonly after_ms: number
  readonly de39: string | null
  readonly applied: false
}

/** Why a payment was decided so (reference, 4.3). It is stored, and shown by the API, as it is. */
export interface Trace {
  readonly decision: 'approved' | 'declined' | 'abandoned'
  readonly de39: string | null
  readonly decided_by: Decider | null
  readonly reason_code: string
  readonly issuer: IssuerTrace | null
  readonly steps: readonly DecisionStep[]
  readonly rules: readonly RuleEvaluation[]
  readonly balance_change: {
    readonly account_id: string
    readonly blocked_before: string
    readonly blocked_after: string
    readonly actual_before: string
    readonly actual_after: string
  } | null
}

/** How the issuer was asked. */
export interface Asking {
  readonly rid: bigint
  readonly result: IssuerResult
  /** Undefined where nobody asked it. */
  readonly asked?: { readonly settings: IssuerSettings, readonly outcome: IssuerOutcome }
}

/** Tells how the issuer was asked. */
export function traceIssuer ({ rid, result, asked }: Asking, shadow: IssuerTrace['shadow']): IssuerTrace {
  const answer = result.kind === 'answered' ? result.answer : undefined
  return {
    outcome: result.kind,
    rid: rid.toString(),
    deadline_ms: asked?.settings.deadline_ms ?? null,
    elapsed_ms: asked?.outcome.elapsedMs ?? null,
    http_status: asked?.outcome.httpStatus ?? null,
    de39: answer?.de39 ?? null,
    de38: answer?.de38 ?? null,
    reason: result.kind === 'answered' ? null : result.reason,
    lenient: answer?.lenient ?? [],
    shadow,
    late_answer: null
  }
}

/** Writes what a decision, or a SHADOW, did to the balances of an account. */
export function traceChange (
  accountId: bigint, currency: Currency, before: Balances, after: Balances
): NonNullable<Trace['balance_change']> {
  return {
    account_id: accountId.toString(),
    blocked_before: formatAmount(before.blocked, currency),
    blocked_after: formatAmount(after.blocked, currency),
    actual_before: formatAmount(before.actual, currency),
    actual_after: formatAmount(after.actual, currency)
  }
}

/** Puts a trace together. */
export function traceOf (
  { de39, approved, decidedBy, reasonCode, steps }: Decision,
  { issuer, rules, balanceChange }: {
    readonly issuer: IssuerTrace | null
    readonly rules: readonly RuleEvaluation[]
    readonly balanceChange: Trace['balance_change']
  }
): Trace {
  return {
    decision: approved ? 'approved' : 'declined',
    de39,
    decided_by: decidedBy,
    reason_code: reasonCode,
    issuer,
    steps,
    rules,
    balance_change: balanceChange
  }
}

/** Leaves out the message that was never there: the number of an evaluated one goes to the next payment. */
export function withoutMessage (trace: Trace): Trace {
  return { ...trace, issuer: trace.issuer && { ...trace.issuer, rid: null } }
}

/** Adds an answer that came after the deadline. Neither its code nor its balances are applied. */
export function withLateAnswer (trace: Trace, { afterMs, de39 }: Pick<LateAnswer, 'afterMs' | 'de39'>): Trace {
  const late: LateAnswerTrace = { after_ms: afterMs, de39: de39 ?? null, applied: false }
  return { ...trace, issuer: trace.issuer && { ...trace.issuer, late_answer: late } }
}
