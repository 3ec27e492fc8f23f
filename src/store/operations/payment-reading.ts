import type { Decider } from '../../domain/decision.js'
import type { Money } from '../../domain/payment.js'
import { reading, type Context } from '../engine.js'
import type { Page, PageRequest } from '../port/page.js'
import type {
  Feed, MessageRecord, TransactionFilter, TransactionRecord, TransactionState
} from '../port/payments.js'
import { all, first, sql, type Operation, type Sql } from '../sql.js'
import { pageOf } from './page.js'

/** A payment as its table has it, with its hold. */
interface TransactionRow {
  tid: bigint
  rid: bigint | null
  token: bigint
  client_id: bigint | null
  account_id: bigint | null
  idempotency_key: string | null
  message_type: string
  spend_type: string
  entry_mode: string
  merchant_category: string
  country: string
  amount: bigint
  currency: string
  billing_amount: bigint | null
  billing_currency: string | null
  state: TransactionState
  decided_by: Decider | null
  de39: string | null
  reason_code: string | null
  trace: string | null
  received_at_ms: bigint
  decided_at_ms: bigint | null
  hold_amount: bigint | null
  remaining: bigint | null
  counted: bigint | null
  known: bigint | null
}

const TRANSACTIONS = sql`t.tid, t.rid, t.token, t.client_id, t.account_id, t.idempotency_key,
    t.message_type, t.spend_type, t.entry_mode, t.merchant_category, t.country, t.amount, t.currency,
    t.billing_amount, t.billing_currency, t.state, t.decided_by, t.de39, t.reason_code,
    t.received_at_ms, t.decided_at_ms, h.amount AS hold_amount, h.remaining, h.counted, h.known
  FROM transactions AS t LEFT JOIN holds AS h ON h.tid = t.tid`

export const readTransaction = reading(function * (context, tid: bigint) {
  const row = yield * first<TransactionRow>(sql`SELECT t.trace, ${TRANSACTIONS} WHERE t.tid = ${tid}`)
  return row && transactionOf(row, context)
})

/** Lists transactions, newest first, without their traces. */
export const listTransactions = reading(function * (
  context, filter: TransactionFilter, { from, limit }: PageRequest
): Operation<Page<TransactionRecord>> {
  const begin = from === undefined ? sql`t.tid > 0` : sql`t.tid <= ${from}`
  const rows = yield * all<TransactionRow>(sql`SELECT NULL AS trace, ${TRANSACTIONS}
    WHERE ${begin}${conditionOf(filter)} ORDER BY t.tid DESC LIMIT ${BigInt(limit + 1)}`)
  return pageOf(rows, limit, (row) => row.tid, (row) => transactionOf(row, context))
})

function conditionOf ({ clientId, accountId, token, state, decidedBy }: TransactionFilter): Sql {
  const ofClient = clientId === undefined ? sql`` : sql` AND t.client_id = ${BigInt(clientId)}`
  const ofAccount = accountId === undefined ? sql`` : sql` AND t.account_id = ${accountId}`
  const ofToken = token === undefined ? sql`` : sql` AND t.token = ${token}`
  const inState = state === undefined ? sql`` : sql` AND t.state = ${state}`
  const by = decidedBy === undefined ? sql`` : sql` AND t.decided_by = ${decidedBy}`
  return sql`${ofClient}${ofAccount}${ofToken}${inState}${by}`
}

function transactionOf (row: TransactionRow, { currencyOf }: Context): TransactionRecord {
  const money = (amount: bigint, currency: string): Money => ({ amount, currency: currencyOf(currency) })
  const { billing_amount: billed, billing_currency: billedIn } = row
  const { hold_amount: held, remaining } = row
  return {
    tid: row.tid,
    rid: row.rid ?? undefined,
    token: row.token,
    clientId: row.client_id === null ? undefined : Number(row.client_id),
    accountId: row.account_id ?? undefined,
    idempotencyKey: row.idempotency_key ?? undefined,
    messageType: row.message_type,
    spendType: row.spend_type,
    entryMode: row.entry_mode,
    merchantCategory: row.merchant_category,
    country: row.country,
    amount: money(row.amount, row.currency),
    billing: billed === null || billedIn === null ? undefined : money(billed, billedIn),
    state: row.state,
    de39: row.de39 ?? undefined,
    decidedBy: row.decided_by ?? undefined,
    reasonCode: row.reason_code ?? undefined,
    hold: held === null || remaining === null
      ? undefined
      : { amount: held, remaining, counted: row.counted === 1n, known: row.known === 1n },
    receivedAt: new Date(Number(row.received_at_ms)),
    decidedAt: row.decided_at_ms === null ? undefined : new Date(Number(row.decided_at_ms)),
    trace: row.trace === null ? undefined : JSON.parse(row.trace)
  }
}

interface MessageRow {
  rid: bigint
  tid: bigint
  original_rid: bigint | null
  feed: Feed
  message_type: string
  body: string
  created_at_ms: bigint
  outcome: string | null
}

const SELECT_MESSAGES =
  sql`SELECT rid, tid, original_rid, feed, message_type, body, created_at_ms, outcome FROM messages`

/** Lists a transaction's messages in their order. */
export const listMessages = reading(function * (_context, tid: bigint): Operation<readonly MessageRecord[]> {
  const rows = yield * all<MessageRow>(sql`${SELECT_MESSAGES} WHERE tid = ${tid} ORDER BY rid`)
  return rows.map(messageOf)
})

export const readMessage = reading(function * (_context, rid: bigint): Operation<MessageRecord | undefined> {
  const row = yield * first<MessageRow>(sql`${SELECT_MESSAGES} WHERE rid = ${rid}`)
  return row && messageOf(row)
})

function messageOf (row: MessageRow): MessageRecord {
  return {
    rid: row.rid,
    tid: row.tid,
    originalRid: row.original_rid ?? undefined,
    feed: row.feed,
    messageType: row.message_type,
    body: row.body,
    createdAt: new Date(Number(row.created_at_ms)),
    outcome: row.outcome === null ? undefined : JSON.parse(row.outcome)
  }
}
