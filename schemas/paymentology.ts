/**
 * The contract of Paymentology's "Update Account Balance" (`pws_update_balance`): the bounds are those of
 * its published page; what we added is said to be ours in its description.
 */
import { Type, type Static, type TSchema } from '@sinclair/typebox'
import { AsOfRid } from './as-of-rid.js'
import { jsonAnswer, type JsonAnswer } from './answer.js'
import { FAULT } from './headers.js'
import { Nullable } from './nullable.js'
import { Amount, CurrencyCode, Int32, Int64 } from './numbers.js'

const BalanceItem = Type.Object({
  input_type: Type.Unsafe<'a' | 't'>({
    type: 'string',
    enum: ['a', 't'],
    description: 'Input type: `a` is an account, `t` a token. The account (`a`) is the recommended one.',
    examples: ['a']
  }),
  input_id: Int64({
    minimum: 1,
    description: 'Account number when `input_type` is `a`, public token when it is `t`. Read exactly, up to ' +
      '9223372036854775807.',
    examples: [12345]
  }),
  act_balance: Amount({
    description: 'Actual balance in major units of `bill_ccy` (200 is 200.00). Negative is an overdrawn account. It ' +
      'may have as many decimals as the currency has.',
    examples: [200]
  }),
  blk_balance: Amount({
    description: 'Blocked balance in major units of `bill_ccy`, not negative. Available is actual less blocked.',
    examples: [50]
  }),
  bill_ccy: CurrencyCode({
    description: 'Three-digit ISO 4217 numeric code: 048 is BHD, 060 BMD, 036 AUD. Amounts in another currency than ' +
      'the account\'s are converted to the account\'s.',
    examples: ['404']
  }),
  account_ext_ref: Type.Optional(Type.String({
    maxLength: 50,
    description: 'Account external reference. Where it is given (not empty) and the account has one, the two must be ' +
      'equal.',
    examples: ['WALLET-1']
  }))
}, { title: 'BalanceItem' })

export const UpdateBalanceRequest = Type.Object({
  client_id: Int32({
    minimum: 1,
    description: 'Unique identifier of the client, provided by the processor at outset.',
    examples: [123]
  }),
  api_call_unique_identifier: Type.String({
    minLength: 1,
    maxLength: 40,
    description: 'Makes the request unique within the client: use a new one for each request. The same one with the ' +
      'same content is a replay: the stored answer, and nothing is written. With other content it is refused (409).',
    examples: ['new-for-each-request']
  }),
  balance_list: Type.Array(BalanceItem, {
    minItems: 1,
    maxItems: 25,
    description: 'Accounts or tokens with the balances to set: at most 25 a request.'
  }),
  user_id: Type.Optional(Type.String({
    maxLength: 50,
    description: 'User id of the customer who triggered the request.',
    examples: ['qa-7']
  })),
  remarks: Type.Optional(Type.String({
    maxLength: 200,
    description: 'Remarks for the request; kept in the history.',
    examples: ['seed for the overdraft scenario']
  }))
}, {
  title: 'UpdateBalanceRequest',
  description: 'Unknown fields are ignored.',
  examples: [{
    client_id: 123,
    api_call_unique_identifier: 'new-for-each-request',
    balance_list: [{ input_type: 't', input_id: 12345, act_balance: 200, blk_balance: 50, bill_ccy: '404' }]
  }]
})
export type UpdateBalanceRequest = Static<typeof UpdateBalanceRequest>

/** The call's headers. The key itself is checked before the body is read. */
export const UpdateBalanceHeaders = Type.Object({
  prefer: Type.Optional(Type.String({
    description: 'RFC 7240. `return=representation` adds `body.results`; `handling=strict` makes the request ' +
      'all-or-nothing. Ours, not Paymentology\'s.'
  })),
  'stip-sandbox-as-of-rid': Type.Optional(AsOfRid)
})

const AmountText = (what: string) => Type.Optional(Type.String({
  description: `${what}, in major units with exactly the currency's decimals.`,
  examples: ['150.00']
}))

/** What became of one item. Whole numbers of 64 bits are strings, so that no client's JSON parser changes them. */
const ItemResult = Type.Object({
  index: Type.Integer({ minimum: 0, description: 'Place in `balance_list`, from 0.' }),
  input_type: Type.String({ enum: ['a', 't'] }),
  input_id: Type.String({ description: 'As sent, as a string of digits.', examples: ['9007199254740993'] }),
  status: Type.String({ enum: ['updated', 'failed'] }),
  reason: Type.Optional(Type.String({ description: 'Only of a failed item.' })),
  account_id: Type.Optional(Type.String({
    description: 'Only of an updated item, as are all the fields below.',
    examples: ['9007199254740993']
  })),
  currency: Type.Optional(Type.String({ description: 'The account\'s, ISO 4217 numeric.', examples: ['404'] })),
  previous_actual: AmountText('Actual balance before'),
  previous_blocked: AmountText('Blocked balance before'),
  previous_available: AmountText('Available balance before'),
  actual: AmountText('Actual balance now'),
  blocked: AmountText('Blocked balance now'),
  available: AmountText('Available balance now'),
  rate: Type.Optional(Type.String({
    description: 'The exact rate used from `bill_ccy` to the account\'s currency: `1` without a conversion, a ' +
      'decimal, or a fraction of decimals where an inverse rate is in it.',
    examples: ['129.05', '1/129.05']
  })),
  rate_effective_at: Type.Optional(Nullable(
    Type.String({ format: 'date-time' }),
    'From when on the rate holds; of two rates, the older. Null without a conversion.'))
}, { title: 'ItemResult' })

const FailedItems = {
  total_failed: Type.Integer({ minimum: 0, description: 'How many items failed.' }),
  failed_note: Type.String({
    description: 'The failed accounts or tokens with their reasons, separated by `; `. Empty when none failed.',
    examples: ['Account: 987654321, Reason: Account does not exist']
  })
}

const PREFERENCE_APPLIED = {
  'Preference-Applied': {
    type: 'string',
    description: 'RFC 7240. The preferences that the answer was made with; missing where there was none.',
    examples: ['return=representation, handling=strict']
  }
} as const

const IDEMPOTENT_REPLAYED = {
  'Idempotent-Replayed': {
    type: 'string',
    enum: ['true'],
    description: 'Only of an answer that comes back because its identifier was used before with the same content. ' +
      'Nothing was written.'
  }
} as const

const Header = Type.Object({
  error_id: Type.Integer({ description: '0 is success.' }),
  error_desc: Type.String()
}, { title: 'EnvelopeHeader' })

/** The envelope of Paymentology's answers. */
function Envelope<Body extends TSchema> (title: string, body: Body) {
  return Type.Object({ header: Header, body }, { title })
}

export const UpdateBalanceResponse = Envelope('UpdateBalanceResponse', Type.Object({
  ...FailedItems,
  results: Type.Optional(Type.Array(ItemResult, {
    description: 'One an item, in the order of the request; with `Prefer: return=representation`.'
  }))
}))

const StrictFailureResponse = Envelope('StrictFailureResponse', Type.Object(FailedItems))

const FailureResponse = Envelope('FailureResponse', Type.Object({}, { additionalProperties: false }))

const results = [
  {
    index: 0,
    input_type: 'a',
    input_id: '12345',
    status: 'updated',
    account_id: '12345',
    currency: '404',
    previous_actual: '0.00',
    previous_blocked: '0.00',
    previous_available: '0.00',
    actual: '200.00',
    blocked: '50.00',
    available: '150.00',
    rate: '1'
  },
  { index: 1, input_type: 'a', input_id: '987654321', status: 'failed', reason: 'Account does not exist' }
]

const success = { error_id: 0, error_desc: 'success' }

const oneFailed = { total_failed: 1, failed_note: 'Account: 987654321, Reason: Account does not exist' }

/** Documents the answer to an update that was applied. */
export const UPDATED = jsonAnswer(
  'The items that did not fail are written and durable. Failed items do not make the request a failure: see ' +
    '`total_failed`.',
  UpdateBalanceResponse,
  {
    'all updated': { header: success, body: { total_failed: 0, failed_note: '' } },
    'one failed': { header: success, body: { ...oneFailed, results } }
  },
  { ...PREFERENCE_APPLIED, ...IDEMPOTENT_REPLAYED, ...FAULT }
)

interface FailureHeader { error_id: number, error_desc: string }

/**
 * Documents the answer to a request with `Prefer: handling=strict` of which an item failed. Nothing was written.
 *
 * @param header the example's header
 */
export function strictFailure (header: FailureHeader): JsonAnswer<typeof StrictFailureResponse> {
  return jsonAnswer('An item failed under `Prefer: handling=strict`. Nothing was written.', StrictFailureResponse,
    { 'one failed': { header, body: oneFailed } }, { ...PREFERENCE_APPLIED, ...FAULT })
}

/**
 * Documents a generic failure: `error_id` other than 0 and an empty body.
 *
 * @param description what leads to this answer
 * @param header the example's header
 */
export function failure (
  description: string, header: FailureHeader, headers: Parameters<typeof jsonAnswer>[3] = {}
): JsonAnswer<typeof FailureResponse> {
  return jsonAnswer(description, FailureResponse, { failure: { header, body: {} } }, headers)
}
