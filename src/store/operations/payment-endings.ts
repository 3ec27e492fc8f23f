import type { IssuerMessages } from '../../domain/issuer-messages.js'
import type { LateAnswer } from '../../domain/issuer-outcome.js'
import { readThread } from '../../domain/payment-thread.js'
import { traceIssuer, withLateAnswer, type Trace } from '../../domain/trace.js'
import { change, type Context } from '../engine.js'
import { all, first, FOR_UPDATE, lock, run, sql, type Operation, type Sql } from '../sql.js'
import { adviceEvent, type ChangedAdvice } from './advices.js'
import { findIssuer } from './client-settings.js'
import { insertEvent, insertEvents, paymentEvent, READ_ANEW } from './events.js'
import { tellIssuer } from './messages.js'

/** Records an answer that came after the deadline: beside its message, and in the trace, where there is one. */
export const recordLateAnswer = change(function * (
  _context, tid: bigint, rid: bigint, late: LateAnswer
): Operation<void> {
  const row = yield * first<{ trace: string | null }>(
    sql`SELECT trace FROM transactions WHERE tid = ${tid} ${FOR_UPDATE}`)
  const message = yield * first<{ outcome: string | null }>(
    sql`SELECT outcome FROM messages WHERE rid = ${rid} ${FOR_UPDATE}`)
  if (typeof message?.outcome !== 'string') return
  const { afterMs, de39 = null, httpStatus, body } = late
  const outcome = {
    ...JSON.parse(message.outcome), late_answer: { after_ms: afterMs, de39, http_status: httpStatus, answer: body }
  }
  yield * run(sql`UPDATE messages SET outcome = ${JSON.stringify(outcome)} WHERE rid = ${rid}`)
  if (typeof row?.trace !== 'string') return
  const trace = withLateAnswer(JSON.parse(row.trace) as Trace, late)
  yield * run(sql`UPDATE transactions SET trace = ${JSON.stringify(trace)} WHERE tid = ${tid}`)
}, { leavesAccounts: true, sharesCommit: true })

/** How many payments are abandoned in one transaction. */
const SLICE = 100n

/** The issuer counts as one that said nothing in time: its answer decides nothing any more. */
const UNDECIDED = { kind: 'timeout', reason: 'nobody decided the payment in time' } as const

/** ISO 8583: Response Timed Out. */
const REASON_CODE = '900'

interface AbandonedRow {
  tid: bigint
  rid: bigint
  token: bigint
  thread: string
  client_id: bigint
  account_id: bigint
}

/**
 * Ends payments that no process decides any more: the scheme got no answer, and nothing is held. Their issuers are
 * told, because they may have booked what they were asked (reference, section 3).
 *
 * @returns how many, at most {@link SLICE}
 */
export const abandonPayments = change(function * (context, messages: IssuerMessages): Operation<number> {
  // What is written about a payment refers to its client: so clients are locked first, as a restore does.
  yield * lock(sql`SELECT client_id FROM clients ORDER BY client_id FOR KEY SHARE`)
  const rows = yield * all<AbandonedRow>(sql`SELECT tid, rid, token, thread, client_id, account_id FROM transactions
    WHERE state = 'received' AND lease_until_ms <= ${BigInt(context.nowMs)} ORDER BY tid LIMIT ${SLICE} ${FOR_UPDATE}`)
  for (const row of rows) yield * abandon(row, messages, context)
  return rows.length
}, { leavesAccounts: true })

function * abandon (
  { tid, rid, token, thread, client_id: client, account_id: accountId }: AbandonedRow, messages: IssuerMessages,
  context: Context
): Operation<void> {
  const trace: Trace = {
    decision: 'abandoned',
    de39: null,
    decided_by: null,
    reason_code: REASON_CODE,
    issuer: traceIssuer({ rid, result: UNDECIDED }, null),
    steps: [],
    rules: [],
    balance_change: null
  }
  yield * run(sql`UPDATE transactions SET state = 'abandoned', lease_until_ms = NULL, reason_code = ${REASON_CODE},
    trace = ${JSON.stringify(trace)}, decided_at_ms = ${BigInt(context.nowMs)} WHERE tid = ${tid}`)
  const clientId = Number(client)
  const issuer = yield * findIssuer(clientId)
  if (issuer !== undefined) {
    yield * tellIssuer({
      thread: readThread(thread, context.currencyOf), originalRid: rid, issuer: issuer.settings, messages
    }, [{ kind: 'reversal' }], context)
  }
  yield * insertEvent(paymentEvent(
    { tid, token, account: { clientId, accountId } }, 'abandoned', { advised: issuer !== undefined }), context.nowMs)
}

/** How many payments, and how many advices, a restore tells one by one: as many as an operation's changes. */
const TOLD = 25n

interface EndedRow {
  tid: bigint
  token: bigint
  client_id: bigint
  account_id: bigint
}

/**
 * Ends the payments of accounts that a restore has set back: their holds were of another time. What was not delivered
 * about them is cancelled, and no rule counts them any more. Those who listen hear of each, or read everything anew.
 *
 * @param isSetBack tells of a row of `transactions` or `holds` whether its account was set back. Nobody else decides or
 *   receives payments of those meanwhile
 */
export function * endPayments (isSetBack: (table: Sql) => Sql, nowMs: number): Operation<void> {
  const isMeant = sql`state <> 'reset' AND ${isSetBack(sql`transactions`)}`
  const isWaiting = sql`next_at_ms IS NOT NULL
    AND tid IN (SELECT tid FROM transactions WHERE ${isSetBack(sql`transactions`)})`
  const advices = yield * all<Omit<ChangedAdvice, 'state'>>(sql`SELECT rid, tid, client_id, feed FROM advices
    WHERE ${isWaiting} ORDER BY rid LIMIT ${TOLD} ${FOR_UPDATE}`)
  const payments = yield * all<EndedRow>(sql`SELECT tid, token, client_id, account_id FROM transactions
    WHERE ${isMeant} ORDER BY tid LIMIT ${TOLD} ${FOR_UPDATE}`)
  const cancelled = yield * run(sql`UPDATE advices SET state = 'cancelled', next_at_ms = NULL WHERE ${isWaiting}`)
  yield * run(sql`UPDATE balances SET unaware_holds = 0 WHERE unaware_holds > 0 AND account_id IN (
    SELECT account_id FROM holds WHERE remaining > 0 AND ${isSetBack(sql`holds`)})`)
  yield * run(sql`UPDATE holds SET remaining = 0, counted = 0 WHERE remaining > 0 AND ${isSetBack(sql`holds`)}`)
  const ended = yield * run(sql`UPDATE transactions SET state = 'reset', lease_until_ms = NULL WHERE ${isMeant}`)
  const areFew = cancelled === advices.length && ended === payments.length
  yield * insertEvents(areFew
    ? [
        ...payments.map(({ tid, token, client_id: clientId, account_id: accountId }) =>
          paymentEvent({ tid, token, account: { clientId: Number(clientId), accountId } }, 'reset')),
        ...advices.map((advice) => adviceEvent({ ...advice, state: 'cancelled' }))
      ]
    : [READ_ANEW], nowMs)
}

/**
 * Says that no process decides any payment. For the start of a process that is sure to be alone with the database, so
 * that what its predecessor left is abandoned at once.
 */
export function * endUndecided (nowMs: number): Operation<void> {
  yield * run(sql`UPDATE transactions SET lease_until_ms = ${BigInt(nowMs - 1)}
    WHERE state = 'received' AND lease_until_ms >= ${BigInt(nowMs)}`)
}
