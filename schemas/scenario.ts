/**
 * The scenario file: the clients, accounts, rates and rules that a sandbox starts with. Unknown fields are refused,
 * because a misspelt field would otherwise be a silent one.
 */
import { Type, type SchemaOptions, type Static, type TString } from '@sinclair/typebox'
import { NEW_ACCOUNT_EXAMPLE, NewAccountDocument } from './account.js'
import { ScenarioIssuer, StandInChoice } from './client-settings.js'
import { Int32, RateText, TypedCurrency } from './numbers.js'
import { ruled } from './rule.js'
import { StandInRule } from './stand-in-rule.js'
import { DateTimeText } from './time.js'

/** The SHA-256 of a key's UTF-8 bytes, in hexadecimal digits. */
function KeyHash (options: SchemaOptions): TString {
  return Type.String({ ...ruled('^[0-9a-f]{64}$', 'a SHA-256 of 64 hexadecimal digits in small letters'), ...options })
}

/** A client's `X-API-KEY`. */
export const ApiKey = Type.String({
  ...ruled('^[!-~]{1,32}$', '1 to 32 visible ASCII characters without spaces'),
  description: 'The client\'s `X-API-KEY`: visible ASCII characters, because a header carries no others unchanged. ' +
    'Only its hash is stored. Without it and its hash, the client has no key until one is made.'
})

const ScenarioClient = Type.Object({
  client_id: Int32({ minimum: 1, description: 'The `client_id` of the client\'s requests.' }),
  name: Type.String({ minLength: 1, maxLength: 100 }),
  api_key: Type.Optional(ApiKey),
  api_key_sha256: Type.Optional(KeyHash({ description: 'In place of `api_key`: its SHA-256.' })),
  amlyze_token: Type.Optional(Type.String({
    ...ruled('^[!-~]{1,200}$', '1 to 200 visible ASCII characters without spaces'),
    description: 'The client\'s bearer token for AMLYZE\'s calls. Only its hash is stored.'
  })),
  amlyze_token_sha256: Type.Optional(KeyHash({ description: 'In place of `amlyze_token`: its SHA-256.' })),
  stand_in: Type.Optional(StandInChoice),
  issuer: Type.Optional(ScenarioIssuer)
}, { title: 'ScenarioClient', additionalProperties: false })

const ScenarioRate = Type.Object({
  base: TypedCurrency({ description: 'ISO 4217 code, numeric or alphabetic.' }),
  quote: TypedCurrency({ description: 'ISO 4217 code, numeric or alphabetic.' }),
  rate: RateText({ description: 'What one unit of the base currency is worth in the quote currency. Above zero.' }),
  effective_at: Type.Optional(DateTimeText({
    description: 'From when on the rate holds. Default: from the beginning of time, 1970-01-01T00:00:00Z.'
  }))
}, { title: 'ScenarioRate', additionalProperties: false })

export const ScenarioDocument = Type.Object({
  clients: Type.Array(ScenarioClient),
  accounts: Type.Optional(Type.Array(NewAccountDocument)),
  rates: Type.Optional(Type.Array(ScenarioRate)),
  rules: Type.Optional(Type.Array(StandInRule))
}, {
  additionalProperties: false,
  title: 'Scenario',
  description: 'Clients, their accounts, and rates.',
  examples: [{
    clients: [{ client_id: 123, name: 'Demo Bank', api_key: 'demo-key-123', amlyze_token: 'demo-amlyze-token-123' }],
    accounts: [NEW_ACCOUNT_EXAMPLE],
    rates: [
      { base: '840', quote: '404', rate: '129.05' },
      { base: '840', quote: '404', rate: '130.2', effective_at: '2026-07-01T00:00:00Z' }
    ]
  }]
})
export type ScenarioDocument = Static<typeof ScenarioDocument>
