import { hash } from 'node:crypto'
import type { Faults } from './faults.js'
import { readAmount, readCurrency, readNumber } from './fields.js'
import type {
  Channel, CheckName, CheckResult, EntryMode, Merchant, MessageType, Payment, PaymentKind
} from './payment.js'

/** A payment as a document has it. Amounts are in major units. */
export interface PaymentDocument {
  readonly token: string
  readonly amount: string
  /** ISO 4217 code, numeric or alphabetic. */
  readonly currency: string
  readonly kind?: PaymentKind
  readonly message_type?: MessageType
  readonly channel?: Channel
  readonly entry_mode?: EntryMode
  readonly merchant?: Readonly<Partial<Record<keyof typeof MERCHANT, string>>>
  readonly checks?: Readonly<Partial<Record<CheckName, CheckResult>>>
  readonly processor_decision?: string | null
  readonly partial_approval_capable?: boolean
}

/** The merchant of a payment that does not name one. */
const MERCHANT = {
  name: 'TEST MERCHANT',
  city: 'LONDON',
  country: 'GB',
  category: '5999',
  merchant_id: 'MERCHANT0000001',
  terminal_id: 'TERM0001'
}

const NO_CHECKS: Readonly<Record<CheckName, CheckResult>> = {
  pin: 'NA', cvv: 'NA', arqc: 'NA', expiry: 'NA', track: 'NA', three_ds: 'NA'
}

/** DE4 and DE6 have twelve digits (ISO 8583:1987). */
export const PAYMENT_AMOUNT_MAX = 999_999_999_999n

/** Kinds that ask and move no money. One with an amount would hold it. Our ruling: the published pages are silent. */
const WITHOUT_AMOUNT: ReadonlySet<PaymentKind> = new Set(['account_check', 'balance_inquiry'])

/**
 * Checks what a schema cannot: that the amount fits its currency, the message and the kind.
 *
 * @param document a document that the schema has accepted
 * @param faults where each fault goes, with its place
 * @returns undefined when there are faults
 */
export function readPayment (document: PaymentDocument, faults: Faults): Payment | undefined {
  const token = readNumber('token', document.token, faults)
  const currency = readCurrency('currency', document.currency, faults)
  if (currency === undefined) return undefined
  const amount = readAmount('amount', document.amount, currency, faults)
  const { kind = 'purchase' } = document
  if (amount > 0n && WITHOUT_AMOUNT.has(kind)) faults.add('amount', `must be 0: the kind ${kind} moves no money`)
  if (amount < 0n) faults.add('amount', 'must not be negative. A payment that gives money has the kind refund')
  if (amount > PAYMENT_AMOUNT_MAX) {
    faults.add('amount', `must have at most 12 digits in minor units of ${currency.alphaCode} (ISO 8583, DE4)`)
  }
  if (faults.count > 0) return undefined
  return {
    token,
    amount,
    currency,
    kind,
    messageType: document.message_type ?? '0100',
    channel: document.channel ?? 'pos',
    entryMode: document.entry_mode ?? 'contactless',
    merchant: readMerchant(document.merchant),
    checks: { ...NO_CHECKS, ...document.checks },
    processorDecision: document.processor_decision ?? undefined,
    partialApprovalCapable: document.partial_approval_capable ?? false
  }
}

function readMerchant (document: PaymentDocument['merchant']): Merchant {
  const { merchant_id: merchantId, terminal_id: terminalId, ...place } = { ...MERCHANT, ...document }
  return { ...place, merchantId, terminalId }
}

/**
 * Hashes what a payment means, so that a repeated key can be told from a reused one. Two documents that read as the
 * same payment mean the same.
 */
export function fingerprintOfPayment (payment: Payment): Buffer {
  const { token, amount, currency, kind, messageType, channel, entryMode, merchant, checks } = payment
  const { processorDecision = null, partialApprovalCapable } = payment
  const { name, city, country, category, merchantId, terminalId } = merchant
  const { pin, cvv, arqc, expiry, track, three_ds: threeDs } = checks
  return hash('sha256', JSON.stringify([
    token.toString(), amount.toString(), currency.numericCode, kind, messageType, channel, entryMode,
    name, city, country, category, merchantId, terminalId,
    pin, cvv, arqc, expiry, track, threeDs, processorDecision, partialApprovalCapable
  ]), 'buffer')
}
