import { Type, type Static, type TUnsafe } from '@sinclair/typebox'
import { Nullable } from '../nullable.js'
import { Int64Text, TypedCurrency, UnsignedAmountText } from '../numbers.js'
import { ruled } from '../rule.js'
import { WITHOUT_NUL } from './pages.js'

/** One of some words. */
export function OneOf<const Words extends readonly string[]> (
  words: Words, description: string
): TUnsafe<Words[number]> {
  return Type.Unsafe<Words[number]>({ type: 'string', enum: [...words], description })
}

export const KINDS = [
  'purchase', 'withdrawal', 'cash_advance', 'refund', 'account_check', 'balance_inquiry', 'pre_authorization'
] as const
export const CHANNELS = ['pos', 'ecom', 'atm', 'moto'] as const
export const ENTRY_MODES = [
  'chip', 'contactless', 'magnetic_stripe', 'manual', 'ecommerce', 'credential_on_file'
] as const
const CHECKS = ['PASS', 'FAIL', 'NA'] as const

/** Printable ASCII, which is what the elements of ISO 8583 hold. */
const PRINTABLE = ruled('^[ -~]*$', 'printable ASCII')
const COUNTRY = ruled('^[A-Z]{2}$', 'an ISO 3166-1 code of two capital letters, such as GB')
const CATEGORY = ruled('^[0-9]{4}$', 'a merchant category code of four digits, such as 5411')
const DECLINE = ruled('^(?!00$)[0-9A-Z]{2}$', 'a code of data element 39 that declines, such as 05')

function Printable (maxLength: number, description: string) {
  return Type.Optional(Type.String({ minLength: 1, maxLength, ...PRINTABLE, description }))
}

const Merchant = Type.Object({
  name: Printable(23, 'In DE43. `TEST MERCHANT` where it is left out.'),
  city: Printable(13, 'In DE43. `LONDON` where it is left out.'),
  country: Type.Optional(Type.String({ ...COUNTRY, description: 'ISO 3166-1. `GB` where it is left out.' })),
  category: Type.Optional(Type.String({
    ...CATEGORY, description: 'Merchant category code (ISO 18245). `5999` where it is left out.'
  })),
  merchant_id: Printable(15, 'DE42.'),
  terminal_id: Printable(8, 'DE41.')
}, { additionalProperties: false })

const Checks = Type.Object({
  pin: Type.Optional(OneOf(CHECKS, 'The PIN. `FAIL` declines with 55.')),
  cvv: Type.Optional(OneOf(CHECKS, 'The card verification value. `FAIL` declines with 82.')),
  arqc: Type.Optional(OneOf(CHECKS, 'The chip\'s cryptogram. `FAIL` declines with 88.')),
  expiry: Type.Optional(OneOf(CHECKS, 'The expiry that the terminal has sent. `FAIL` declines with 54.')),
  track: Type.Optional(OneOf(CHECKS, 'The magnetic stripe. `FAIL` declines with 05.')),
  three_ds: Type.Optional(OneOf(CHECKS, '3-D Secure. `FAIL` declines with 05.'))
}, { additionalProperties: false })

/** A payment that arrives for a card. */
export const NewAuthorization = Type.Object({
  token: Int64Text({ description: 'The public token of the card.' }),
  amount: UnsignedAmountText({
    description: 'Major units of `currency`, not negative; 0 for the kinds `account_check` and `balance_inquiry`.'
  }),
  currency: TypedCurrency({ description: 'The terminal\'s: ISO 4217, numeric (`826`) or alphabetic (`GBP`).' }),
  kind: Type.Optional(OneOf(KINDS, 'What the payment is for; `purchase` where it is left out.')),
  message_type: Type.Optional(OneOf(['0100', '0200'] as const,
    '0100 is authorised and posted later; 0200, of single-message networks, is posted at once. 0100 by default.')),
  channel: Type.Optional(OneOf(CHANNELS, 'Where the card is used; `pos` where it is left out.')),
  entry_mode: Type.Optional(OneOf(ENTRY_MODES, 'DE22; `contactless` where it is left out.')),
  merchant: Type.Optional(Merchant),
  checks: Type.Optional(Checks),
  processor_decision: Type.Optional(Nullable(
    Type.String(DECLINE), 'The code with which the processor itself declines. The issuer is asked all the same.'
  )),
  partial_approval_capable: Type.Optional(Type.Boolean({
    description: 'Whether the terminal takes an approval of a part (DE39 10).'
  })),
  idempotency_key: Type.Optional(Type.String({
    minLength: 1,
    maxLength: 255,
    ...WITHOUT_NUL,
    description: 'Sent again with the same content, the payment is answered as before, and nothing is decided anew.'
  }))
}, {
  additionalProperties: false,
  title: 'NewAuthorization',
  examples: [{
    token: '12345',
    amount: '18.40',
    currency: '826',
    kind: 'purchase',
    channel: 'pos',
    entry_mode: 'contactless',
    merchant: { name: 'HARBOUR GROCER', city: 'LEEDS', country: 'GB', category: '5411' },
    checks: { arqc: 'PASS' },
    idempotency_key: 'checkout-7'
  }]
})
export type NewAuthorization = Static<typeof NewAuthorization>

/** How a thread stands. Derived from what happened in it. */
const STATUSES = ['received', 'declined', 'pending', 'cleared', 'abandoned', 'reset'] as const

const Hold = Type.Object({
  amount: Type.String({ description: 'What the approval has blocked.' }),
  remaining: Type.String({ description: 'What was neither reversed nor released.' }),
  counted: Type.Boolean({ description: 'Whether the blocked balance contains it. An update may have wiped it.' }),
  known: Type.Boolean({ description: 'Whether the issuer knows of it: it has acknowledged the advice.' })
}, { title: 'Hold' })

const TRANSACTION = {
  tid: Int64Text({ description: 'The thread (TID).' }),
  rid: Nullable(Type.String(), 'The request to the issuer, sent or not. Null where nobody has the token.'),
  status: OneOf(STATUSES, '`received` until it is decided; `pending` until an approval is cleared.'),
  token: Type.String(),
  client_id: Nullable(Type.Integer(), 'Null where nobody has the token.'),
  account_id: Nullable(Type.String(), 'Null where nobody has the token.'),
  idempotency_key: Nullable(Type.String(), 'As sent.'),
  message_type: Type.String(),
  spend_type: Type.String({ description: 'As in FAST and in rules: `POS - Purchase`.' }),
  entry_mode: Type.String(),
  merchant_category: Type.String(),
  country: Type.String(),
  amount: Type.String({ description: 'As sent, with the currency\'s decimals.' }),
  currency: Type.String(),
  billing_amount: Nullable(Type.String(), 'In the account\'s currency. Null where no rate leads there.'),
  billing_currency: Nullable(Type.String(), 'The account\'s.'),
  de39: Nullable(Type.String(), 'What the scheme was answered (ISO 8583, data element 39). Null until then.'),
  de39_meaning: Nullable(Type.String(), 'The same in words.'),
  decided_by: Nullable(OneOf(['processor', 'issuer', 'stand_in'] as const, ''), 'Null until it is decided.'),
  reason_code: Nullable(Type.String(), '`900` Response Timed Out, `930` Response Overriden, else `000`.'),
  hold: Nullable(Hold, 'What a stand-in approval keeps blocked. Null without one.'),
  received_at: Type.String({ format: 'date-time' }),
  decided_at: Nullable(Type.String({ format: 'date-time' }), 'Null until it is decided.')
}

/** A payment and what became of it. */
export const Transaction = Type.Object(TRANSACTION, { title: 'Transaction' })
export type Transaction = Static<typeof Transaction>

const Step = Type.Object({
  step: Type.String(),
  result: OneOf(['passed', 'failed', 'skipped'] as const, ''),
  reason: Type.Optional(Type.String())
}, { additionalProperties: true, description: 'One step of the decision, with its figures.' })

const Evaluation = Type.Object({
  rule_id: Type.String(),
  triggered: Type.Boolean({ description: 'Whether the rule allows the payment.' }),
  reason: Type.Optional(Type.String({ description: 'What kept the rule from being evaluated in full.' })),
  conditions: Type.Array(Type.Object({
    condition: Type.String(), matched: Type.Boolean(), value: Type.String()
  })),
  limits: Type.Array(Type.Object({
    limit: Type.String(),
    held: Type.Boolean(),
    value: Type.Union([Type.Number(), Type.String(), Type.Null()], {
      description: 'A number of payments, or an amount; null where no rate leads to its currency.'
    }),
    max: Type.Union([Type.Number(), Type.String()])
  }, { additionalProperties: true }))
}, { additionalProperties: true, description: 'One rule, with all its conditions and limits.' })

/** Why a payment was decided so. */
export const Trace = Type.Object({
  decision: OneOf(['approved', 'declined', 'abandoned'] as const, ''),
  de39: Nullable(Type.String(), ''),
  decided_by: Nullable(Type.String(), ''),
  reason_code: Type.String(),
  issuer: Nullable(
    Type.Object({ outcome: Type.String() }, { additionalProperties: true }),
    'How the issuer was asked, its answer, what became of its SHADOW, and an answer that came too late.'
  ),
  steps: Type.Array(Step),
  rules: Type.Array(Evaluation),
  balance_change: Nullable(Type.Object({
    account_id: Type.String(),
    blocked_before: Type.String(),
    blocked_after: Type.String(),
    actual_before: Type.String(),
    actual_after: Type.String()
  }), 'What it did to the balances. Null where it did nothing.')
}, { title: 'Trace' })
export type Trace = Static<typeof Trace>

const Balances = Nullable(Type.Object({
  actual_balance: Type.String(),
  blocked_balance: Type.String(),
  available_balance: Type.String({ description: 'actual − blocked' })
}), 'The account\'s balances after it. Null where there is no account.')

const DECIDED = {
  decision: 'approved', de39: '00', decided_by: 'stand_in', reason_code: '900'
} as const

/** A payment that was approved in stand-in, for the documentation. */
export const TRANSACTION_EXAMPLE: Transaction = {
  tid: '42',
  rid: '910001',
  status: 'pending',
  token: '12345',
  client_id: 123,
  account_id: '1001',
  idempotency_key: 'checkout-7',
  message_type: '0100',
  spend_type: 'POS - Purchase',
  entry_mode: 'contactless',
  merchant_category: '5411',
  country: 'GB',
  amount: '18.40',
  currency: '826',
  billing_amount: '2990.00',
  billing_currency: '404',
  de39: '00',
  de39_meaning: 'approved',
  decided_by: 'stand_in',
  reason_code: '900',
  hold: { amount: '2990.00', remaining: '2990.00', counted: true, known: false },
  received_at: '2027-02-03T14:05:09.000Z',
  decided_at: '2027-02-03T14:05:11.001Z'
}

/** Why it was. */
export const TRACE_EXAMPLE = {
  ...DECIDED,
  issuer: {
    outcome: 'timeout',
    rid: '910001',
    deadline_ms: 2000,
    elapsed_ms: 2001,
    http_status: null,
    de39: null,
    de38: null,
    reason: 'no complete answer within 2000 ms',
    lenient: [],
    shadow: null,
    late_answer: null
  },
  steps: [
    { step: 'card', result: 'passed' },
    { step: 'issuer', result: 'failed', reason: 'no complete answer within 2000 ms' },
    { step: 'rules', result: 'passed', triggered: ['small-pos'] }
  ],
  rules: [{
    rule_id: 'small-pos',
    name: 'Small purchases',
    triggered: true,
    conditions: [{ condition: 'spend_types', matched: true, value: 'POS - Purchase' }],
    limits: [{ limit: 'amount', held: true, value: '2990.00', max: '5000.00', currency: '404' }]
  }],
  balance_change: {
    account_id: '1001',
    blocked_before: '5000.00',
    blocked_after: '7990.00',
    actual_before: '20000.00',
    actual_after: '20000.00'
  }
}

/** The answer to a payment, also to one that is declined. */
export const AuthorizationDecision = Type.Object(
  { transaction: Transaction, trace: Trace, balances: Balances },
  {
    title: 'AuthorizationDecision',
    description: 'The payment is decided, and the decision is durable.',
    examples: [{
      transaction: TRANSACTION_EXAMPLE,
      trace: TRACE_EXAMPLE,
      balances: { actual_balance: '20000.00', blocked_balance: '7990.00', available_balance: '12010.00' }
    }]
  }
)
export type AuthorizationDecision = Static<typeof AuthorizationDecision>

/** Makes the parameter of an address that names a number of 64 bits. */
function parameter<Name extends string> (name: Name, description: string) {
  return Type.Object({ [name]: Int64Text({ description }) } as Record<Name, ReturnType<typeof Int64Text>>)
}

export const TransactionParameters = parameter('tid', 'The thread (TID).')
export const MessageParameters = parameter('rid', 'The message (RID).')

const EVALUATED_EXAMPLE = { ...TRACE_EXAMPLE, issuer: { ...TRACE_EXAMPLE.issuer, rid: null } }

/** The trace of a payment that was only evaluated. It has no message, and so no `rid`. */
export const Evaluated = Type.Object(Trace.properties, {
  title: 'Evaluated', description: 'What would be decided, and why.', examples: [EVALUATED_EXAMPLE]
})
