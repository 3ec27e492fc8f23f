import type { Transaction } from '../../../schemas/sandbox/payments.js'
import type { Advice, Message } from '../../../schemas/sandbox/transactions.js'
import { formatAmount } from '../../domain/money.js'
import { describeResponseCode } from '../../domain/response-code.js'
import type { AdviceRecord } from '../../store/port/advices.js'
import type { DecidedPayment, MessageRecord, TransactionRecord } from '../../store/port/payments.js'
import { presentBalances } from './present.js'

/** How a thread stands: 0200 posts at once, 0100 waits for its clearing. */
function statusOf ({ state, messageType }: TransactionRecord): Transaction['status'] {
  if (state !== 'approved') return state
  return messageType === '0200' ? 'cleared' : 'pending'
}

export function presentTransaction (record: TransactionRecord): Transaction {
  const { amount, billing, hold, de39 } = record
  return {
    tid: record.tid.toString(),
    rid: record.rid?.toString() ?? null,
    status: statusOf(record),
    token: record.token.toString(),
    client_id: record.clientId ?? null,
    account_id: record.accountId?.toString() ?? null,
    idempotency_key: record.idempotencyKey ?? null,
    message_type: record.messageType,
    spend_type: record.spendType,
    entry_mode: record.entryMode,
    merchant_category: record.merchantCategory,
    country: record.country,
    amount: formatAmount(amount.amount, amount.currency),
    currency: amount.currency.numericCode,
    billing_amount: billing === undefined ? null : formatAmount(billing.amount, billing.currency),
    billing_currency: billing?.currency.numericCode ?? null,
    de39: de39 ?? null,
    de39_meaning: de39 === undefined ? null : describeResponseCode(de39),
    decided_by: record.decidedBy ?? null,
    reason_code: record.reasonCode ?? null,
    hold: hold === undefined || billing === undefined
      ? null
      : {
          amount: formatAmount(hold.amount, billing.currency),
          remaining: formatAmount(hold.remaining, billing.currency),
          counted: hold.counted,
          known: hold.known
        },
    received_at: record.receivedAt.toISOString(),
    decided_at: record.decidedAt?.toISOString() ?? null
  }
}

/** Writes the answer to a payment. It is stored, and given again to who sends the payment again. */
export function presentDecision ({ transaction, trace, balances }: DecidedPayment): string {
  return JSON.stringify({
    transaction: presentTransaction(transaction),
    trace,
    balances: balances === undefined ? null : presentBalances(balances.now, balances.currency)
  })
}

export function presentMessage (record: MessageRecord): Message {
  return {
    rid: record.rid.toString(),
    tid: record.tid.toString(),
    original_rid: record.originalRid?.toString() ?? null,
    feed: record.feed,
    message_type: record.messageType,
    message: JSON.parse(record.body),
    created_at: record.createdAt.toISOString(),
    outcome: record.outcome ?? null
  }
}

export function presentAdvice (record: AdviceRecord): Advice {
  return {
    rid: record.rid.toString(),
    tid: record.tid.toString(),
    client_id: record.clientId,
    original_rid: record.originalRid.toString(),
    feed: record.feed,
    message_type: record.messageType,
    state: record.state,
    attempts: record.attempts,
    next_at: record.nextAt?.toISOString() ?? null,
    acknowledged_at: record.acknowledgedAt?.toISOString() ?? null,
    last_error: record.lastError ?? null
  }
}
