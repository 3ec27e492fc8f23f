import { Type, type Static } from '@sinclair/typebox'
import { Int32Text } from '../address.js'
import { Nullable } from '../nullable.js'
import { Int64Text } from '../numbers.js'
import { ruled } from '../rule.js'
import { NextCursor, PageQuery } from './pages.js'
import { OneOf, Trace, TRACE_EXAMPLE, Transaction, TRANSACTION_EXAMPLE } from './payments.js'

/** Narrows the list of transactions. */
export const TransactionQuery = Type.Object({
  client_id: Type.Optional(Int32Text({ description: 'The card\'s client.' })),
  account_id: Type.Optional(Int64Text({ description: 'The card\'s account.' })),
  token: Type.Optional(Int64Text({ description: 'The card.' })),
  state: Type.Optional(OneOf(
    ['received', 'approved', 'declined', 'abandoned', 'reset'] as const, 'How the payment was decided.'
  )),
  decided_by: Type.Optional(OneOf(['processor', 'issuer', 'stand_in'] as const, 'Who decided it.')),
  ...PageQuery.properties
}, { additionalProperties: false })

export const TransactionPage = Type.Object(
  { transactions: Type.Array(Transaction), next_cursor: NextCursor },
  {
    title: 'TransactionPage',
    description: 'Newest first.',
    examples: [{ transactions: [TRANSACTION_EXAMPLE], next_cursor: null }]
  }
)
export type TransactionPage = Static<typeof TransactionPage>

const TIMEOUT = ruled('^([0-9]{1,4}|[1-5][0-9]{4}|60000)$', 'milliseconds from 0 to 60000')

/** What a reader can wait for, so that no script sleeps. */
export const WaitQuery = Type.Object({
  wait_for: Type.Optional(OneOf(['decided', 'advice_acknowledged', 'late_answer'] as const,
    'Answers once this has come, or the time has passed. `reached` says which.')),
  timeout_ms: Type.Optional(Type.String({
    ...TIMEOUT, description: 'How long to wait at most, 0 to 60000 milliseconds; 5000 where it is left out.'
  }))
}, { additionalProperties: false })
export type WaitQuery = Static<typeof WaitQuery>

/** A transaction with its trace, and whether what was waited for has come. */
export const TransactionDetail = Type.Object({
  ...Transaction.properties,
  trace: Nullable(Trace, 'Why it was decided so. Null until then.'),
  reached: Type.Optional(Type.Boolean({ description: 'Of `wait_for` only: whether it has come.' }))
}, {
  title: 'TransactionDetail',
  description: 'The payment, and why it was decided so.',
  examples: [{ ...TRANSACTION_EXAMPLE, trace: TRACE_EXAMPLE, reached: true }]
})
export type TransactionDetail = Static<typeof TransactionDetail>

const MESSAGE_EXAMPLE = {
  rid: '910001',
  tid: '42',
  original_rid: null,
  feed: 'active',
  message_type: '0100',
  message: { MESSAGE_TYPE: { Message_Type: '0100', Message_Desc: 'Authorisation Request' } },
  created_at: '2027-02-03T14:05:09.000Z',
  outcome: { outcome: 'timeout', reason: 'no complete answer within 2000 ms' }
}

export const Message = Type.Object({
  rid: Type.String(),
  tid: Type.String(),
  original_rid: Nullable(Type.String(), 'The message that it is about. Null of a request.'),
  feed: OneOf(['active', 'passive'] as const, '`active` decides; `passive` is told afterwards.'),
  message_type: Type.String({ description: 'ISO 8583: 0100, 0200, 0120, 0420.' }),
  message: Type.Unknown({ description: 'The FAST message as it is sent.' }),
  created_at: Type.String({ format: 'date-time' }),
  outcome: Type.Unknown({ description: 'What came of asking the issuer; null for other messages, and until then.' })
}, { title: 'FastMessage', description: 'The message, and what came of it.', examples: [MESSAGE_EXAMPLE] })
export type Message = Static<typeof Message>

export const MessageList = Type.Object({ messages: Type.Array(Message) }, {
  title: 'MessageList', description: 'In their order.', examples: [{ messages: [MESSAGE_EXAMPLE] }]
})
export type MessageList = Static<typeof MessageList>

export const ADVICE_STATES = ['waiting', 'retrying', 'acknowledged', 'parked', 'cancelled'] as const

/** Narrows the list of advices. */
export const AdviceQuery = Type.Object({
  client_id: Type.Optional(Int32Text({ description: 'The client whose issuer is told.' })),
  tid: Type.Optional(Int64Text({ description: 'The thread.' })),
  state: Type.Optional(OneOf(ADVICE_STATES, 'How the advice stands.')),
  ...PageQuery.properties
}, { additionalProperties: false })

const ADVICE_EXAMPLE = {
  rid: '910007',
  tid: '42',
  client_id: 123,
  original_rid: '910001',
  feed: 'active',
  message_type: '0120',
  state: 'retrying',
  attempts: 1,
  next_at: '2027-02-03T14:05:13.000Z',
  acknowledged_at: null,
  last_error: 'status 503'
}

/** A message that is sent until the issuer acknowledges it. */
export const Advice = Type.Object({
  rid: Type.String(),
  tid: Type.String(),
  client_id: Type.Integer(),
  original_rid: Type.String({ description: 'The message that it is about.' }),
  feed: OneOf(['active', 'passive'] as const, 'Which of the client\'s addresses it goes to.'),
  message_type: Type.String(),
  state: OneOf(ADVICE_STATES, '`parked` after the last attempt; then only by hand.'),
  attempts: Type.Integer(),
  next_at: Nullable(Type.String({ format: 'date-time' }), 'When it is sent next. Null once nothing sends it.'),
  acknowledged_at: Nullable(Type.String({ format: 'date-time' }), 'Null until then.'),
  last_error: Nullable(Type.String(), 'Why the last attempt failed.')
}, { title: 'Advice', description: 'The advice as it stands now.', examples: [ADVICE_EXAMPLE] })
export type Advice = Static<typeof Advice>

export const AdvicePage = Type.Object(
  { advices: Type.Array(Advice), next_cursor: NextCursor },
  { title: 'AdvicePage', description: 'Newest first.', examples: [{ advices: [ADVICE_EXAMPLE], next_cursor: null }] }
)
export type AdvicePage = Static<typeof AdvicePage>
