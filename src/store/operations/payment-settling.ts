import { planBalanceUpdate, type BalanceUpdateItem, type PlannedItem } from '../../domain/balance-update.js'
import type { Card } from '../../domain/card.js'
import { numericCodeOf } from '../../domain/currency.js'
import { describeItemFailure } from '../../domain/item-failure.js'
import { decide, decideBeforeAsking, type Decision } from '../../domain/decision.js'
import type { Shadow } from '../../domain/issuer-outcome.js'
import { statedBalance } from '../../domain/shadow.js'
import type { IssuerSettings } from '../../domain/issuer-settings.js'
import { spendTypeOf, type Money, type Payment, type PaymentThread } from '../../domain/payment.js'
import type { RuleEvaluation, RulesVerdict } from '../../domain/rule-evaluation.js'
import { traceChange, traceIssuer, traceOf, type Asking, type IssuerTrace, type Trace } from '../../domain/trace.js'
import type { Context } from '../engine.js'
import type { AnsweredPayment, DecidedPayment, Deciding, TransactionRecord } from '../port/payments.js'
import { first, run, sql, type Operation } from '../sql.js'
import { AccountMemory, loadAccounts, loadHoldsLearnedBehind } from './account-memory.js'
import { findStandInSettings } from './client-settings.js'
import { insertEvent, paymentEvent } from './events.js'
import {
  changeOf, insertChanges, insertOperation, numberChanges, setBalances, type NewChange, type NewOperation
} from './history-writing.js'
import type { KnownAccount } from './known-accounts.js'
import { tellIssuer } from './messages.js'
import { judge, type PaymentAccount } from './payment-rules.js'
import { findRatesFor } from './rate-lookup.js'

/** A payment that is decided now. Its row is there, and is not decided. */
export interface Settling extends Deciding {
  readonly payment: Payment
  readonly atMs: number
  readonly tid: bigint
  readonly card: Card | undefined
  readonly billing: Money | undefined
  readonly unbilled?: string | undefined
  /** Undefined where nobody has the token. */
  readonly account: PaymentAccount | undefined
  /** What messages about it need; undefined where none can be written. */
  readonly thread?: PaymentThread
  readonly idempotencyKey: string | undefined
  /** The request to the issuer, sent or not. */
  readonly rid?: bigint
  readonly issuer?: IssuerSettings | undefined
  /** What the rules said when it arrived: behind the lock of its account, unless its issuer was asked afterwards. */
  readonly verdict: RulesVerdict
  /** How the asking ended; undefined where the payment is declined before. */
  readonly asking: Asking | undefined
}

/** What a decision comes to. */
interface Settled {
  readonly decision: Decision
  readonly rules: readonly RuleEvaluation[]
  readonly issuer: IssuerTrace | null
  readonly balanceChange: Trace['balance_change']
}

/** Decides a payment and writes all of it: the decision, its hold, the history, the advices and the answer. */
export function * settlePayment (
  settling: Settling, context: Context
): Operation<AnsweredPayment> {
  const memory = new AccountMemory()
  const account = yield * lockAccount(memory, settling.account, context)
  const settled = yield * settle(settling, account, memory, context)
  const { decision } = settled
  const trace = traceOf(decision, settled)
  const { tid, thread, rid, issuer, messages } = settling
  const told = thread !== undefined && rid !== undefined && issuer !== undefined
  if (told) {
    const { de39, reasonCode, adviceReason } = decision
    const firstTold = yield * tellIssuer({ thread, originalRid: rid, issuer, messages }, [
      ...adviceReason === undefined ? [] : [{ kind: 'advice', de39, reasonCode: adviceReason } as const],
      { kind: 'passive', de39, reasonCode }
    ], context)
    if (decision.effect.hold > 0n && !wentOut(settling)) {
      yield * run(sql`UPDATE holds SET rid = ${firstTold} WHERE tid = ${tid}`)
    }
  }
  const advised = told && decision.adviceReason !== undefined
  const { approved, de39, decidedBy } = decision
  yield * insertEvent(paymentEvent(
    { tid, token: settling.payment.token, account: settling.account }, approved ? 'approved' : 'declined',
    { de39, decided_by: decidedBy, advised }
  ), context.nowMs)
  const now = account && memory.find('account', account.accountId)
  const decided: DecidedPayment = {
    transaction: recordOf(settling, decision, trace, context),
    trace,
    balances: now && { now: now.balances, currency: now.currency },
    advised,
    lostHolds: settled.issuer?.shadow?.lost_holds.length ?? 0
  }
  const answer = settling.answer(decided)
  yield * writeDecision(decided, answer)
  return { decided, answer }
}

/** Gives a payment as it is read once its decision is written. */
function recordOf (
  { tid, rid, account, idempotencyKey, payment, billing, atMs }: Settling,
  { approved, de39, decidedBy, reasonCode, effect: { hold } }: Decision, trace: Trace, { nowMs }: Context
): TransactionRecord {
  const { token, messageType, entryMode, merchant: { category, country }, amount, currency } = payment
  return {
    tid,
    rid,
    token,
    clientId: account?.clientId,
    accountId: account?.accountId,
    idempotencyKey,
    messageType,
    spendType: spendTypeOf(payment),
    entryMode,
    merchantCategory: category,
    country,
    amount: { amount, currency },
    billing,
    state: approved ? 'approved' : 'declined',
    de39,
    decidedBy,
    reasonCode,
    hold: hold > 0n ? { amount: hold, remaining: hold, counted: true, known: false } : undefined,
    receivedAt: new Date(atMs),
    decidedAt: new Date(nowMs),
    trace
  }
}

function * writeDecision (
  { transaction: { tid, state, decidedBy, de39, reasonCode, decidedAt }, trace }: DecidedPayment, answer: string
): Operation<void> {
  yield * run(sql`UPDATE transactions SET state = ${state}, decided_by = ${decidedBy}, de39 = ${de39},
      reason_code = ${reasonCode}, trace = ${JSON.stringify(trace)}, decided_at_ms = ${BigInt(Number(decidedAt))},
      lease_until_ms = NULL, answer_body = ${answer}
    WHERE tid = ${tid}`)
}

/** Tells whether the request has surely reached the issuer, which may have booked it. Else the advice tells first. */
function wentOut ({ asking }: Settling): boolean {
  return asking !== undefined && ['answered', 'timeout', 'error', 'invalid_answer'].includes(asking.result.kind)
}

/** Locks the balances of the payment's account. @returns undefined for one that was deleted meanwhile */
function * lockAccount (
  memory: AccountMemory, account: PaymentAccount | undefined, context: Context
): Operation<KnownAccount | undefined> {
  if (account === undefined) return undefined
  yield * loadAccounts(memory, [{ inputType: 'account', inputId: account.accountId }], context)
  const known = memory.find('account', account.accountId)
  return known?.incarnation === account.incarnation ? known : undefined
}

function * settle (
  settling: Settling, account: KnownAccount | undefined, memory: AccountMemory, context: Context
): Operation<Settled> {
  const { payment, billing, tid, asking } = settling
  if (asking === undefined || billing === undefined || settling.account === undefined) {
    const { decline } = decideBeforeAsking(settling)
    return { decision: decline as Decision, rules: settling.verdict.evaluations, issuer: null, balanceChange: null }
  }
  const standIn = yield * findStandInSettings(settling.account.clientId)
  // Others were decided while the issuer was asked, and count.
  const isStale = asking.asked !== undefined && asking.result.kind !== 'answered'
  const verdict = isStale ? yield * judge(payment, billing, settling.account, tid, context) : settling.verdict
  const decision = decide({
    ...settling,
    issuer: asking.result,
    standIn,
    rules: verdict.outcome,
    listing: account?.balances
  })
  const shadow = asking.result.kind === 'answered' ? asking.result.answer.shadow : undefined
  const written = shadow === undefined
    ? { change: yield * applyEffect(settling, decision, account, memory, context), shadow: null }
    : yield * applyShadow({ tid, rid: asking.rid, shadow }, account, memory, context)
  return {
    decision,
    rules: verdict.evaluations,
    issuer: traceIssuer(asking, written.shadow),
    balanceChange: written.change
  }
}

/** Holds or posts the amount of a stand-in approval. */
function * applyEffect (
  { tid, rid }: Settling, { effect: { hold, post } }: Decision, account: KnownAccount | undefined,
  memory: AccountMemory, context: Context
): Operation<Trace['balance_change']> {
  if (account === undefined || (hold === 0n && post === 0n)) return null
  const { accountId, incarnation, currency, balances: previous } = account
  const next = { actual: previous.actual - post, blocked: previous.blocked + hold }
  const { clientId } = account
  yield * writeChange({ source: 'stand-in', clientId, tid }, (operationId) => ({
    accountId,
    incarnation,
    currency,
    operationId,
    itemIndex: 0,
    previous,
    next,
    sent: next,
    sentCurrency: currency,
    rate: '1'
  }), memory, context)
  if (hold > 0n) {
    yield * run(sql`INSERT INTO holds (tid, account_id, incarnation, amount, remaining, counted, known, rid)
      VALUES (${tid}, ${accountId}, ${BigInt(incarnation)}, ${hold}, ${hold}, 1, 0, ${rid})`)
    yield * run(sql`UPDATE balances SET unaware_holds = unaware_holds + 1 WHERE account_id = ${accountId}`)
  }
  memory.setBalances(accountId, next)
  return traceChange(accountId, currency, previous, next)
}

const SHADOW_NAMES = { subject: 'Account', actual: 'actual', blocked: 'blocked', currency: 'currency' } as const

interface ShadowEffect {
  readonly change: Trace['balance_change']
  readonly shadow: IssuerTrace['shadow']
}

/** Sets the balances that the issuer stated. What cannot be applied is dropped, and never changes the decision. */
function * applyShadow (
  { tid, rid, shadow }: { readonly tid: bigint, readonly rid: bigint, readonly shadow: Shadow },
  account: KnownAccount | undefined, memory: AccountMemory, context: Context
): Operation<ShadowEffect> {
  const dropped = (reason: string): ShadowEffect =>
    ({ change: null, shadow: { applied: false, reason, lost_holds: [] } })
  if (account === undefined) return dropped('the account was deleted while the issuer was asked')
  const { accountId, incarnation, clientId, currency } = account
  // Answers may overtake each other, and a client may have sent balances as of a newer message. The account is locked:
  // nothing else is set meanwhile.
  const newer = yield * first<{ shadow_rid: bigint }>(
    sql`SELECT shadow_rid FROM balances WHERE account_id = ${accountId} AND shadow_rid > ${rid}`)
  if (newer !== undefined) {
    return dropped(`SHADOW of an older message: balances as of RID ${newer.shadow_rid} were set already`)
  }
  const stated = statedBalance(shadow, currency)
  if (typeof stated === 'string') return dropped(stated)
  const sentCurrency = numericCodeOf(stated.currency)
  const findRate = yield * findRatesFor([[sentCurrency, currency.numericCode]], context)
  const item: BalanceUpdateItem = {
    inputType: 'account', inputId: accountId, actual: stated.actual, blocked: stated.blocked, currency: sentCurrency
  }
  const contains = yield * loadHoldsLearnedBehind(rid, memory, accountId)
  const [planned] = planBalanceUpdate([item], {
    findAccount: () => memory.find('account', accountId), findRate, pivotCurrency: context.pivotCurrency, contains
  }) as [PlannedItem]
  if (planned.status === 'failed') return dropped(describeItemFailure(planned.failure, SHADOW_NAMES))
  yield * writeChange({ source: 'shadow', clientId, tid }, (operationId) =>
    changeOf(planned, incarnation, operationId, 0), memory, context)
  yield * run(sql`UPDATE balances SET shadow_rid = ${rid} WHERE account_id = ${accountId}`)
  memory.setBalances(accountId, planned.next, planned.beside)
  return {
    change: traceChange(accountId, currency, planned.previous, planned.next),
    shadow: { applied: true, reason: null, lost_holds: (planned.beside?.lost ?? []).map(String) }
  }
}

/** Writes one change of one account, with its operation, and sets the balances. */
function * writeChange (
  operation: NewOperation, makeChange: (operationId: bigint) => NewChange, memory: AccountMemory, { nowMs }: Context
): Operation<void> {
  const { operationId, firstChangeId } = yield * insertOperation(operation, 1, nowMs)
  const numbered = numberChanges([makeChange(operationId)], firstChangeId, memory.ends)
  yield * insertChanges(numbered)
  yield * setBalances(numbered, nowMs)
}
