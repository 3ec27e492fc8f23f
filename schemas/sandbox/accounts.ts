/** The sandbox's own API: whole numbers of 64 bits and amounts are strings, so that no JSON parser changes them. */
import { Type, type Static } from '@sinclair/typebox'
import { Int32Text } from '../address.js'
import { jsonAnswer, type JsonAnswer } from '../answer.js'
import { CardExpiry, CardState, NEW_ACCOUNT_EXAMPLE, NewAccountDocument } from '../account.js'
import { Nullable } from '../nullable.js'
import { AmountText, CurrencyCode, Int64Text, TypedCurrency } from '../numbers.js'
import { NextCursor, PageQuery, WITHOUT_NUL } from './pages.js'

export const AccountParameters = Type.Object({
  account_id: Int64Text({ description: 'Account number.', examples: ['9007199254740993'] })
})

/** Which of the accounts under a number is wanted, of what stays readable of deleted ones. */
export const IncarnationQuery = Type.Object({
  incarnation: Type.Optional(Int32Text({
    description: 'Which of the accounts that ever had the number: 1 is the first. Without it, the newest.'
  }))
})

export const Incarnation = Type.Integer({
  minimum: 1,
  description: 'Which of the accounts that ever had the number: 1 is the first, and each one that is made after a ' +
    'deletion is the next.'
})

export const DeletedAt =
  Nullable(Type.String({ format: 'date-time' }), 'When the account was deleted. Null while it is there.')

export const TokenParameters = Type.Object({
  ...AccountParameters.properties,
  token: Int64Text({ description: 'Public token of a card.', examples: ['12345'] })
})

export const AccountQuery = Type.Object({
  client_id: Type.Optional(Int32Text({ description: 'Only accounts of this client.' })),
  currency: Type.Optional(TypedCurrency({
    description: 'Only accounts in this currency, by its ISO 4217 code, numeric or alphabetic.'
  })),
  external_reference: Type.Optional(Type.String({
    minLength: 1,
    maxLength: 50,
    ...WITHOUT_NUL,
    description: 'Only accounts with exactly this external reference.'
  })),
  token: Type.Optional(Int64Text({ description: 'Only the account that this token is on.' })),
  ...PageQuery.properties
}, { additionalProperties: false })

const EXAMPLE = {
  account_id: '9007199254740993',
  client_id: 123,
  currency: '404',
  currency_alpha: 'KES',
  external_reference: 'WALLET-1',
  tokens: ['12345'],
  cards: [{ token: '12345', state: 'active', expiry: '2029-11' }],
  actual_balance: '200.00',
  blocked_balance: '50.00',
  available_balance: '150.00',
  updated_at: '2026-01-31T08:15:30.123Z'
}

const Card = Type.Object({
  token: Int64Text({ description: 'Public token of the card.' }),
  state: CardState,
  expiry: CardExpiry
}, { title: 'Card' })

export const CardSettings = Type.Object({
  state: Type.Optional(CardState),
  expiry: Type.Optional(CardExpiry)
}, {
  title: 'CardSettings',
  additionalProperties: false,
  description: 'What to set of the card. What is left out stays as it is. Of a new card, it is active and without an ' +
    'end. The body itself may be left out, too.',
  examples: [{ state: 'lost' }, { state: 'active', expiry: '2029-11' }, { expiry: null }]
})

export const Account = Type.Object({
  account_id: Int64Text({ description: 'Account number.' }),
  client_id: Type.Integer({ description: 'The client that the account belongs to.' }),
  currency: CurrencyCode({ description: 'ISO 4217 numeric code.' }),
  currency_alpha: Type.String({ description: 'ISO 4217 alphabetic code.' }),
  external_reference: Nullable(Type.String(), 'Null where the account has none.'),
  tokens: Type.Array(Int64Text({}), { description: 'Public tokens of the cards on the account.' }),
  cards: Type.Array(Card, { description: 'The same cards with their states and expiries.' }),
  actual_balance: AmountText({ description: 'Major units, with exactly the currency\'s decimals.' }),
  blocked_balance: AmountText({ description: 'Major units, with exactly the currency\'s decimals.' }),
  available_balance: Type.String({ description: 'Actual less blocked.' }),
  updated_at: Type.String({ format: 'date-time', description: 'When the balances were last set.' })
}, { title: 'Account', description: 'The account as it is now.', examples: [EXAMPLE] })
export type Account = Static<typeof Account>

/** Documents the answer to the deletion of an account. */
export const DELETED_ACCOUNT = jsonAnswer('The account as it was.', Account, { deleted: EXAMPLE })

export const AccountPage = Type.Object({ accounts: Type.Array(Account), next_cursor: NextCursor }, {
  title: 'AccountPage',
  description: 'Accounts in the order of their numbers.',
  examples: [{ accounts: [EXAMPLE], next_cursor: null }]
})

/** How many accounts one call makes at most. */
export const MAX_NEW_ACCOUNTS = 1000

export const NewAccounts = Type.Object({
  accounts: Type.Array(NewAccountDocument, {
    minItems: 1,
    maxItems: MAX_NEW_ACCOUNTS,
    description: 'Made all together, or not at all.'
  })
}, { additionalProperties: false, title: 'NewAccounts', examples: [{ accounts: [NEW_ACCOUNT_EXAMPLE] }] })

const CreatedAccount = Type.Object({
  status: Type.Unsafe<'created' | 'unchanged'>({ type: 'string', enum: ['created', 'unchanged'] }),
  account: Account
}, { title: 'CreatedAccount' })

const AccountsCreated = Type.Object({
  created: Type.Integer({ minimum: 0, description: 'How many accounts were made.' }),
  unchanged: Type.Integer({ minimum: 0, description: 'How many were there already, and are what was asked for.' }),
  results: Type.Array(CreatedAccount, { description: 'One an account, in the order of the request.' })
}, { title: 'AccountsCreated' })

/**
 * Documents an answer to the making of accounts.
 *
 * @param description when it is given
 * @param status of the account in its example
 */
export function accountsCreated (
  description: string, status: 'created' | 'unchanged'
): JsonAnswer<typeof AccountsCreated> {
  const created = status === 'created' ? 1 : 0
  return jsonAnswer(description, AccountsCreated, {
    [status]: { created, unchanged: 1 - created, results: [{ status, account: EXAMPLE }] }
  })
}
