/**
 * The scenario file: the clients, accounts and rates that a sandbox starts with. Unknown fields are refused,
 * because a misspelt field would otherwise be a silent one.
 */
import { Type, type Static } from '@sinclair/typebox'
import { AmountText, CurrencyCode, Int32, Int64Text, RateText } from './numbers.js'

const ScenarioClient = Type.Object({
  client_id: Int32({ minimum: 1, description: 'The `client_id` of the client\'s requests.' }),
  name: Type.String({ minLength: 1, maxLength: 100 }),
  api_key: Type.String({ minLength: 1, maxLength: 32, description: 'The client\'s `X-API-KEY`. Only its hash is stored.' })
}, { additionalProperties: false })

const ScenarioAccount = Type.Object({
  client_id: Int32({ minimum: 1, description: 'The client that the account belongs to.' }),
  account_id: Int64Text({ description: 'Account number, unique across all clients.' }),
  currency: CurrencyCode({ description: 'ISO 4217 numeric code of the currency that the account is kept in.' }),
  external_reference: Type.Optional(Type.String({ minLength: 1, maxLength: 50, description: 'Unique within the client.' })),
  actual_balance: AmountText({ description: 'Major units; may be negative.' }),
  blocked_balance: AmountText({ description: 'Major units; not negative.' }),
  tokens: Type.Optional(Type.Array(Int64Text({ description: 'Public token of a card on the account, unique across all clients.' })))
}, { additionalProperties: false })

const ScenarioRate = Type.Object({
  base: CurrencyCode({}),
  quote: CurrencyCode({}),
  rate: RateText({ description: 'What one unit of the base currency is worth in the quote currency. Above zero.' })
}, { additionalProperties: false })

export const ScenarioDocument = Type.Object({
  clients: Type.Array(ScenarioClient),
  accounts: Type.Optional(Type.Array(ScenarioAccount)),
  rates: Type.Optional(Type.Array(ScenarioRate))
}, {
  additionalProperties: false,
  examples: [{
    clients: [{ client_id: 123, name: 'Demo Bank', api_key: 'demo-key-123' }],
    accounts: [{ client_id: 123, account_id: '9007199254740993', currency: '404', external_reference: 'WALLET-1', actual_balance: '200.00', blocked_balance: '50.00', tokens: ['12345'] }],
    rates: [{ base: '840', quote: '404', rate: '129.05' }]
  }]
})
export type ScenarioDocument = Static<typeof ScenarioDocument>
