import type { Currency } from '../../domain/currency.js'
import type { Money, Payment } from '../../domain/payment.js'
import { spendTypeOf } from '../../domain/payment.js'
import {
  earliestNeeded, evaluateRules, outcomeOf, type PastPayment, type RulesVerdict
} from '../../domain/rule-evaluation.js'
import type { StandInRule } from '../../domain/stand-in-rule.js'
import type { Context } from '../engine.js'
import { all, sql, type Operation } from '../sql.js'
import { findRatesFor } from './rate-lookup.js'
import { findRules } from './stand-in-rules.js'

/** Which account a payment is of. */
export interface PaymentAccount {
  readonly accountId: bigint
  readonly incarnation: number
  readonly clientId: number
  readonly currency: Currency
}

interface PastRow {
  tid: bigint
  token: bigint
  received_at_ms: bigint
  billing_amount: bigint
  spend_type: string
  entry_mode: string
  merchant_category: string
  country: string
  message_type: string
  state: string
  decided_by: string | null
}

/**
 * Evaluates the rules of a client for a payment. Behind the lock of the account it sees every payment that was decided
 * before, so that two at once cannot both be the third of three.
 *
 * @param tid of the payment, which does not count for itself
 */
export function * judge (
  payment: Payment, billing: Money, account: PaymentAccount, tid: bigint, context: Context
): Operation<RulesVerdict> {
  const { accountId, clientId, currency } = account
  const rules = yield * findRules(clientId)
  const past = yield * findPast(rules, account, tid, context)
  const findRate = yield * findRatesFor(rules.flatMap(({ limits }) =>
    limits.currency === undefined ? [] : [[currency.numericCode, limits.currency.numericCode]]), context)
  const evaluations = evaluateRules(rules, {
    token: payment.token,
    accountId,
    clientId,
    spendType: spendTypeOf(payment),
    entryMode: payment.entryMode,
    category: payment.merchant.category,
    country: payment.merchant.country,
    messageType: payment.messageType,
    billing,
    atMs: context.nowMs
  }, past, { findRate, pivotCurrency: context.pivotCurrency })
  return { evaluations, outcome: outcomeOf(evaluations, rules.length > 0) }
}

/** Reads the payments of an account that rules may count. One whose balances were set back does not count. */
function * findPast (
  rules: readonly StandInRule[], { accountId, incarnation, currency }: PaymentAccount, tid: bigint, { nowMs }: Context
): Operation<PastPayment[]> {
  const since = earliestNeeded(rules, nowMs)
  if (since === undefined) return []
  const rows = yield * all<PastRow>(sql`SELECT tid, token, received_at_ms, billing_amount, spend_type, entry_mode,
      merchant_category, country, message_type, state, decided_by
    FROM transactions WHERE account_id = ${accountId} AND incarnation = ${BigInt(incarnation)}
      AND received_at_ms >= ${BigInt(since)} AND state IN ('approved', 'declined', 'abandoned')
      AND billing_amount IS NOT NULL AND tid <> ${tid}`)
  return rows.map((row) => ({
    tid: row.tid,
    token: row.token,
    // The clock of one that came before behind the lock may be ahead. It counts all the same.
    atMs: Math.min(Number(row.received_at_ms), nowMs),
    amount: row.billing_amount,
    currency,
    spendType: row.spend_type,
    entryMode: row.entry_mode,
    category: row.merchant_category,
    country: row.country,
    messageType: row.message_type,
    approved: row.state === 'approved',
    byStandIn: row.decided_by === 'stand_in',
    isReversed: false
  }))
}
