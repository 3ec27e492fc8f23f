/** What an issuer reads of a message. A member that is not there, or is no text, is an empty text. */
export interface IssuerMessage {
  /** ISO 8583: `0100`. Empty for presentments. */
  readonly type: string
  readonly tid: string
  readonly rid: string
  readonly originalRid: string
  readonly token: string
  /** What the scheme asks for, in major units. */
  readonly amount: string
  /** In the account's currency, in major units; `NA` where the network does not give it. */
  readonly billingAmount: string
  /** ISO 4217, alphabetic. */
  readonly billingCurrency: string
  /** What the processor has decided: `00`, or a code. */
  readonly processorDecision: string
  /** Whether money goes to the card. */
  readonly isCredit: boolean
  /** Whether it asks for a decision. Advices, presentments and the passive feed tell of one. */
  readonly isRequest: boolean
}

/** Requests of ISO 8583: authorisation, financial request, reversal. */
const REQUESTS = ['0100', '0200', '0400']

/** ISO 8583, data element 3: a refund. */
const REFUND = '20'

/** Reads a message that came as JSON, whatever is in it. */
export function readMessage (body: unknown): IssuerMessage {
  const [messageType, summary, iso] = ['MESSAGE_TYPE', 'SUMMARY', 'ISO_MSG'].map((name) => memberOf(body, name))
  const type = textOf(messageType, 'Message_Type')
  return {
    type,
    tid: textOf(summary, 'TID'),
    rid: textOf(summary, 'RID'),
    originalRid: textOf(summary, 'original_RID'),
    token: textOf(iso, 'DE2'),
    amount: textOf(summary, 'Transaction_Amount'),
    billingAmount: textOf(summary, 'Billing_Amount'),
    billingCurrency: textOf(summary, 'Billing_Currency'),
    processorDecision: textOf(summary, 'Processor_Decision_Code'),
    isCredit: textOf(iso, 'DE3_1') === REFUND,
    isRequest: REQUESTS.includes(type) && textOf(iso, 'DE39') === ''
  }
}

function memberOf (value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined
}

function textOf (value: unknown, name: string): string {
  const member = memberOf(value, name)
  return typeof member === 'string' ? member : ''
}
