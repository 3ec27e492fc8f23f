import type { AdviceReason, IssuerMessages, OutgoingMessage, ToldDecision } from '../../domain/issuer-messages.js'
import type { IssuerSettings } from '../../domain/issuer-settings.js'
import type { PaymentThread } from '../../domain/payment.js'
import type { Context } from '../engine.js'
import type { Feed } from '../port/payments.js'
import { draw, run, sql, type Operation } from '../sql.js'

/** How long after its decision an advice is sent first (jPOS-EE has such a delay, on request). */
const FIRST_SEND_MS = 500

interface NewMessage extends OutgoingMessage {
  readonly rid: bigint
  readonly tid: bigint
  readonly originalRid?: bigint
  readonly feed: Feed
}

/** Writes a message as it is to be sent. */
export function * insertMessage (
  { rid, tid, originalRid, feed, messageType, body }: NewMessage, { nowMs }: Context
): Operation<void> {
  yield * run(sql`INSERT INTO messages (rid, tid, original_rid, feed, message_type, body, created_at_ms)
    VALUES (${rid}, ${tid}, ${originalRid}, ${feed}, ${messageType}, ${body}, ${BigInt(nowMs)})`)
}

/** What is told of a decision, and to whom. */
export interface Telling {
  readonly thread: PaymentThread
  readonly originalRid: bigint
  readonly issuer: IssuerSettings
  readonly messages: IssuerMessages
}

/** Which message tells what. */
export type Told =
  | { readonly kind: 'advice' } & Pick<ToldDecision, 'de39' | 'reasonCode'>
  | { readonly kind: 'passive' } & Pick<ToldDecision<AdviceReason | '000'>, 'de39' | 'reasonCode'>
  | { readonly kind: 'reversal' }

/**
 * Puts messages into the outbox, in their order. A passive feed that a client does not have is left out.
 *
 * @returns the RID of the first; undefined where there is none
 */
export function * tellIssuer (
  telling: Telling, told: readonly Told[], context: Context
): Operation<bigint | undefined> {
  const { thread, originalRid, issuer } = telling
  const sent = told.filter(({ kind }) => kind !== 'passive' || issuer.passive_url !== null)
  if (sent.length === 0) return undefined
  const { tid, clientId } = thread
  const firstRid = yield * draw('message', sent.length)
  for (const [index, message] of sent.entries()) {
    const rid = firstRid + BigInt(index)
    const feed = message.kind === 'passive' ? 'passive' : 'active'
    yield * insertMessage({ rid, tid, originalRid, feed, ...write(telling, message, rid, context) }, context)
    yield * run(sql`INSERT INTO advices (rid, tid, client_id, original_rid, feed, state, next_at_ms)
      VALUES (${rid}, ${tid}, ${BigInt(clientId)}, ${originalRid}, ${feed}, 'waiting',
        ${BigInt(context.nowMs + FIRST_SEND_MS)})`)
  }
  return firstRid
}

function write (
  { thread, originalRid, messages }: Telling, told: Told, rid: bigint, { nowMs }: Context
): OutgoingMessage {
  const about = { rid, originalRid, atMs: nowMs }
  switch (told.kind) {
    case 'reversal': return messages.reversalAdvice(thread, about)
    case 'advice': return messages.advice(thread, { ...about, de39: told.de39, reasonCode: told.reasonCode })
    case 'passive': return messages.passive(thread, { ...about, de39: told.de39, reasonCode: told.reasonCode })
  }
}
