/**
 * The contract of AMLYZE's account balance calls: fields and bounds are those of its published page; what we added
 * is said to be ours in its description.
 */
import { Type, type Static, type TSchema } from '@sinclair/typebox'
import { Amount } from './numbers.js'

/** The published examples have values of this kind. */
const EXAMPLE = {
  communicationNumber: 'COM217',
  requester: 'financial_institution',
  balanceType: 'STATEMENT_BALANCE',
  accountExtId: 'WALLET-1',
  businessUnit: 'sandbox',
  balanceAt: '2023-09-05T08:07:34.605Z',
  value: 11111111111,
  equivalentValue: 33333
}

/** No limit is stated for most texts; 255 was AMLYZE's in older versions. */
const TEXT_LENGTH_MAX = 255

const exactness = 'Read exactly and kept as it is written: at most 19 digits before the point and 18 behind it.'

export const AccountBalance = Type.Object({
  requester: Type.String({
    maxLength: 100,
    description: 'Name of the system that sends the request.',
    examples: [EXAMPLE.requester]
  }),
  communicationNumber: Type.String({
    maxLength: TEXT_LENGTH_MAX,
    description: 'Names the report. A client uses each number once; one that was rejected is not used.',
    examples: [EXAMPLE.communicationNumber]
  }),
  accountExtId: Type.String({
    maxLength: TEXT_LENGTH_MAX,
    description: 'The account\'s external reference within the client.',
    examples: [EXAMPLE.accountExtId]
  }),
  balanceAt: Type.String({
    description: 'The moment of the balance, RFC 3339 with at most nine decimals of a second. Without an offset it is UTC.',
    examples: [EXAMPLE.balanceAt, '2024-05-26T16:49:50.237']
  }),
  value: Amount({
    description: `The balance, in major units of the account's currency. ${exactness}`,
    examples: [EXAMPLE.value, 100000.5665]
  }),
  equivalentValue: Type.Optional(Amount({
    description: `The balance in the institution's base currency. ${exactness}`,
    examples: [EXAMPLE.equivalentValue]
  })),
  balanceType: Type.Optional(Type.String({
    maxLength: TEXT_LENGTH_MAX,
    description: 'One of the types that the sandbox is set up with: `STATEMENT_BALANCE` or `DAILY_BALANCE` if it is not told otherwise.',
    examples: [EXAMPLE.balanceType]
  })),
  businessUnit: Type.Optional(Type.String({
    maxLength: TEXT_LENGTH_MAX,
    description: 'Mandatory for clients that the sandbox is set up with business units for, and then one of them.',
    examples: [EXAMPLE.businessUnit]
  }))
}, {
  title: 'AccountBalance',
  description: 'Unknown fields are ignored. Null and a text of nothing but white space count as not sent. No text may have control characters in it.',
  examples: [EXAMPLE]
})
export type AccountBalance = Static<typeof AccountBalance>

/** How many items a batch may have. The limit is ours. */
const BATCH_ITEMS_MAX = 1000

export const AccountBalanceBatch = Type.Object({
  accountBalances: Type.Array(AccountBalance, {
    minItems: 1,
    maxItems: BATCH_ITEMS_MAX,
    description: 'Each is accepted or rejected by itself, in this order.'
  })
}, {
  title: 'AccountBalanceBatch',
  examples: [{ accountBalances: [EXAMPLE, { ...EXAMPLE, communicationNumber: 'COM218', value: 100000.5665 }] }]
})

/** The list of a batch as such, for its items are checked one by one. */
export const AccountBalanceBatchList = Type.Object({
  accountBalances: Type.Array(Type.Unknown(), { minItems: 1, maxItems: BATCH_ITEMS_MAX })
})
export type AccountBalanceBatchList = Static<typeof AccountBalanceBatchList>

export const Accepted = Type.Object({
  resultType: Type.Literal('REQUEST_ACCEPTED')
}, { title: 'Accepted', description: 'The balance is kept, durably.', examples: [{ resultType: 'REQUEST_ACCEPTED' }] })

const ElapsedMs = (description: string): TSchema => Type.Integer({ minimum: 0, description })

const ItemResult = Type.Object({
  resultType: Type.Union([Type.Literal('REQUEST_ACCEPTED'), Type.Literal('REQUEST_REJECTED')]),
  communicationNumber: Type.Optional(Type.String({ description: 'As sent, where a text was sent; as are the two fields below.' })),
  accountExtId: Type.Optional(Type.String()),
  businessUnit: Type.Optional(Type.String()),
  errorCode: Type.Optional(Type.String({ description: 'Only of a rejected item, as is `errorDescription`.' })),
  errorDescription: Type.Optional(Type.String()),
  timeElapsedMs: ElapsedMs('How long this item took.')
}, { title: 'ItemResult' })

/**
 * The answer to a batch.
 *
 * @param description what has become of the accepted items
 */
export function BatchResponse (description: string) {
  return Type.Object({
    results: Type.Array(ItemResult, { description: 'One an item, in the order of the request.' }),
    timeElapsedMs: ElapsedMs('How long the whole call took.')
  }, {
    title: 'BatchResult',
    description,
    examples: [{
      results: [
        { resultType: 'REQUEST_ACCEPTED', communicationNumber: 'COM217', accountExtId: 'WALLET-1', businessUnit: 'sandbox', timeElapsedMs: 2 },
        { resultType: 'REQUEST_REJECTED', communicationNumber: 'COM217', accountExtId: 'WALLET-1', businessUnit: 'sandbox', errorCode: 'O005', errorDescription: 'CommunicationNumber already used in amlyze', timeElapsedMs: 1 }
      ],
      timeElapsedMs: 3
    }]
  })
}

/**
 * A rejected request: the code is what clients branch on.
 *
 * @param description what leads to this answer
 * @param examples the rejections to show
 */
export function RejectedResponse (description: string, examples: ReadonlyArray<{ errorCode: string, errorDescription: string }>) {
  return Type.Object({
    resultType: Type.Literal('REQUEST_REJECTED'),
    errorCode: Type.String(),
    errorDescription: Type.String()
  }, { title: 'Rejected', description, examples: examples.map((example) => ({ resultType: 'REQUEST_REJECTED', ...example })) })
}

/**
 * An answer that no call of the dialect gave but the framework around it: Spring's, in the original.
 *
 * @param description what leads to this answer
 */
export function SpringResponse (description: string, example: { status: number, error: string }) {
  return Type.Object({
    timestamp: Type.String({ description: 'UTC, with the offset written out.' }),
    status: Type.Integer(),
    error: Type.String(),
    path: Type.String()
  }, { title: 'HttpError', description, examples: [{ timestamp: '2024-05-26T16:49:50.237+00:00', ...example, path: '/amlyze-ws-rest/account-balance' }] })
}

export const Unauthorized = Type.Object({
  error: Type.Object({ code: Type.Literal('unauthorized') })
}, { title: 'Unauthorized', description: 'No bearer token, or an unknown one.', examples: [{ error: { code: 'unauthorized' } }] })

export const InternalError = Type.Object({
  resultType: Type.Literal('REQUEST_REJECTED'),
  status: Type.Literal(500),
  error: Type.Literal('Internal Server Error')
}, {
  title: 'InternalError',
  description: 'Nothing was kept. The cause is in the log.',
  examples: [{ resultType: 'REQUEST_REJECTED', status: 500, error: 'Internal Server Error' }]
})
