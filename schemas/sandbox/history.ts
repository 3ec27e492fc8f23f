import { Type, type Static } from '@sinclair/typebox'
import { Int32Text } from '../address.js'
import { Nullable } from '../nullable.js'
import { CurrencyCode, Int64Text } from '../numbers.js'
import { DeletedAt, Incarnation, IncarnationQuery } from './accounts.js'
import { BalancesNow, LostHolds, SentBalances, UsedRate, UsedRateEffectiveAt } from './balances.js'
import { NextCursor, PageQuery, WITHOUT_NUL } from './pages.js'

const Operation = Type.Object({
  operation_id: Int64Text({ description: 'Operations are numbered upwards.' }),
  source: Type.String({
    description: 'What it came through: `paymentology`, `batch-file` (a balance file), `sandbox` (this API), ' +
      '`snapshot` (a restore), `scenario`, `stand-in` (a decision) or `shadow` (balances in an issuer\'s answer).'
  }),
  client_id: Nullable(Type.Integer(), 'The client whose accounts it changed. Null where it was not tied to one.'),
  identifier: Nullable(Type.String(), 'The `api_call_unique_identifier` of the request.'),
  job_id: Nullable(Type.String(), 'The `Job_Id` of the balance file. Null where it was none.'),
  tid: Nullable(Type.String(), 'Of `stand-in` and `shadow`: the payment\'s thread.'),
  user_id: Nullable(Type.String(), 'The user that the request named.'),
  remarks: Nullable(Type.String(), 'As the request had them; of a balance file, its name.'),
  reason: Nullable(Type.String(), 'Why somebody set balances by hand.'),
  created_at: Type.String({ format: 'date-time' })
}, { title: 'Operation', description: 'Who and what changed balances.' })
export type Operation = Static<typeof Operation>

const Change = Type.Object({
  change_id: Int64Text({ description: 'Changes are numbered upwards.' }),
  account_id: Int64Text({}),
  currency: CurrencyCode({ description: 'The account\'s, ISO 4217 numeric.' }),
  item_index: Type.Integer({
    minimum: 0,
    description: 'The place in the request\'s list, from 0; of a balance file, the line in it, from 1.'
  }),
  record_id: Nullable(Type.String(), 'The `record_id` of the balance file\'s row. Null where it was none.'),
  before: Nullable(BalancesNow, 'Null where the account begins.'),
  after: BalancesNow,
  sent: SentBalances,
  rate: UsedRate,
  rate_effective_at: UsedRateEffectiveAt,
  lost_holds: LostHolds,
  operation: Operation
}, { title: 'Change', description: 'One change of the balances of one account.' })
export type Change = Static<typeof Change>

const OPERATION_EXAMPLE = {
  operation_id: '7',
  source: 'paymentology',
  client_id: 123,
  identifier: '001',
  job_id: null,
  tid: null,
  user_id: 'qa-7',
  remarks: null,
  reason: null,
  created_at: '2026-01-31T08:15:30.123Z'
}

const CHANGE_EXAMPLE = {
  change_id: '12',
  account_id: '9007199254740993',
  currency: '404',
  item_index: 0,
  record_id: null,
  before: { actual_balance: '1250.75', blocked_balance: '250.75', available_balance: '1000.00' },
  after: { actual_balance: '12905.00', blocked_balance: '0.00', available_balance: '12905.00' },
  sent: { actual_balance: '100.00', blocked_balance: '0.00', currency: '840' },
  rate: '129.05',
  rate_effective_at: '2026-01-01T00:00:00.000Z',
  lost_holds: [],
  operation: OPERATION_EXAMPLE
}

export const AccountHistoryQuery = Type.Object(
  { ...IncarnationQuery.properties, ...PageQuery.properties }, { additionalProperties: false }
)

export const AccountHistoryPage = Type.Object({
  account_id: Int64Text({}),
  incarnation: Incarnation,
  deleted_at: DeletedAt,
  changes: Type.Array(Change, { description: 'Newest first.' }),
  next_cursor: NextCursor
}, {
  title: 'AccountHistoryPage',
  description: 'What changed the account\'s balances, newest first.',
  examples: [{
    account_id: '9007199254740993',
    incarnation: 1,
    deleted_at: null,
    changes: [CHANGE_EXAMPLE],
    next_cursor: null
  }]
})

export const OperationQuery = Type.Object({
  client_id: Int32Text({ description: 'The client that sent the request.' }),
  identifier: Type.String({
    minLength: 1,
    maxLength: 40,
    ...WITHOUT_NUL,
    description: 'Its `api_call_unique_identifier`.'
  })
}, { additionalProperties: false })

export const OperationHistory = Type.Object({
  operation: Operation,
  changes: Type.Array(Change, { description: 'In the order of the request.' }),
  answer: Type.String({ description: 'The body of the answer, as it went out: it tells the items that failed, too.' })
}, {
  title: 'OperationHistory',
  description: 'Everything that the request did.',
  examples: [{
    operation: OPERATION_EXAMPLE,
    changes: [CHANGE_EXAMPLE],
    answer: '{"header":{"error_id":0,"error_desc":"success"},"body":{"total_failed":0,"failed_note":""}}'
  }]
})
