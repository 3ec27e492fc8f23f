import { keptBytesOf, type JournalBounds, type JournalEntry } from '../../domain/journal.js'
import { change, reading, type Context } from '../engine.js'
import type { JournalFilter, JournalRecord, JournalSummary } from '../port/journal.js'
import type { Page, PageRequest } from '../port/page.js'
import { all, bytes, draw, eachRun, first, int8, run, sql, statement, text, type Operation, type Sql } from '../sql.js'
import { findAccounts } from './account-reading.js'
import { pageOf } from './page.js'

const INSERT_REQUEST = statement`INSERT INTO requests (request_id, received_at_ms, duration_us, x_request_id, dialect,
    client_id, method, route, identifier, preferences, dry_run, replayed, resent_from,
    status, code, items, failed_items, note, subjects, redacted, body_bytes, kept_bytes, answer, body)
  VALUES (${int8}, ${int8}, ${int8}, ${text}, ${text},
    ${int8}, ${text}, ${text}, ${text}, ${text}, ${int8}, ${int8}, ${int8},
    ${int8}, ${text}, ${int8}, ${int8}, ${text}, ${text}, ${int8}, ${int8}, ${int8}, ${text}, ${bytes})`

/** Adds requests, oldest first, and removes what lies beyond the bounds. */
export const recordRequests = change(function * (
  _context, entries: readonly JournalEntry[], bounds: JournalBounds
): Operation<void> {
  const firstId = yield * draw('request', entries.length)
  yield * eachRun(INSERT_REQUEST, entries.map((entry, index) => rowOf(entry, firstId + BigInt(index))))
  yield * run(sql`DELETE FROM requests WHERE request_id <= (SELECT max(request_id)
    FROM (SELECT request_id, row_number() OVER newest AS place, sum(kept_bytes) OVER newest AS total
      FROM requests WINDOW newest AS (ORDER BY request_id DESC)) AS counted
    WHERE place > ${BigInt(bounds.requests)} OR total > ${BigInt(bounds.bytes)})`)
}, { leavesAccounts: true })

/** Removes what was journalled without masking numbers of accounts and tokens. */
export const removeUnmaskedRequests = change(function * (): Operation<void> {
  yield * run(sql`DELETE FROM requests WHERE redacted = 0`)
}, { leavesAccounts: true })

function rowOf (entry: JournalEntry, requestId: bigint) {
  return [requestId, BigInt(entry.receivedAt.getTime()), BigInt(Math.round(entry.durationMs * 1000)),
    entry.xRequestId,
    entry.dialect, numberOf(entry.clientId), entry.method, entry.route, entry.identifier, entry.preferences,
    entry.dryRun === undefined ? undefined : flagOf(entry.dryRun), flagOf(entry.replayed), entry.resentFrom,
    numberOf(entry.status), entry.code, numberOf(entry.items), numberOf(entry.failedItems), entry.note,
    textOf(entry.subjects),
    flagOf(entry.redacted), BigInt(entry.bodyBytes), BigInt(keptBytesOf(entry)), entry.answer, entry.body]
}

function numberOf (value: number | undefined): bigint | undefined {
  return value === undefined ? undefined : BigInt(value)
}

function flagOf (value: boolean): bigint {
  return value ? 1n : 0n
}

/** Each subject stands in a line of its own, so that none is found as a part of another. */
function textOf (subjects: readonly string[]): string | undefined {
  return subjects.length === 0 ? undefined : `\n${subjects.join('\n')}\n`
}

/** A row without its body and its answer. */
interface SummaryRow {
  request_id: bigint
  received_at_ms: bigint
  duration_us: bigint
  x_request_id: string
  dialect: string
  client_id: bigint | null
  method: string
  route: string
  identifier: string | null
  preferences: string | null
  dry_run: bigint | null
  replayed: bigint
  resent_from: bigint | null
  status: bigint | null
  code: string | null
  items: bigint | null
  failed_items: bigint | null
  note: string | null
  redacted: bigint
  body_bytes: bigint
}

interface RequestRow extends SummaryRow {
  answer: string | null
  body: Uint8Array | null
}

const SUMMARY = sql`request_id, received_at_ms, duration_us, x_request_id, dialect, client_id, method,
    route, identifier, preferences, dry_run, replayed, resent_from, status, code, items, failed_items, note, redacted,
    body_bytes`

/** Lists requests, newest first. */
export const listRequests = reading(function * (
  context, filter: JournalFilter, { from, limit }: PageRequest
): Operation<Page<JournalSummary>> {
  const begin = from === undefined ? sql`request_id > 0` : sql`request_id <= ${from}`
  const rows = yield * all<SummaryRow>(sql`SELECT ${SUMMARY} FROM requests
    WHERE ${begin}${yield * conditionOf(filter, context)}
    ORDER BY request_id DESC LIMIT ${BigInt(limit + 1)}`)
  return pageOf(rows, limit, (row) => row.request_id, summaryOf)
})

/** Reads one request. */
export const readRequest = reading(function * (
  _context, requestId: bigint
): Operation<JournalRecord | undefined> {
  const row = yield * first<RequestRow>(
    sql`SELECT ${SUMMARY}, answer, body FROM requests WHERE request_id = ${requestId}`)
  return row && { ...summaryOf(row), body: row.body ?? undefined, answer: row.answer ?? undefined }
})

function * conditionOf (filter: JournalFilter, context: Context): Operation<Sql> {
  const { clientId, statuses, withFailedItems, identifier, xRequestId, accountId } = filter
  const ofClient = clientId === undefined ? sql`` : sql` AND client_id = ${BigInt(clientId)}`
  const answered = statuses === undefined
    ? sql``
    : sql` AND status BETWEEN ${BigInt(statuses[0])} AND ${BigInt(statuses[1])}`
  const failed = withFailedItems === undefined
    ? sql``
    : withFailedItems ? sql` AND failed_items > 0` : sql` AND coalesce(failed_items, 0) = 0`
  const named = identifier === undefined ? sql`` : sql` AND identifier = ${identifier}`
  const traced = xRequestId === undefined ? sql`` : sql` AND x_request_id = ${xRequestId}`
  const touching = accountId === undefined ? sql`` : sql` AND (${yield * namingOf(accountId, context)})`
  return sql`${ofClient}${answered}${failed}${named}${traced}${touching}`
}

/** Finds bodies that name an account as it is today, or a number under which there is none. */
function * namingOf (accountId: bigint, context: Context): Operation<Sql> {
  const [account] = yield * findAccounts([accountId], context)
  const byNumber = naming(`a:${accountId}`)
  if (account === undefined) return byNumber
  const { clientId, externalReference, cards } = account
  const byToken = cards.reduce((known, { token }) => sql`${known} OR ${naming(`t:${token}`)}`, byNumber)
  if (externalReference === undefined) return byToken
  return sql`${byToken} OR (client_id = ${BigInt(clientId)} AND ${naming(`e:${externalReference}`)})`
}

/** Finds a line in the subjects, to the letter: LIKE takes letters of either case, and knows wildcards. */
function naming (subject: string): Sql {
  return sql`replace(subjects, ${`\n${subject}\n`}, '') <> subjects`
}

function summaryOf (row: SummaryRow): JournalSummary {
  return {
    requestId: row.request_id,
    receivedAt: new Date(Number(row.received_at_ms)),
    durationMs: Number(row.duration_us) / 1000,
    xRequestId: row.x_request_id,
    dialect: row.dialect,
    clientId: optional(row.client_id),
    method: row.method,
    route: row.route,
    identifier: row.identifier ?? undefined,
    preferences: row.preferences ?? undefined,
    dryRun: row.dry_run === null ? undefined : row.dry_run === 1n,
    replayed: row.replayed === 1n,
    resentFrom: row.resent_from ?? undefined,
    status: optional(row.status),
    code: row.code ?? undefined,
    items: optional(row.items),
    failedItems: optional(row.failed_items),
    note: row.note ?? undefined,
    redacted: row.redacted === 1n,
    bodyBytes: Number(row.body_bytes)
  }
}

function optional (value: bigint | null): number | undefined {
  return value === null ? undefined : Number(value)
}
