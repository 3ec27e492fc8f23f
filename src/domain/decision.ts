import { cardDecline, type Card } from './card.js'
import type { AdviceReason } from './issuer-messages.js'
import type { IssuerAnswer } from './issuer-outcome.js'
import { FAILURE_KINDS, type FailureKind, type StandInSettings } from './issuer-settings.js'
import { availableBalance, formatAmount, isInt64, type Balances } from './money.js'
import type { CheckName, Money, Payment } from './payment.js'
import type { RulesOutcome } from './rule-evaluation.js'

/** Who decided a payment. */
export type Decider = 'processor' | 'issuer' | 'stand_in'

/** Why nobody asked the issuer. `throttled`: it failed too often lately. `off`: somebody has switched it off. */
export const UNASKED = ['off', 'throttled', 'not_configured'] as const

/** How the asking of the issuer ended. */
export type IssuerResult =
  | { readonly kind: 'answered', readonly answer: IssuerAnswer }
  | { readonly kind: FailureKind | typeof UNASKED[number], readonly reason: string }

/** One step of a decision, as the trace shows it. */
export interface DecisionStep {
  readonly step: 'card' | 'billing' | 'processor_checks' | 'issuer' | 'stand_in_on' | 'stand_in_mode' | 'rules' |
    'listing'
  readonly result: 'passed' | 'failed' | 'skipped'
  readonly reason?: string | undefined
  readonly [detail: string]: unknown
}

/** What is known before the issuer is asked. */
export interface PaymentFacts {
  readonly payment: Payment
  readonly atMs: number
  /** Undefined where nobody has such a token. */
  readonly card: Card | undefined
  /** In the account's currency; undefined where there is none. */
  readonly billing: Money | undefined
  /** Why a usable card has no billing. */
  readonly unbilled?: string | undefined
}

/** What is known when the payment is decided. */
export interface DecisionFacts extends PaymentFacts {
  /** Undefined where the payment was declined before. */
  readonly issuer: IssuerResult
  readonly standIn: StandInSettings
  readonly rules: RulesOutcome
  /** The account's balances; undefined where it was deleted while the issuer was asked. */
  readonly listing: Balances | undefined
}

/** What a payment changes in the listing: minor units, either of them may be zero. */
export interface ListingEffect {
  /** Is added to the blocked balance. */
  readonly hold: bigint
  /** Is taken from the actual balance; below zero for a credit. */
  readonly post: bigint
}

export interface Decision {
  /** ISO 8583:1987, data element 39. */
  readonly de39: string
  readonly approved: boolean
  readonly decidedBy: Decider
  /** `000`, or why the issuer's own decision does not stand: 900 "Response Timed Out", 930 "Response Overriden". */
  readonly reasonCode: '000' | AdviceReason
  readonly steps: readonly DecisionStep[]
  readonly effect: ListingEffect
  /** The reason that the advice to the issuer gives; undefined where the issuer is not advised. */
  readonly adviceReason: AdviceReason | undefined
}

const NO_EFFECT: ListingEffect = { hold: 0n, post: 0n }

/** The code for each check of the processor that fails (ISO 8583:1987). The first of them counts. */
const CHECK_DECLINES: Readonly<Record<CheckName, string>> = {
  pin: '55', cvv: '82', arqc: '88', expiry: '54', track: '05', three_ds: '05'
}

/** Gives the processor's own decision: `00`, or the code with which it declines. A forced one comes first. */
export function processorDecisionOf ({ checks, processorDecision }: Pick<Payment, 'checks' | 'processorDecision'>) {
  if (processorDecision !== undefined) return processorDecision
  const failed = (Object.keys(CHECK_DECLINES) as CheckName[]).find((name) => checks[name] === 'FAIL')
  return failed === undefined ? '00' : CHECK_DECLINES[failed]
}

/** A refund gives money: there is nothing to hold, and the listing cannot forbid it. */
function isCredit ({ kind }: Payment): boolean {
  return kind === 'refund'
}

/**
 * Decides what must not reach the issuer: a card that cannot be used, or an amount that has no rate (reference, section
 * 3, rows 1 and 2).
 *
 * @returns the steps so far, and the decline that ends it
 */
export function decideBeforeAsking (
  { payment, atMs, card, billing, unbilled }: PaymentFacts
): { readonly steps: readonly DecisionStep[], readonly decline: Decision | undefined } {
  const decline = (de39: string, steps: readonly DecisionStep[]) => ({
    steps,
    decline: {
      de39,
      approved: false,
      decidedBy: 'processor',
      reasonCode: '000',
      effect: NO_EFFECT,
      adviceReason: undefined,
      steps: skipRest(steps)
    } as const
  })
  if (card === undefined) {
    return decline('14', [{ step: 'card', result: 'failed', reason: `no account has token ${payment.token}` }])
  }
  const unusable = cardDecline(card, atMs)
  if (unusable !== undefined) {
    return decline(unusable.de39, [{ step: 'card', result: 'failed', reason: unusable.reason }])
  }
  if (billing === undefined) {
    return decline('96', [{ step: 'card', result: 'passed' }, { step: 'billing', result: 'failed', reason: unbilled }])
  }
  const code = processorDecisionOf(payment)
  return {
    steps: [
      { step: 'card', result: 'passed' },
      {
        step: 'billing',
        result: 'passed',
        amount: formatAmount(billing.amount, billing.currency),
        currency: billing.currency.numericCode
      },
      code === '00'
        ? { step: 'processor_checks', result: 'passed' }
        : { step: 'processor_checks', result: 'failed', reason: `the processor declines with ${code}` }
    ],
    decline: undefined
  }
}

const STEPS = [
  'card', 'billing', 'processor_checks', 'issuer', 'stand_in_on', 'stand_in_mode', 'rules', 'listing'
] as const

/** Adds the steps that were not reached, so that a reader sees that there are such. */
function skipRest (steps: readonly DecisionStep[]): DecisionStep[] {
  return [...steps, ...STEPS.slice(steps.length).map((step): DecisionStep => ({ step, result: 'skipped' }))]
}

/**
 * Decides a payment once the issuer was asked, or was not to be asked (reference, section 3). The processor's own
 * decline wins over an approval; stand-in never turns a decline.
 */
export function decide (facts: DecisionFacts): Decision {
  const { steps, decline } = decideBeforeAsking(facts)
  if (decline !== undefined) return decline
  const { issuer, payment } = facts
  const code = processorDecisionOf(payment)
  if (issuer.kind === 'answered') return decideByAnswer(issuer.answer, code, payment, steps)
  const failed: DecisionStep = {
    step: 'issuer', result: isFailure(issuer.kind) ? 'failed' : 'skipped', outcome: issuer.kind, reason: issuer.reason
  }
  const reasonCode = issuer.kind === 'timeout' ? '900' : '930'
  const ended = (de39: string, decidedBy: Decider, more: readonly DecisionStep[], effect = NO_EFFECT): Decision => ({
    de39,
    approved: de39 === '00',
    decidedBy,
    reasonCode,
    steps: skipRest([...steps, failed, ...more]),
    effect,
    adviceReason: reasonCode
  })
  if (code !== '00') return ended(code, 'processor', [])
  return decideInStandIn(facts, (de39, more, effect) => ended(de39, 'stand_in', more, effect))
}

function isFailure (kind: IssuerResult['kind']): kind is FailureKind {
  return (FAILURE_KINDS as readonly string[]).includes(kind)
}

function decideByAnswer (
  { de39: answered }: IssuerAnswer, code: string, payment: Payment, steps: readonly DecisionStep[]
): Decision {
  const isApproval = answered === '00' || (answered === '10' && payment.partialApprovalCapable) ||
    (answered === '85' && payment.amount === 0n)
  const overridden = code !== '00'
  // An issuer that has approved what the processor declines must learn of it.
  const adviceReason = overridden && isApproval ? '930' : undefined
  const reason = `the issuer answered ${answered}${overridden ? `, and the processor declines with ${code}` : ''}`
  const result = isApproval ? 'passed' : 'failed'
  return {
    de39: overridden ? code : answered,
    approved: isApproval && !overridden,
    decidedBy: overridden ? 'processor' : 'issuer',
    reasonCode: adviceReason ?? '000',
    steps: skipRest([...steps, { step: 'issuer', result, outcome: 'answered', reason }]),
    effect: NO_EFFECT,
    adviceReason
  }
}

type Ended = (de39: string, steps: readonly DecisionStep[], effect?: ListingEffect) => Decision

/** Rows 8 to 12 of the reference's table. */
function decideInStandIn (facts: DecisionFacts, ended: Ended): Decision {
  const { issuer, standIn, payment, rules } = facts
  if (isFailure(issuer.kind) && !standIn.stand_in_on.includes(issuer.kind)) {
    const reason = `the client does not stand in for ${issuer.kind}`
    return ended('91', [{ step: 'stand_in_on', result: 'failed', reason }])
  }
  const on: DecisionStep = { step: 'stand_in_on', result: 'passed' }
  if (standIn.mode === 'basic') {
    const reason = 'mode basic declines everything'
    return ended(standIn.decline_code, [on, { step: 'stand_in_mode', result: 'failed', mode: standIn.mode, reason }])
  }
  if (payment.kind === 'balance_inquiry') {
    const reason = 'only the issuer can answer a balance inquiry'
    return ended('57', [on, { step: 'stand_in_mode', result: 'failed', mode: standIn.mode, reason }])
  }
  const mode: DecisionStep = { step: 'stand_in_mode', result: 'passed', mode: standIn.mode }
  if (!rules.allowed) {
    const reason = 'no rule allows the payment'
    return ended(rules.de39, [on, mode, { step: 'rules', result: 'failed', triggered: [], reason }])
  }
  const allowed: DecisionStep = { step: 'rules', result: 'passed', triggered: [rules.ruleId] }
  const { de39, step, effect } = checkListing(facts)
  return ended(de39, [on, mode, allowed, step], effect)
}

/** Rows 11 and 12: the available balance covers the amount, where the mode asks for that. */
function checkListing (
  { payment, billing, listing, standIn }: DecisionFacts
): { readonly de39: string, readonly step: DecisionStep, readonly effect: ListingEffect } {
  const { amount, currency } = billing as Money
  if (listing === undefined) {
    const reason = 'the account was deleted while the issuer was asked'
    return { de39: '14', step: { step: 'listing', result: 'failed', reason }, effect: NO_EFFECT }
  }
  const available = availableBalance(listing)
  const figures = {
    actual: formatAmount(listing.actual, currency),
    blocked: formatAmount(listing.blocked, currency),
    available: formatAmount(available, currency),
    needed: formatAmount(isCredit(payment) ? 0n : amount, currency)
  }
  const effect = effectOf(payment, amount)
  if (!isInt64(listing.blocked + effect.hold) || !isInt64(listing.actual - effect.post)) {
    const reason = 'the balances would leave the range of 64 bits'
    return { de39: '96', step: { step: 'listing', result: 'failed', reason, ...figures }, effect: NO_EFFECT }
  }
  if (isCredit(payment) || amount === 0n || standIn.mode === 'enhanced') {
    return { de39: '00', step: { step: 'listing', result: 'skipped', ...figures }, effect }
  }
  if (available < amount) {
    const reason = `${figures.available} ${currency.alphaCode} available, ${figures.needed} needed`
    return { de39: '51', step: { step: 'listing', result: 'failed', reason, ...figures }, effect: NO_EFFECT }
  }
  return { de39: '00', step: { step: 'listing', result: 'passed', ...figures }, effect }
}

/** What an approval in stand-in does: 0100 holds, 0200 posts at once (class 2). A 0100 credit waits for clearing. */
function effectOf (payment: Payment, amount: bigint): ListingEffect {
  if (payment.messageType === '0200') return { hold: 0n, post: isCredit(payment) ? -amount : amount }
  return { hold: isCredit(payment) ? 0n : amount, post: 0n }
}
