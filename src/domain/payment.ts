import type { Currency } from './currency.js'

/** What a card payment is for. */
export const PAYMENT_KINDS = [
  'purchase', 'withdrawal', 'cash_advance', 'refund', 'account_check', 'balance_inquiry', 'pre_authorization'
] as const
export type PaymentKind = typeof PAYMENT_KINDS[number]

/** Where a card is used. */
export const CHANNELS = ['pos', 'ecom', 'atm', 'moto'] as const
export type Channel = typeof CHANNELS[number]

/** How a terminal comes by the card's number (ISO 8583, data element 22). */
export const ENTRY_MODES = [
  'chip', 'contactless', 'magnetic_stripe', 'manual', 'ecommerce', 'credential_on_file'
] as const
export type EntryMode = typeof ENTRY_MODES[number]

/** ISO 8583:1987: 0100 is authorised and posted later; 0200, of single-message networks, is posted at once. */
export const MESSAGE_TYPES = ['0100', '0200'] as const
export type MessageType = typeof MESSAGE_TYPES[number]

/** What the processor has checked itself. */
export const CHECK_NAMES = ['pin', 'cvv', 'arqc', 'expiry', 'track', 'three_ds'] as const
export type CheckName = typeof CHECK_NAMES[number]
export type CheckResult = 'PASS' | 'FAIL' | 'NA'

export interface Merchant {
  readonly name: string
  readonly city: string
  /** ISO 3166-1, two letters: `GB`. */
  readonly country: string
  /** Merchant category code (ISO 18245), four digits: `5411`. */
  readonly category: string
  readonly merchantId: string
  readonly terminalId: string
}

/** A card payment as the scheme's message has it. */
export interface Payment {
  readonly token: bigint
  /** Minor units of `currency`, never negative. */
  readonly amount: bigint
  readonly currency: Currency
  readonly kind: PaymentKind
  readonly messageType: MessageType
  readonly channel: Channel
  readonly entryMode: EntryMode
  readonly merchant: Merchant
  readonly checks: Readonly<Record<CheckName, CheckResult>>
  /** The code (DE39) with which the processor itself declines; undefined where it does not. */
  readonly processorDecision: string | undefined
  /** Whether the terminal takes an approval of a part (DE39 10). */
  readonly partialApprovalCapable: boolean
}

/** An amount in minor units of a currency. */
export interface Money {
  readonly amount: bigint
  readonly currency: Currency
}

/** One payment and the messages about it, as the issuer is told of it. Published as a thread (TID). */
export interface PaymentThread {
  readonly tid: bigint
  readonly clientId: number
  readonly receivedAtMs: number
  readonly payment: Payment
  readonly accountId: bigint
  readonly externalReference: string | undefined
  /** In the account's currency. */
  readonly billing: Money
  /** The card's last month: `2029-11`. */
  readonly cardExpiry: string | undefined
  /** The processor's own decision: `00`, or the code with which it declines. */
  readonly processorDecision: string
  /** The client's rules by priority, and whether each would allow the payment in stand-in. */
  readonly rules: ReadonlyArray<{ readonly ruleId: string, readonly name: string, readonly triggered: boolean }>
}

const CHANNEL_WORDS: Readonly<Record<Channel, string>> = { pos: 'POS', ecom: 'ECOM', atm: 'ATM', moto: 'MOTO' }

const KIND_WORDS: Readonly<Record<PaymentKind, string>> = {
  purchase: 'Purchase',
  withdrawal: 'Withdrawal',
  cash_advance: 'Cash Advance',
  refund: 'Refund',
  account_check: 'Account Check',
  balance_inquiry: 'Balance Inquiry',
  pre_authorization: 'Pre-Authorisation'
}

/** Names a payment as FAST and the rules do: `POS - Purchase` (seen in stored FAST messages). */
export function spendTypeOf ({ channel, kind }: Pick<Payment, 'channel' | 'kind'>): string {
  return `${CHANNEL_WORDS[channel]} - ${KIND_WORDS[kind]}`
}

/** Every spend type that {@link spendTypeOf} can give. */
export const SPEND_TYPES: readonly string[] =
  CHANNELS.flatMap((channel) => PAYMENT_KINDS.map((kind) => spendTypeOf({ channel, kind })))
