import { formatAmount } from '../domain/money.js'
import { spendTypeOf, type EntryMode, type Payment, type PaymentKind, type PaymentThread } from '../domain/payment.js'
import { fitText, formatAmountElement, formatConversionRate, formatMerchantPlace, timeElements } from './fields.js'
import { describeMerchantCategory } from './merchant-categories.js'
import type { FastIsoMessage, FastMessage, FastRule, FastSummary, FastValidations } from './message.js'

/** What all messages about a payment differ in. */
interface Particulars {
  readonly type: string
  readonly description: string
  readonly rid: bigint
  readonly originalRid?: bigint
  readonly atMs: number
  readonly network: string
  readonly decision: string
  readonly reasonCode: ReasonCode
  /** Elements beside those of every message. */
  readonly elements?: Pick<FastIsoMessage, 'DE39' | 'DE60_1'>
}

/** A message that is sent after the decision, at a time of its own. */
export interface LaterMessage {
  readonly rid: bigint
  /** The request that it is about. */
  readonly originalRid: bigint
  readonly atMs: number
}

/** Why the processor tells of its decision; `000` where it decides by itself, or asks. */
export type ReasonCode = '000' | '900' | '930'

/** Why stand-in decided, in the words of the published list (their spelling); nothing where it did not. */
const REASONS: Readonly<Record<ReasonCode, string>> = {
  '000': '', 900: ' - Response Timed Out', 930: ' - Response Overriden'
}

/** The scheme's network; the sandbox plays one. */
const SCHEME = 'MASTERCARD'
/** Tells messages of the processor's own from the scheme's. */
const PROCESSOR = 'PPWR'
/** All cards of the sandbox are of one product. */
const PRODUCT_ID = '5'

/** ISO 8583:1987, data element 3, transaction type. An account check is a purchase of nothing. */
const PROCESSING_CODES: Readonly<Record<PaymentKind, string>> = {
  purchase: '00',
  withdrawal: '01',
  cash_advance: '17',
  refund: '20',
  account_check: '00',
  balance_inquiry: '30',
  pre_authorization: '00'
}

/** How the card's number was entered: the name in SUMMARY, and the code of data element 22. */
const ENTRY: Readonly<Record<EntryMode, { readonly name: string, readonly code: string }>> = {
  chip: { name: 'Chip', code: '05' },
  contactless: { name: 'Contactless', code: '07' },
  magnetic_stripe: { name: 'Magnetic Stripe', code: '90' },
  manual: { name: 'Manual', code: '01' },
  ecommerce: { name: 'E-Commerce', code: '81' },
  credential_on_file: { name: 'Credential On File', code: '10' }
}

const WITHOUT_CARD: readonly EntryMode[] = ['manual', 'ecommerce', 'credential_on_file']

/** Makes the message that asks the issuer: 0100, or 0200 for a single-message network. */
export function requestMessage (thread: PaymentThread, rid: bigint): FastMessage {
  return messageOf(thread, requestParticulars(thread, rid))
}

/**
 * Makes the advice (0120) with which the issuer learns what was decided in its place.
 *
 * @param de39 what the scheme was told
 * @param reasonCode 900 where the issuer was silent, 930 where its answer did not count
 */
export function adviceMessage (
  thread: PaymentThread,
  { de39, ...later }: LaterMessage & { readonly de39: string, readonly reasonCode: Exclude<ReasonCode, '000'> }
): FastMessage {
  return messageOf(thread, {
    ...later,
    type: '0120',
    description: 'Authorisation Advice',
    network: PROCESSOR,
    decision: de39,
    elements: { DE39: de39 }
  })
}

/**
 * Makes the advice (0420) that the whole payment is void, for one that nobody will ever learn the decision of.
 *
 * @param reason for data element 60, for example `issuer time-out`
 */
export function reversalAdviceMessage (
  thread: PaymentThread, { reason, ...later }: LaterMessage & { readonly reason: string }
): FastMessage {
  return messageOf(thread, {
    ...later,
    type: '0420',
    description: 'Reversal Advice',
    network: PROCESSOR,
    decision: thread.processorDecision,
    reasonCode: '000',
    elements: { DE60_1: reason }
  })
}

/**
 * Makes the message of the passive feed: the request, with the decision that the scheme was told. It names no other
 * message; the thread (TID) joins both feeds.
 */
export function passiveMessage (
  thread: PaymentThread,
  { rid, de39, processorReasonCode }: {
    readonly rid: bigint
    readonly de39: string
    /** `000` where stand-in did not decide. */
    readonly processorReasonCode: ReasonCode
  }
): FastMessage {
  return messageOf(thread, {
    ...requestParticulars(thread, rid),
    decision: processorReasonCode === '000' ? thread.processorDecision : de39,
    reasonCode: processorReasonCode,
    elements: { DE39: de39 }
  })
}

function requestParticulars (thread: PaymentThread, rid: bigint): Particulars {
  const { kind, messageType } = thread.payment
  const authorisation = kind === 'pre_authorization' ? 'Pre-Authorisation Request' : 'Authorisation Request'
  return {
    type: messageType,
    description: messageType === '0200' ? 'Financial Request' : authorisation,
    rid,
    atMs: thread.receivedAtMs,
    network: SCHEME,
    decision: thread.processorDecision,
    reasonCode: '000'
  }
}

function messageOf (thread: PaymentThread, particulars: Particulars): FastMessage {
  return {
    MESSAGE_TYPE: { Message_Type: particulars.type, Message_Desc: particulars.description },
    SUMMARY: summaryOf(thread, particulars),
    PROCESSOR_VALIDATIONS: validationsOf(thread),
    ISO_MSG: isoMessageOf(thread, particulars),
    RULES: thread.rules.map(({ ruleId, name, triggered }): FastRule =>
      ({ Rule_Id: ruleId, Rule_Name: name, Action: 'STIP', Triggered: triggered ? 'true' : 'false' }))
  }
}

function summaryOf (thread: PaymentThread, particulars: Particulars): FastSummary {
  const { payment, billing } = thread
  const { originalRid, decision, reasonCode } = particulars
  return {
    TID: String(thread.tid),
    RID: String(particulars.rid),
    ...originalRid === undefined ? {} : { original_RID: String(originalRid) },
    PID: PRODUCT_ID,
    Client_Id: String(thread.clientId),
    Transaction_Date_Time: timeElements(particulars.atMs).dateTime,
    Network: particulars.network,
    Spend_Type: spendTypeOf(payment),
    Spend_Location: formatMerchantPlace(payment.merchant),
    Transaction_Amount: formatAmount(payment.amount, payment.currency),
    Transaction_Currency: payment.currency.alphaCode,
    Billing_Amount: formatAmount(billing.amount, billing.currency),
    Billing_Currency: billing.currency.alphaCode,
    Card_Use_Type: ENTRY[payment.entryMode].name,
    Customer_Validation: customerValidationOf(payment.checks),
    Processor_Decision_Code: decision,
    Processor_Reason_Code: reasonCode,
    Processor_Decision_Desc: `${decision === '00' ? 'Approve' : 'Decline'}${REASONS[reasonCode]}`,
    Merchant_Category: describeMerchantCategory(payment.merchant.category),
    Account_Id: String(thread.accountId),
    Customer_Ac: thread.externalReference ?? '',
    Total_Fee_Bill: '0.0'
  }
}

/** How the cardholder was verified, and what else was checked: `No CVM + ARQC`. */
function customerValidationOf ({ pin, arqc, cvv, three_ds: threeDs }: Payment['checks']): string {
  const others = Object.entries({ ARQC: arqc, CVV: cvv, '3DS': threeDs }).filter(([, result]) => result !== 'NA')
  return [pin === 'NA' ? 'No CVM' : 'PIN', ...others.map(([name]) => name)].join(' + ')
}

function validationsOf ({ payment: { checks, entryMode }, rules }: PaymentThread): FastValidations {
  const idsOf = (chosen: PaymentThread['rules']): string => chosen.map(({ ruleId }) => ruleId).join(',')
  return {
    Pan_Check: 'PASS',
    Pin_Check: checks.pin,
    Expiry_Check: checks.expiry,
    Track_Check: checks.track,
    CVV_Type: cvvTypeOf(checks.cvv, entryMode),
    CVV_Check: checks.cvv,
    ARQC_Check: checks.arqc,
    '3DS_Check': checks.three_ds,
    Test_Matrix: '0',
    Test_Results: '0',
    Rules_Checked: idsOf(rules),
    Rules_Triggered: idsOf(rules.filter(({ triggered }) => triggered)),
    // Rules with the action STIP decline nothing before the issuer was asked.
    Rules_Decision: '00'
  }
}

/** 0 for none, 1 for the one on the card's stripe or chip, 2 for the printed one. */
function cvvTypeOf (check: Payment['checks']['cvv'], entryMode: EntryMode): string {
  if (check === 'NA') return '0'
  return WITHOUT_CARD.includes(entryMode) ? '2' : '1'
}

/** Times of the payment stay as they were in later messages; DE7 is the time of the message itself. */
function isoMessageOf (thread: PaymentThread, { atMs, elements }: Particulars): FastIsoMessage {
  const { payment, billing, cardExpiry } = thread
  const { merchant } = payment
  const received = timeElements(thread.receivedAtMs)
  const sent = timeElements(atMs)
  const traceNumber = String(thread.tid % 1_000_000n).padStart(6, '0')
  return {
    DE2: String(payment.token),
    DE3_1: PROCESSING_CODES[payment.kind],
    DE3_2: '00',
    DE3_3: '00',
    DE4: formatAmountElement(payment.amount),
    DE5: formatAmountElement(payment.amount),
    DE6: formatAmountElement(billing.amount),
    DE7: `${sent.date}${sent.time}`,
    DE10: formatConversionRate(payment, billing),
    DE11: traceNumber,
    DE12: received.time,
    DE13: received.date,
    ...cardExpiry === undefined ? {} : { DE14: cardExpiry.slice(2).replace('-', '') },
    DE15: received.date,
    DE18: merchant.category,
    DE22_1: ENTRY[payment.entryMode].code,
    DE37: `${received.referencePrefix}${traceNumber}`,
    DE41: fitText(merchant.terminalId, 8),
    DE42: fitText(merchant.merchantId, 15),
    DE43: formatMerchantPlace(merchant),
    DE48: {},
    DE49: payment.currency.numericCode,
    DE51: billing.currency.numericCode,
    ...payment.kind === 'pre_authorization' ? { DE61_7: '4' } : {},
    ...elements
  }
}
