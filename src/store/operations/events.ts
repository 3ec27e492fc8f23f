import type { Currency } from '../../domain/currency.js'
import { reading, type Context } from '../engine.js'
import type {
  ByTable, EventRecord, NewEvent, OperationRecord, TailEnd, TailPosition, TailRows
} from '../port/events.js'
import type { TransactionState } from '../port/payments.js'
import { all, draw, eachAll, eachFirst, eachRun, int8, run, sql, statement, text, type Operation } from '../sql.js'

/** How many events are kept, the newest, and a listener may miss without being told to read its lists anew. */
const KEPT = 10_000n

/** At each thousandth event the oldest are removed. */
const REMOVED_AT = 1000n

/** A payment of which an event tells. */
export interface ToldPayment {
  readonly tid: bigint
  readonly token: bigint
  /** Undefined where nobody has the token. */
  readonly account: { readonly clientId: number, readonly accountId: bigint } | undefined
}

/** Makes the event that tells what became of a payment. */
export function paymentEvent (
  { tid, token, account }: ToldPayment, change: TransactionState, more: object = {}
): NewEvent {
  return {
    type: 'transaction',
    clientId: account?.clientId,
    data: {
      tid: tid.toString(), token: token.toString(), account_id: account?.accountId.toString() ?? null, change, ...more
    }
  }
}

/** Lets all who listen read everything anew, where events cannot tell what has changed. */
export const READ_ANEW: NewEvent = { type: 'resync', clientId: undefined, data: {} }

const INSERT = statement`INSERT INTO events (event_id, type, client_id, at_ms, data)
  VALUES (${int8}, ${text}, ${int8}, ${int8}, ${text})`

/** Writes an event as a part of an operation: it is heard when and only when the operation commits. */
export function * insertEvent (event: NewEvent, nowMs: number): Operation<void> {
  yield * insertEvents([event], nowMs)
}

/** Writes events, which are heard in their order. */
export function * insertEvents (events: readonly NewEvent[], nowMs: number): Operation<void> {
  if (events.length === 0) return
  const firstId = yield * draw('event', events.length)
  yield * eachRun(INSERT, events.map(({ type, clientId, data }, index) => [
    firstId + BigInt(index), type, clientId === undefined ? null : BigInt(clientId), BigInt(nowMs), JSON.stringify(data)
  ]))
  const lastId = firstId + BigInt(events.length - 1)
  const reached = lastId - lastId % REMOVED_AT
  if (reached >= firstId) yield * run(sql`DELETE FROM events WHERE event_id <= ${reached - KEPT}`)
}

/** So many numbers before the newest may belong to transactions that are under way. */
const LOOKED_BACK = 10_000n

/** Finds which of the newest numbers of both tables are there. */
export const findEventEnds = reading(function * (): Operation<ByTable<TailEnd>> {
  const { operations, events } = yield * findNewest()
  const [{ cut }] = (yield * all(sql`SELECT before_operation_id AS cut FROM pruning`)) as [{ cut: bigint }]
  // Before the cut numbers are missing because they were removed. The newest that is there is the end in any case.
  const first = cut < operations ? cut : operations
  const afterOperation = reachBack(operations, first)
  const ofOperations = yield * all<{ number: bigint }>(sql`SELECT operation_id AS number FROM operations
    WHERE operation_id > ${afterOperation} ORDER BY operation_id`)
  const afterEvent = reachBack(events, 1n)
  const ofEvents = yield * all<{ number: bigint }>(sql`SELECT event_id AS number FROM events
    WHERE event_id > ${afterEvent} ORDER BY event_id`)
  return { operations: endOf(afterOperation, ofOperations), events: endOf(afterEvent, ofEvents) }
})

/** Gives the number behind which the newest are looked at. Those before `first` never come. Numbers begin at 1. */
function reachBack (newest: bigint, first: bigint): bigint {
  return [newest - LOOKED_BACK, first - 1n].reduce((most, after) => after > most ? after : most, 0n)
}

function endOf (after: bigint, rows: ReadonlyArray<{ readonly number: bigint }>): TailEnd {
  return { after, numbers: rows.map(({ number }) => number) }
}

function * findNewest (): Operation<ByTable<bigint>> {
  const [row] = (yield * all(sql`SELECT (SELECT coalesce(max(operation_id), 0) FROM operations) AS operations,
    (SELECT coalesce(max(event_id), 0) FROM events) AS events`)) as [ByTable<bigint>]
  return row
}

interface OperationRow {
  operation_id: bigint
  source: string
  client_id: bigint | null
  identifier: string | null
  tid: bigint | null
  created_at_ms: bigint
}

interface EventRow {
  event_id: bigint
  type: string
  client_id: bigint | null
  at_ms: bigint
  data: string
}

const OPERATION = statement`SELECT operation_id, source, client_id, identifier, tid, created_at_ms FROM operations
  WHERE operation_id = ${int8}`
const EVENT = statement`SELECT event_id, type, client_id, at_ms, data FROM events WHERE event_id = ${int8}`

/** How many changes of an operation are told: as many as a bulk update has. */
const CHANGES_TOLD = 25

/** One more than `CHANGES_TOLD`, so that an operation with more of them is seen. */
const CHANGES = statement`SELECT account_id, currency, actual, blocked FROM balance_changes
  WHERE operation_id = ${int8} ORDER BY change_id LIMIT 26`

/** Reads what was committed behind positions: what was missing, and then at most `limit` rows of each table. */
export const readEvents = reading(function * (
  context: Context, { operations, events }: ByTable<TailPosition>, limit: number
): Operation<TailRows> {
  const newest = yield * findNewest()
  const late = (yield * eachFirst<OperationRow>(OPERATION, operations.missing.map((number) => [number])))
  const lateEvents = (yield * eachFirst<EventRow>(EVENT, events.missing.map((number) => [number])))
  const next = yield * all<OperationRow>(sql`SELECT operation_id, source, client_id, identifier, tid, created_at_ms
    FROM operations WHERE operation_id > ${operations.after} ORDER BY operation_id LIMIT ${BigInt(limit)}`)
  const nextEvents = yield * all<EventRow>(sql`SELECT event_id, type, client_id, at_ms, data FROM events
    WHERE event_id > ${events.after} ORDER BY event_id LIMIT ${BigInt(limit)}`)
  return {
    operations: yield * withChanges([...late, ...next].filter((row) => row !== undefined), context),
    events: [...lateEvents, ...nextEvents].filter((row) => row !== undefined).map(eventOf),
    newest
  }
})

interface ChangeRow {
  account_id: bigint
  currency: string
  actual: bigint
  blocked: bigint
}

function * withChanges (
  rows: readonly OperationRow[], { currencyOf }: Context
): Operation<OperationRecord[]> {
  const changes = yield * eachAll<ChangeRow>(CHANGES, rows.map(({ operation_id: number }) => [number]))
  return rows.map((row, index) => operationOf(row, changes[index] as readonly ChangeRow[], currencyOf))
}

function operationOf (
  row: OperationRow, changes: readonly ChangeRow[], currencyOf: (code: string) => Currency
): OperationRecord {
  return {
    number: row.operation_id,
    source: row.source,
    clientId: row.client_id === null ? undefined : Number(row.client_id),
    identifier: row.identifier ?? undefined,
    tid: row.tid ?? undefined,
    atMs: Number(row.created_at_ms),
    changes: changes.slice(0, CHANGES_TOLD).map(({ account_id: accountId, currency, actual, blocked }) =>
      ({ accountId, currency: currencyOf(currency), balances: { actual, blocked } })),
    hasMore: changes.length > CHANGES_TOLD
  }
}

function eventOf ({ event_id: number, type, client_id: clientId, at_ms: atMs, data }: EventRow): EventRecord {
  return { number, type, clientId: clientId === null ? undefined : Number(clientId), atMs: Number(atMs), data }
}
