import { change, reading } from '../engine.js'
import { completeIssuer } from '../../domain/issuer-settings.js'
import {
  DELIVERY_LEASE_MS, type AdviceClaim, type AdviceFilter, type AdviceRecord, type AdviceState, type Delivery,
  type DueAdvice, type DueTimes
} from '../port/advices.js'
import type { NewEvent } from '../port/events.js'
import type { Page, PageRequest } from '../port/page.js'
import type { Feed } from '../port/payments.js'
import { all, eachFirst, first, FOR_UPDATE, int8, run, sql, statement, type Operation } from '../sql.js'
import { ascending, lockBalances } from './account-memory.js'
import { insertEvent } from './events.js'
import { pageOf } from './page.js'

interface AdviceRow {
  rid: bigint
  tid: bigint
  client_id: bigint
  original_rid: bigint
  feed: Feed
  message_type: string
  state: AdviceState
  attempts: bigint
  next_at_ms: bigint | null
  acknowledged_at_ms: bigint | null
  last_error: string | null
}

const SELECT_ADVICES = sql`SELECT a.rid, a.tid, a.client_id, a.original_rid, a.feed, m.message_type, a.state,
    a.attempts, a.next_at_ms, a.acknowledged_at_ms, a.last_error
  FROM advices AS a JOIN messages AS m ON m.rid = a.rid`

interface DueRow {
  rid: bigint
  tid: bigint
  client_id: bigint
  feed: Feed
  attempts: bigint
  body: string
  settings: string | null
}

const FIND_DUE = statement`SELECT a.rid, a.tid, a.client_id, a.feed, a.attempts, m.body, i.settings
  FROM advices AS a JOIN messages AS m ON m.rid = a.rid LEFT JOIN client_issuers AS i ON i.client_id = a.client_id
  WHERE a.rid = ${int8}`

/**
 * Takes advices that are due. Those of a thread and a feed come one after the other.
 *
 * @param leaseMs how long no other process sends them
 */
export const claimAdvices = change(function * (
  { nowMs }, claims: readonly AdviceClaim[], leaseMs: number
): Operation<readonly DueAdvice[]> {
  const taken: Array<{ rid: bigint }> = []
  for (const claim of claims) taken.push(...yield * takeAdvices(claim, BigInt(nowMs), BigInt(leaseMs)))
  const rows = (yield * eachFirst<DueRow>(FIND_DUE, ascending(taken.map(({ rid }) => rid)).map((rid) => [rid])))
    .filter((row) => row !== undefined)
  return rows.map((row) => ({
    rid: row.rid,
    tid: row.tid,
    clientId: Number(row.client_id),
    feed: row.feed,
    attempts: Number(row.attempts),
    body: row.body,
    issuer: row.settings === null ? undefined : completeIssuer(JSON.parse(row.settings))
  }))
}, { leavesAccounts: true, sharesCommit: true })

/** Of two processes that want the same advice, the second waits, and then sees that it is not due any more. */
function * takeAdvices (
  { clientId, limit }: AdviceClaim, now: bigint, lease: bigint
): Operation<Array<{ rid: bigint }>> {
  return yield * all<{ rid: bigint }>(sql`UPDATE advices SET next_at_ms = ${now + lease}
    WHERE next_at_ms <= ${now} AND rid IN (SELECT a.rid FROM advices AS a
      WHERE a.client_id = ${BigInt(clientId)} AND a.next_at_ms <= ${now}
        AND NOT EXISTS (SELECT 1 FROM advices AS earlier WHERE earlier.tid = a.tid AND earlier.feed = a.feed
          AND earlier.rid < a.rid AND earlier.next_at_ms IS NOT NULL)
      ORDER BY a.next_at_ms, a.rid LIMIT ${BigInt(limit)}) RETURNING rid`)
}

/**
 * Says that no process sends any advice. For the start of a process that is sure to be alone with the database: what
 * its predecessor may have been sending is due at once, and comes again with its RID.
 */
export function * endDeliveries (nowMs: number): Operation<void> {
  yield * run(sql`UPDATE advices SET next_at_ms = ${BigInt(nowMs)}
    WHERE next_at_ms > ${BigInt(nowMs)} AND next_at_ms <= ${BigInt(nowMs + DELIVERY_LEASE_MS)}`)
}

/** Says when something is due that nobody asks for. */
export const nextDueIn = reading(function * ({ nowMs }): Operation<DueTimes> {
  const advices = yield * all<{ client_id: bigint, at_ms: bigint }>(sql`SELECT client_id, at_ms
    FROM (SELECT c.client_id, (SELECT min(a.next_at_ms) FROM advices AS a
        WHERE a.client_id = c.client_id AND a.next_at_ms IS NOT NULL) AS at_ms
      FROM clients AS c LEFT JOIN client_issuers AS i ON i.client_id = c.client_id
      WHERE i.state IS NULL OR i.state = 'on') AS due
    WHERE at_ms IS NOT NULL`)
  const payment = yield * first<{ at_ms: bigint | null }>(
    sql`SELECT min(lease_until_ms) AS at_ms FROM transactions WHERE state = 'received'`)
  return {
    advicesInMs: new Map(advices.map(({ client_id: clientId, at_ms: atMs }) =>
      [Number(clientId), Number(atMs) - nowMs])),
    abandonInMs: typeof payment?.at_ms === 'bigint' ? Number(payment.at_ms) - nowMs : undefined
  }
})

/** Writes that an advice was not acknowledged. One that was ended meanwhile stays as it is. */
export const putOffAdvice = change(function * (
  { nowMs }, rid: bigint, delivery: Exclude<Delivery, { kind: 'acknowledged' }>
): Operation<void> {
  const nextAt = delivery.waitMs === undefined ? undefined : BigInt(nowMs + delivery.waitMs)
  if (delivery.kind === 'postponed') {
    yield * run(sql`UPDATE advices SET next_at_ms = ${nextAt}
      WHERE rid = ${rid} AND next_at_ms IS NOT NULL`)
    return
  }
  const [failed] = yield * all<ChangedAdvice>(sql`UPDATE advices
    SET state = ${nextAt === undefined ? 'parked' : 'retrying'}, next_at_ms = ${nextAt},
      attempts = attempts + 1, last_error = ${delivery.reason}
    WHERE rid = ${rid} AND next_at_ms IS NOT NULL RETURNING rid, tid, client_id, feed, state`)
  if (failed !== undefined) yield * insertEvent(adviceEvent(failed), nowMs)
}, { leavesAccounts: true, sharesCommit: true })

/** An advice that has changed. */
export type ChangedAdvice = Pick<AdviceRow, 'rid' | 'tid' | 'client_id' | 'feed' | 'state'>

/** Makes the event that tells what an advice is now. One that waits for the first time is told with its payment. */
export function adviceEvent ({ rid, tid, client_id: clientId, feed, state }: ChangedAdvice): NewEvent {
  return {
    type: 'advice', clientId: Number(clientId), data: { rid: rid.toString(), tid: tid.toString(), feed, state }
  }
}

/**
 * Writes that an advice was acknowledged: the issuer knows of the payment now, and so of its hold. One that was ended
 * meanwhile stays as it is.
 */
export const acknowledgeAdvice = change(function * ({ nowMs }, rid: bigint): Operation<void> {
  const hold = yield * first<{ account_id: bigint }>(
    sql`SELECT account_id FROM holds JOIN advices ON advices.tid = holds.tid WHERE advices.rid = ${rid}`)
  if (hold !== undefined) yield * lockBalances(hold.account_id)
  const advice = yield * first<Omit<ChangedAdvice, 'state'>>(sql`SELECT rid, tid, client_id, feed FROM advices
    WHERE rid = ${rid} AND next_at_ms IS NOT NULL ${FOR_UPDATE}`)
  if (advice === undefined) return
  yield * run(sql`UPDATE advices SET state = 'acknowledged', next_at_ms = NULL,
    attempts = attempts + 1, acknowledged_at_ms = ${BigInt(nowMs)}, last_error = NULL WHERE rid = ${rid}`)
  if (advice.feed === 'active' && hold !== undefined) yield * knowHold(advice.tid, hold.account_id)
  yield * insertEvent(adviceEvent({ ...advice, state: 'acknowledged' }), nowMs)
}, { sharesCommit: true })

/**
 * Says that the issuer knows a hold, and behind which message it has said so: clocks of processes may differ. The
 * balances of its account are locked, as for everybody who changes holds.
 */
function * knowHold (tid: bigint, accountId: bigint): Operation<void> {
  const open = yield * first<{ remaining: bigint, counted: bigint }>(
    sql`SELECT remaining, counted FROM holds WHERE tid = ${tid} AND known = 0 ${FOR_UPDATE}`)
  if (open === undefined) return
  yield * run(sql`UPDATE holds SET known = 1,
      learned_behind_rid = (SELECT last_number FROM sequences WHERE name = 'message')
    WHERE tid = ${tid}`)
  // One that was lost waits for balances that contain it.
  if (open.remaining === 0n || open.counted === 0n) return
  yield * run(sql`UPDATE balances SET unaware_holds = unaware_holds - 1 WHERE account_id = ${accountId}`)
}

/** Lists advices, newest first. */
export const listAdvices = reading(function * (
  _context, { clientId, tid, state }: AdviceFilter, { from, limit }: PageRequest
): Operation<Page<AdviceRecord>> {
  const begin = from === undefined ? sql`a.rid > 0` : sql`a.rid <= ${from}`
  const ofClient = clientId === undefined ? sql`` : sql` AND a.client_id = ${BigInt(clientId)}`
  const ofThread = tid === undefined ? sql`` : sql` AND a.tid = ${tid}`
  const inState = state === undefined ? sql`` : sql` AND a.state = ${state}`
  const rows = yield * all<AdviceRow>(sql`${SELECT_ADVICES} WHERE ${begin}${ofClient}${ofThread}${inState}
    ORDER BY a.rid DESC LIMIT ${BigInt(limit + 1)}`)
  return pageOf(rows, limit, (row) => row.rid, adviceOf)
})

function * findAdvice (rid: bigint): Operation<AdviceRecord | undefined> {
  const row = yield * first<AdviceRow>(sql`${SELECT_ADVICES} WHERE a.rid = ${rid}`)
  return row && adviceOf(row)
}

/** Sends an advice now that was not acknowledged, a parked or cancelled one too. */
export const retryAdvice = change(function * ({ nowMs }, rid: bigint): Operation<AdviceRecord | undefined> {
  const [changed] = yield * all<ChangedAdvice>(sql`UPDATE advices SET next_at_ms = ${BigInt(nowMs)}, attempts = 0,
      state = CASE WHEN attempts = 0 THEN 'waiting' ELSE 'retrying' END
    WHERE rid = ${rid} AND state <> 'acknowledged' RETURNING rid, tid, client_id, feed, state`)
  if (changed !== undefined) yield * insertEvent(adviceEvent(changed), nowMs)
  return yield * findAdvice(rid)
}, { leavesAccounts: true })

/** Ends an advice that was not acknowledged. */
export const cancelAdvice = change(function * ({ nowMs }, rid: bigint): Operation<AdviceRecord | undefined> {
  const [changed] = yield * all<ChangedAdvice>(sql`UPDATE advices SET state = 'cancelled', next_at_ms = NULL
    WHERE rid = ${rid} AND state <> 'acknowledged' RETURNING rid, tid, client_id, feed, state`)
  if (changed !== undefined) yield * insertEvent(adviceEvent(changed), nowMs)
  return yield * findAdvice(rid)
}, { leavesAccounts: true })

function adviceOf (row: AdviceRow): AdviceRecord {
  return {
    rid: row.rid,
    tid: row.tid,
    clientId: Number(row.client_id),
    originalRid: row.original_rid,
    feed: row.feed,
    messageType: row.message_type,
    state: row.state,
    attempts: Number(row.attempts),
    nextAt: dateOf(row.next_at_ms),
    acknowledgedAt: dateOf(row.acknowledged_at_ms),
    lastError: row.last_error ?? undefined
  }
}

function dateOf (ms: bigint | null): Date | undefined {
  return ms === null ? undefined : new Date(Number(ms))
}
