/** The sandbox's own API: whole numbers of 64 bits and amounts are strings, so that no JSON parser changes them. */
import { Type, type Static } from '@sinclair/typebox'
import { AmountText, CurrencyCode, Int64Text } from './numbers.js'

export const AccountParameters = Type.Object({
  account_id: Int64Text({ description: 'Account number.', examples: ['9007199254740993'] })
})

export const Account = Type.Object({
  account_id: Int64Text({ description: 'Account number.' }),
  client_id: Type.Integer({ description: 'The client that the account belongs to.' }),
  currency: CurrencyCode({ description: 'ISO 4217 numeric code.' }),
  currency_alpha: Type.String({ description: 'ISO 4217 alphabetic code.' }),
  external_reference: Type.Union([Type.String(), Type.Null()], { description: 'Null where the account has none.' }),
  tokens: Type.Array(Int64Text({}), { description: 'Public tokens of the cards on the account.' }),
  actual_balance: AmountText({ description: 'Major units, with exactly the currency\'s decimals.' }),
  blocked_balance: AmountText({ description: 'Major units, with exactly the currency\'s decimals.' }),
  available_balance: Type.String({ description: 'Actual less blocked.' }),
  updated_at: Type.String({ format: 'date-time', description: 'When the balances were last set.' })
}, {
  title: 'Account',
  description: 'The account as it is now.',
  examples: [{
    account_id: '9007199254740993',
    client_id: 123,
    currency: '404',
    currency_alpha: 'KES',
    external_reference: 'WALLET-1',
    tokens: ['12345'],
    actual_balance: '200.00',
    blocked_balance: '50.00',
    available_balance: '150.00',
    updated_at: '2026-01-31T08:15:30.123Z'
  }]
})
export type Account = Static<typeof Account>

export const Health = Type.Object({
  status: Type.String({ examples: ['ok'] })
}, { title: 'Health', description: 'Yes.', examples: [{ status: 'ok' }] })
