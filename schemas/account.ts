import { Type, type Static } from '@sinclair/typebox'
import { Nullable } from './nullable.js'
import { AmountText, Int32, Int64Text, TypedCurrency, UnsignedAmountText } from './numbers.js'
import { ruled } from './rule.js'

/** What a card may be in. Only an active one is let in by the decision. */
export const CARD_STATES = ['active', 'not_activated', 'lost', 'stolen', 'restricted', 'closed'] as const

/** What a card is in. */
export const CardState = Type.Unsafe<typeof CARD_STATES[number]>({
  type: 'string', enum: [...CARD_STATES], description: 'What the card is in.'
})

const MONTH = ruled('^[0-9]{4}-(0[1-9]|1[0-2])$', 'a year and a month, such as 2029-11')

/** The last month in which a card is valid. */
export const CardExpiry =
  Nullable(Type.String(MONTH), 'The last month in which the card is valid (UTC): `2029-11`. Null: it has no end.')

/** The token of a card on an account. */
export const CardToken = Int64Text({ description: 'Public token of a card on the account, unique across all clients.' })

const CardDocument = Type.Object({
  token: CardToken,
  state: Type.Optional(CardState),
  expiry: Type.Optional(CardExpiry)
}, {
  title: 'NewCard',
  additionalProperties: false,
  description: 'A card: active where no state is given, valid for ever where no expiry is given.'
})

/** An account that is to be made, in a scenario file and in the sandbox's own API. Unknown fields are refused. */
export const NewAccountDocument = Type.Object({
  client_id: Int32({ minimum: 1, description: 'The client that the account belongs to.' }),
  account_id: Int64Text({ description: 'Account number, unique across all clients.' }),
  currency: TypedCurrency({
    description: 'The currency that the account is kept in: its ISO 4217 code, numeric (`404`) or alphabetic (`KES`).'
  }),
  external_reference: Type.Optional(Type.String({
    minLength: 1,
    maxLength: 50,
    description: 'Unique within the client.'
  })),
  actual_balance: AmountText({ description: 'Major units; may be negative.' }),
  blocked_balance: UnsignedAmountText({ description: 'Major units; not negative.' }),
  tokens: Type.Optional(Type.Array(Type.Union([CardToken, CardDocument]), {
    description: 'The cards on the account. A bare token is a card that is active for ever.'
  }))
}, { title: 'NewAccount', additionalProperties: false })
export type NewAccountDocument = Static<typeof NewAccountDocument>

/** A file of accounts, as many as there are. */
export const AccountsFile = Type.Object(
  { accounts: Type.Array(NewAccountDocument, { minItems: 1 }) }, { title: 'AccountsFile', additionalProperties: false }
)
export type AccountsFile = Static<typeof AccountsFile>

/** An account as a request or a file would have it, for the documentation. */
export const NEW_ACCOUNT_EXAMPLE: NewAccountDocument = {
  client_id: 123,
  account_id: '9007199254740995',
  currency: '404',
  external_reference: 'WALLET-7',
  actual_balance: '200.00',
  blocked_balance: '50.00',
  tokens: ['7001001']
}
