/**
 * The contract of AMLYZE's account balance calls: fields and bounds are those of its published page; what we added
 * is said to be ours in its description.
 */
import { Type } from '@sinclair/typebox';
import { jsonAnswer } from './answer.js';
import { Amount } from './numbers.js';
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
};
/** No limit is stated for most texts; 255 was AMLYZE's in older versions. */
const TEXT_LENGTH_MAX = 255;
const exactness = 'Read exactly and kept as it is written: at most 19 digits before the point and 18 behind it.';
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
        description: 'The moment of the balance, RFC 3339 with at most nine decimals of a second. Without an offset it ' +
            'is UTC.',
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
        description: 'One of the types that the sandbox is set up with: `STATEMENT_BALANCE` or `DAILY_BALANCE` if it is ' +
            'not told otherwise.',
        examples: [EXAMPLE.balanceType]
    })),
    businessUnit: Type.Optional(Type.String({
        maxLength: TEXT_LENGTH_MAX,
        description: 'Mandatory for clients that the sandbox is set up with business units for, and then one of them.',
        examples: [EXAMPLE.businessUnit]
    }))
}, {
    title: 'AccountBalance',
    description: 'Unknown fields are ignored. Null and a text of nothing but white space count as not sent. No text ' +
        'may have control characters in it.',
    examples: [EXAMPLE]
});
/** How many items a batch may have. The limit is ours. */
const BATCH_ITEMS_MAX = 1000;
export const AccountBalanceBatch = Type.Object({
    accountBalances: Type.Array(AccountBalance, {
        minItems: 1,
        maxItems: BATCH_ITEMS_MAX,
        description: 'Each is accepted or rejected by itself, in this order.'
    })
}, {
    title: 'AccountBalanceBatch',
    examples: [{ accountBalances: [EXAMPLE, { ...EXAMPLE, communicationNumber: 'COM218', value: 100000.5665 }] }]
});
/** The list of a batch as such, for its items are checked one by one. */
export const AccountBalanceBatchList = Type.Object({
    accountBalances: Type.Array(Type.Unknown(), { minItems: 1, maxItems: BATCH_ITEMS_MAX })
});
const Accepted = Type.Object({
    resultType: Type.Literal('REQUEST_ACCEPTED')
}, { title: 'Accepted' });
/** Documents the answer to an accepted report. */
export const ACCEPTED = jsonAnswer('The balance is kept, durably.', Accepted, {
    accepted: { resultType: 'REQUEST_ACCEPTED' }
});
const ElapsedMs = (description) => Type.Integer({ minimum: 0, description });
const ReportResult = Type.Object({
    resultType: Type.Union([Type.Literal('REQUEST_ACCEPTED'), Type.Literal('REQUEST_REJECTED')]),
    communicationNumber: Type.Optional(Type.String({
        description: 'As sent, where a text was sent; as are the two fields below.'
    })),
    accountExtId: Type.Optional(Type.String()),
    businessUnit: Type.Optional(Type.String()),
    errorCode: Type.Optional(Type.String({ description: 'Only of a rejected item, as is `errorDescription`.' })),
    errorDescription: Type.Optional(Type.String()),
    timeElapsedMs: ElapsedMs('How long this item took. The items that keep the contract are taken in one transaction, and took equally long.')
}, { title: 'ReportResult' });
const BatchResult = Type.Object({
    results: Type.Array(ReportResult, { description: 'One an item, in the order of the request.' }),
    timeElapsedMs: ElapsedMs('How long the whole call took.')
}, { title: 'BatchResult' });
const reported = { communicationNumber: 'COM217', accountExtId: 'WALLET-1', businessUnit: 'sandbox' };
/**
 * Documents the answer to a batch.
 *
 * @param description what has become of the accepted items
 */
export function batchResult(description) {
    return jsonAnswer(description, BatchResult, {
        'one rejected': {
            results: [
                { resultType: 'REQUEST_ACCEPTED', ...reported, timeElapsedMs: 2 },
                {
                    resultType: 'REQUEST_REJECTED',
                    ...reported,
                    errorCode: 'O005',
                    errorDescription: 'CommunicationNumber already used in amlyze',
                    timeElapsedMs: 2
                }
            ],
            timeElapsedMs: 3
        }
    });
}
const Rejected = Type.Object({
    resultType: Type.Literal('REQUEST_REJECTED'),
    errorCode: Type.String(),
    errorDescription: Type.String()
}, { title: 'Rejected' });
/**
 * Documents a rejected request: the code is what clients branch on.
 *
 * @param description what leads to this answer
 * @param examples the rejections to show
 */
export function rejected(description, examples) {
    return jsonAnswer(description, Rejected, Object.fromEntries(examples.map((example) => [example.errorDescription, { resultType: 'REQUEST_REJECTED', ...example }])));
}
const HttpError = Type.Object({
    timestamp: Type.String({ description: 'UTC, with the offset written out.' }),
    status: Type.Integer(),
    error: Type.String(),
    path: Type.String()
}, { title: 'HttpError' });
/**
 * Documents an answer that no call of the dialect gave but the framework around it: Spring's, in the original.
 *
 * @param description what leads to this answer
 * @param headers beside those that every answer of the status has
 */
export function httpError(description, example, headers = {}) {
    return jsonAnswer(description, HttpError, {
        [example.error]: { timestamp: '2024-05-26T16:49:50.237+00:00', ...example, path: '/amlyze-ws-rest/account-balance' }
    }, headers);
}
const Unauthorized = Type.Object({
    error: Type.Object({ code: Type.Literal('unauthorized') })
}, { title: 'Unauthorized' });
/** Documents the answer to a request without a known token. */
export const UNAUTHORIZED = jsonAnswer('No bearer token, or an unknown one.', Unauthorized, {
    unauthorized: { error: { code: 'unauthorized' } }
});
const InternalError = Type.Object({
    resultType: Type.Literal('REQUEST_REJECTED'),
    status: Type.Literal(500),
    error: Type.Literal('Internal Server Error')
}, { title: 'InternalError' });
/** Documents an unforeseen failure. */
export const INTERNAL_ERROR = jsonAnswer('Nothing was kept. The cause is in the log.', InternalError, {
    'internal error': { resultType: 'REQUEST_REJECTED', status: 500, error: 'Internal Server Error' }
});
//# sourceMappingURL=amlyze.js.map