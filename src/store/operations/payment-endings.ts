import type { IssuerMessages } from '../../domain/issuer-messages.js'
import type { LateAnswer } from '../../domain/issuer-outcome.js'
import { readThread } from '../../domain/payment-thread.js'
import { withLateAnswer, type Trace } from '../../domain/trace.js'
import { change } from '../engine.js'
import { all, first, FOR_UPDATE, lock, run, sql, type Operation } from '../sql.js'
import { findIssuer } from './client-settings.js'
import { insertEvent } from './events.js'
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

interface AbandonedRow {
  tid: bigint
  rid: bigint
  thread: string
  client_id: bigint
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
  const rows = yield * all<AbandonedRow>(sql`SELECT tid, rid, thread, client_id FROM transactions
    WHERE state = 'received' AND lease_until_ms <= ${BigInt(context.nowMs)} ORDER BY tid LIMIT ${SLICE} ${FOR_UPDATE}`)
  for (const { tid, rid, thread, client_id: clientId } of rows) {
    const trace: Trace = {
      decision: 'abandoned',
      de39: null,
      decided_by: null,
      reason_code: '900',
      issuer: null,
      steps: [],
      rules: [],
      balance_change: null
    }
    yield * run(sql`UPDATE transactions SET state = 'abandoned', lease_until_ms = NULL,
      trace = ${JSON.stringify(trace)}, decided_at_ms = ${BigInt(context.nowMs)} WHERE tid = ${tid}`)
    yield * insertEvent({
      type: 'transaction', clientId: Number(clientId), data: { tid: tid.toString(), change: 'abandoned' }
    }, context.nowMs)
    const issuer = yield * findIssuer(Number(clientId))
    if (issuer === undefined) continue
    yield * tellIssuer({
      thread: readThread(thread, context.currencyOf), originalRid: rid, issuer: issuer.settings, messages
    }, [{ kind: 'reversal' }], context)
  }
  return rows.length
}, { leavesAccounts: true })

/**
 * Says that no process decides any payment. For the start of a process that is sure to be alone with the database, so
 * that what its predecessor left is abandoned at once.
 */
export function * endUndecided (nowMs: number): Operation<void> {
  yield * run(sql`UPDATE transactions SET lease_until_ms = ${BigInt(nowMs - 1)}
    WHERE state = 'received' AND lease_until_ms >= ${BigInt(nowMs)}`)
}
