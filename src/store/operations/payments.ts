import type { Card, CardState } from '../../domain/card.js'
import { decideBeforeAsking, processorDecisionOf, type IssuerResult } from '../../domain/decision.js'
import { convert, findConversion } from '../../domain/exchange.js'
import type { IssuerSettings } from '../../domain/issuer-settings.js'
import type { IssuerOutcome } from '../../domain/issuer-outcome.js'
import { spendTypeOf, type Money, type Payment, type PaymentThread } from '../../domain/payment.js'
import { PAYMENT_AMOUNT_MAX } from '../../domain/new-payment.js'
import { writeThread } from '../../domain/payment-thread.js'
import { NO_VERDICT, type RulesVerdict } from '../../domain/rule-evaluation.js'
import { change, type Context } from '../engine.js'
import type {
  AnsweredPayment, AskedPayment, DecidedPayment, EvaluatedPayment, NewPayment, Reception, TransactionState
} from '../port/payments.js'
import { draw, first, FOR_UPDATE, run, sql, type Operation } from '../sql.js'
import { lockBalances } from './account-memory.js'
import { findIssuer, findStandInSettings } from './client-settings.js'
import { insertEvent, paymentEvent } from './events.js'
import { insertMessage } from './messages.js'
import { judge, type PaymentAccount } from './payment-rules.js'
import { settlePayment } from './payment-settling.js'
import { findRatesFor } from './rate-lookup.js'

/** How long a payment may stay undecided behind its issuer's deadline, until another process may abandon it. */
const LEASE_MS = 30_000

/** A card, and the account that it pays from. */
interface CardHolder extends PaymentAccount {
  readonly card: Card
  readonly externalReference: string | undefined
}

/** A payment as it arrives, also one that is only evaluated. */
type Arriving = NewPayment | EvaluatedPayment & Pick<NewPayment, 'identity'>

/**
 * Receives a payment. Where nobody is to be asked, it is decided in the same transaction. Else it is written as
 * received, and is decided by {@link decidePayment}; nothing stays locked while the issuer is asked.
 */
export const receivePayment = change(function * (context, request: NewPayment): Operation<Reception> {
  return yield * receive(context, request)
}, { sharesCommit: true })

function * receive (context: Context, request: Arriving): Operation<Reception> {
  const earlier = yield * findEarlier(request)
  if (earlier !== undefined) return earlier
  const { payment } = request
  const holder = yield * findHolder(payment.token, context)
  const billed = holder && (yield * bill(payment, holder, context))
  const [billing, unbilled] = typeof billed === 'string' ? [undefined, billed] : [billed]
  const tid = yield * draw('transaction')
  const idempotencyKey = request.identity?.identifier
  const arrived = {
    ...request, idempotencyKey, atMs: context.nowMs, card: holder?.card, billing, unbilled, tid, account: holder
  }
  const received = { request, holder, billing, tid }
  if (holder === undefined || billing === undefined) {
    if (holder !== undefined) yield * lockBalances(holder.accountId)
    return (yield * insertTransaction(received, context)) ??
      decided(yield * settlePayment({ ...arrived, verdict: NO_VERDICT, asking: undefined }, context))
  }
  const issuer = yield * findIssuer(holder.clientId)
  const isRefused = decideBeforeAsking(arrived).decline !== undefined
  const way = isRefused ? undefined : yield * findWay(request, holder, issuer)
  if (way?.kind !== 'ask') yield * lockBalances(holder.accountId)
  const rid = yield * draw('message')
  const verdict = yield * judge(payment, billing, holder, tid, context)
  const thread = threadOf({ ...received, holder, billing }, verdict, context)
  const repeated = yield * insertTransaction({ ...received, rid, thread }, context)
  if (repeated !== undefined) return repeated
  if (way?.kind === 'ask') return yield * beginToAsk(request, thread, rid, way.settings, verdict, context)
  return decided(yield * settlePayment({
    ...arrived, rid, thread, verdict, issuer: issuer?.settings, asking: way && { rid, result: way }
  }, context))
}

/** Writes the request to the issuer. The payment stays undecided until {@link decidePayment}. */
function * beginToAsk (
  { messages }: Arriving, thread: PaymentThread, rid: bigint, issuer: IssuerSettings, verdict: RulesVerdict,
  context: Context
): Operation<Reception> {
  const { tid, clientId, accountId, payment } = thread
  const message = messages.request(thread, rid)
  yield * insertMessage({ rid, tid, feed: 'active', ...message }, context)
  yield * run(sql`UPDATE transactions SET lease_until_ms = ${BigInt(context.nowMs + issuer.deadline_ms + LEASE_MS)}
    WHERE tid = ${tid}`)
  yield * insertEvent(paymentEvent(
    { tid, token: payment.token, account: { clientId, accountId } }, 'received'), context.nowMs)
  return { kind: 'asking', thread, rid, body: message.body, issuer, verdict }
}

function decided ({ decided, answer }: AnsweredPayment): Reception {
  return { kind: 'decided', decided, answer }
}

/** Decides a payment as if the asking of its issuer had ended so. To be taken back: it is written as all others are. */
export const evaluatePayment = change(function * (context, request: EvaluatedPayment): Operation<DecidedPayment> {
  const reception = yield * receive(context, { ...request, identity: undefined })
  // Without a key nothing is repeated, and the asking has ended.
  const { decided } = reception as Extract<Reception, { kind: 'decided' }>
  return decided
})

interface EarlierRow {
  tid: bigint
  fingerprint: Buffer
  answer_body: string | null
  state: TransactionState
}

/** Finds what became of a payment that was sent with the same key. */
function * findEarlier ({ identity }: Arriving): Operation<Reception | undefined> {
  if (identity === undefined) return undefined
  const row = yield * first<EarlierRow>(sql`SELECT tid, fingerprint, answer_body, state FROM transactions
    WHERE idempotency_key = ${identity.identifier}`)
  if (row === undefined) return undefined
  const { tid, fingerprint, answer_body: answer, state } = row
  if (Buffer.compare(fingerprint, identity.fingerprint) !== 0) return { kind: 'key-reused', tid }
  if (answer !== null) return { kind: 'replayed', answer }
  return { kind: state === 'received' ? 'under-way' : 'abandoned', tid }
}

interface HolderRow {
  state: CardState
  expiry: string | null
  account_id: bigint
  incarnation: bigint
  client_id: bigint
  currency: string
  external_reference: string | null
}

function * findHolder (token: bigint, { currencyOf }: Context): Operation<CardHolder | undefined> {
  const row = yield * first<HolderRow>(sql`SELECT state, expiry, tokens.account_id, incarnation, client_id, currency,
      external_reference
    FROM tokens JOIN accounts ON accounts.account_id = tokens.account_id WHERE token = ${token}`)
  return row && {
    card: { state: row.state, expiry: row.expiry ?? undefined },
    accountId: row.account_id,
    incarnation: Number(row.incarnation),
    clientId: Number(row.client_id),
    currency: currencyOf(row.currency),
    externalReference: row.external_reference ?? undefined
  }
}

/**
 * Converts the amount to the account's currency, as an update of balances does.
 *
 * @returns why it has none: no rate leads there, or no message can hold the amount
 */
function * bill (
  { amount, currency }: Payment, { currency: to }: PaymentAccount, context: Context
): Operation<Money | string> {
  const findRate = yield * findRatesFor([[currency.numericCode, to.numericCode]], context)
  const conversion = findConversion(currency.numericCode, to.numericCode, findRate, context.pivotCurrency)
  if (conversion === undefined) {
    return `no rate leads from ${currency.alphaCode} to ${to.alphaCode}, the account's currency: publish a rate`
  }
  const converted = convert(amount, currency, to, conversion)
  return converted === undefined || converted > PAYMENT_AMOUNT_MAX
    ? `the amount in ${to.alphaCode}, the account's currency, is too large: DE6 has 12 digits of minor units`
    : { amount: converted, currency: to }
}

type FoundIssuer = { readonly settings: IssuerSettings, readonly state: 'on' | 'off' } | undefined

/** Tells whether the issuer is to be asked, or else how the asking ended. */
function * findWay (
  request: Arriving, { clientId }: CardHolder, issuer: FoundIssuer
): Operation<IssuerResult | { readonly kind: 'ask', readonly settings: IssuerSettings }> {
  if ('asIf' in request) return request.asIf
  if (issuer === undefined) return { kind: 'not_configured', reason: 'the client has no issuer' }
  const { manual } = yield * findStandInSettings(clientId)
  if (manual) return { kind: 'off', reason: 'stand-in is manual: nobody asks the issuer' }
  if (issuer.state === 'off') return { kind: 'off', reason: 'the issuer is switched off' }
  return request.isThrottled(clientId)
    ? { kind: 'throttled', reason: 'the issuer failed too often lately, and is left alone for a while' }
    : { kind: 'ask', settings: issuer.settings }
}

/** A payment as it is written. */
interface Received<Holder = CardHolder | undefined, Billing = Money | undefined> {
  readonly request: Arriving
  readonly holder: Holder
  readonly billing: Billing
  readonly tid: bigint
  readonly rid?: bigint
  readonly thread?: PaymentThread
}

/** Gives what messages about a payment need, the rules as they stand included. */
function threadOf (
  { request: { payment }, holder, billing, tid }: Received<CardHolder, Money>, { evaluations }: RulesVerdict,
  { nowMs }: Context
): PaymentThread {
  return {
    tid,
    clientId: holder.clientId,
    receivedAtMs: nowMs,
    payment,
    accountId: holder.accountId,
    externalReference: holder.externalReference,
    billing,
    cardExpiry: holder.card.expiry,
    processorDecision: processorDecisionOf(payment),
    rules: evaluations.map(({ rule_id: ruleId, name, triggered }) => ({ ruleId, name, triggered }))
  }
}

/** Writes a payment as received. @returns what became of one with the same key that was written first */
function * insertTransaction (
  { request, holder, billing, tid, rid, thread }: Received, { nowMs }: Context
): Operation<Reception | undefined> {
  const { payment, identity } = request
  const { merchant: { category, country } } = payment
  const written = yield * run(sql`INSERT INTO transactions (tid, rid, token, client_id, account_id, incarnation,
      idempotency_key, fingerprint, thread, message_type, spend_type, entry_mode, merchant_category, country,
      amount, currency, billing_amount, billing_currency, state, received_at_ms)
    VALUES (${tid}, ${rid}, ${payment.token}, ${holder && BigInt(holder.clientId)}, ${holder?.accountId},
      ${holder && BigInt(holder.incarnation)}, ${identity?.identifier}, ${identity?.fingerprint},
      ${thread && writeThread(thread)}, ${payment.messageType}, ${spendTypeOf(payment)}, ${payment.entryMode},
      ${category}, ${country}, ${payment.amount}, ${payment.currency.numericCode},
      ${billing?.amount}, ${billing?.currency.numericCode}, 'received', ${BigInt(nowMs)})
    ON CONFLICT (idempotency_key) DO NOTHING`)
  // Another process has received a payment with the same key meanwhile.
  return written === 0 ? yield * findEarlier(request) : undefined
}

/** What of an account is known when a payment that was received is decided. */
interface UndecidedRow {
  client_id: bigint
  account_id: bigint
  incarnation: bigint
  billing_currency: string
  idempotency_key: string | null
}

/**
 * Decides a payment whose issuer was asked: the decision, its hold, the history and the advice are one commit.
 *
 * @returns undefined for a payment that was ended meanwhile. What came of asking is kept beside its message
 */
export const decidePayment = change(function * (
  context, { thread, rid, issuer, verdict, outcome, ...deciding }: AskedPayment
): Operation<AnsweredPayment | undefined> {
  const { tid, payment, billing, cardExpiry: expiry } = thread
  yield * lockBalances(thread.accountId)
  const row = yield * first<UndecidedRow>(sql`SELECT client_id, account_id, incarnation, billing_currency,
      idempotency_key
    FROM transactions WHERE tid = ${tid} AND state = 'received' ${FOR_UPDATE}`)
  yield * run(sql`UPDATE messages SET outcome = ${JSON.stringify(outcomeText(outcome))} WHERE rid = ${rid}`)
  if (row === undefined) return undefined
  const account = {
    clientId: Number(row.client_id),
    accountId: row.account_id,
    incarnation: Number(row.incarnation),
    currency: context.currencyOf(row.billing_currency)
  }
  return yield * settlePayment({
    ...deciding,
    payment,
    tid,
    idempotencyKey: row.idempotency_key ?? undefined,
    thread,
    rid,
    issuer,
    verdict,
    account,
    billing,
    atMs: thread.receivedAtMs,
    // The card was usable when the payment arrived.
    card: { state: 'active', expiry },
    asking: { rid, result: outcome, asked: { settings: issuer, outcome } }
  }, context)
}, { sharesCommit: true })

/** What of an outcome is kept beside the message. */
function outcomeText ({ kind, reason, httpStatus, elapsedMs, body }: IssuerOutcome) {
  return {
    outcome: kind,
    reason: reason ?? null,
    http_status: httpStatus ?? null,
    elapsed_ms: elapsedMs,
    answer: body ?? null,
    late_answer: null
  }
}
