import { Type } from '@sinclair/typebox';
import { BooleanText, Int32Text, StatusText } from '../address.js';
import { DryRunQuery } from '../dry-run.js';
import { Nullable } from '../nullable.js';
import { Int64Text } from '../numbers.js';
import { NextCursor, PageQuery, WITHOUT_NUL } from './pages.js';
const X_REQUEST_ID = 'The answer\'s header `x-request-id`, by which the log names the request.';
/** Narrows the list of requests. */
export const JournalQuery = Type.Object({
    client_id: Type.Optional(Int32Text({ description: 'The client whose key was sent.' })),
    status: Type.Optional(StatusText({
        description: 'The HTTP status of the answer, such as 409, or a class, such as 4xx.'
    })),
    failed_items: Type.Optional(BooleanText({ description: '`true` for requests with items that failed.' })),
    identifier: Type.Optional(Type.String({
        minLength: 1,
        maxLength: 255,
        ...WITHOUT_NUL,
        description: 'The `api_call_unique_identifier`, or AMLYZE\'s `communicationNumber`.'
    })),
    account_id: Type.Optional(Int64Text({
        description: 'An account that the body names: by its number, by one of its tokens, or by its reference.'
    })),
    x_request_id: Type.Optional(Type.String({
        minLength: 1,
        maxLength: 64,
        ...WITHOUT_NUL,
        description: X_REQUEST_ID
    })),
    ...PageQuery.properties
}, { additionalProperties: false });
export const RequestParameters = Type.Object({
    request_id: Int64Text({ description: 'The request\'s number in the journal.' })
});
const SUMMARY = {
    request_id: Int64Text({ description: 'Requests are numbered upwards.' }),
    received_at: Type.String({ format: 'date-time' }),
    duration_ms: Type.Number({ description: 'From its headers to the end of its answer.' }),
    x_request_id: Type.String({ description: X_REQUEST_ID }),
    dialect: Type.String({ description: '`paymentology` or `amlyze`.' }),
    client_id: Nullable(Type.Integer(), 'The client whose key was sent. Null without a key that is known.'),
    method: Type.String(),
    route: Type.String({ description: 'The path of the call; `unknown` for a request that reached none.' }),
    identifier: Nullable(Type.String(), 'The `api_call_unique_identifier`, or AMLYZE\'s `communicationNumber`.'),
    preferences: Nullable(Type.String(), 'What the header `Prefer` asked for, of what we know.'),
    dry_run: Nullable(Type.Boolean(), 'Null where the query was refused: it may have been meant so, or not.'),
    replayed: Type.Boolean({ description: 'Whether an earlier answer was given again.' }),
    resent_from: Nullable(Type.String(), 'The request that this one repeats, sent by the sandbox itself.'),
    status: Nullable(Type.Integer(), 'The HTTP status. Null where the client hung up before its answer.'),
    code: Nullable(Type.String(), 'The dialect\'s own code: `error_id`, or AMLYZE\'s `errorCode`.'),
    items: Nullable(Type.Integer(), 'How many items the body has.'),
    failed_items: Nullable(Type.Integer(), 'How many of them failed.'),
    note: Nullable(Type.String(), 'What was wrong, in the words of the answer.'),
    operation: Nullable(Type.String(), 'Where to read what the identifier changed. Null where this request changed nothing.')
};
const RequestSummary = Type.Object(SUMMARY, { title: 'JournalledRequest', description: 'A request to a dialect.' });
const EXAMPLE = {
    request_id: '42',
    received_at: '2026-01-31T08:15:30.123Z',
    duration_ms: 2.125,
    x_request_id: '0b9d4f5e-6a8c-4a52-9f0e-1f0d6b0a7c11',
    dialect: 'paymentology',
    client_id: 123,
    method: 'POST',
    route: '/ppws/api/v1/pws_update_balance',
    identifier: '001',
    preferences: null,
    dry_run: false,
    replayed: false,
    resent_from: null,
    status: 200,
    code: '0',
    items: 2,
    failed_items: 1,
    note: 'Account: 987654321, Reason: Account does not exist',
    operation: '/sandbox/v1/operations?client_id=123&identifier=001'
};
export const RequestPage = Type.Object({
    requests: Type.Array(RequestSummary, { description: 'Newest first.' }),
    next_cursor: NextCursor
}, {
    title: 'JournalPage',
    description: 'Requests to the dialects, newest first.',
    examples: [{ requests: [EXAMPLE], next_cursor: null }]
});
const IN_FULL = {
    ...SUMMARY,
    redacted: Type.Boolean({ description: 'Whether numbers of accounts and tokens are masked.' }),
    body_bytes: Type.Integer({ description: 'How large the body was; 0 where none was read.' }),
    body: Nullable(Type.String(), 'As it came. Null where none was read or kept, or it is not UTF-8.'),
    body_base64: Nullable(Type.String({ contentEncoding: 'base64' }), 'The body where it is not UTF-8.'),
    answer: Nullable(Type.String(), 'As it went out. Null where none did, or it was not kept.')
};
const IN_FULL_EXAMPLE = {
    ...EXAMPLE,
    redacted: false,
    body_bytes: 96,
    body: '{"client_id":123,"api_call_unique_identifier":"001","balance_list":[…]}',
    body_base64: null,
    answer: '{"header":{"error_id":0,"error_desc":"success"},"body":{"total_failed":1,"failed_note":"…"}}'
};
export const JournalledRequest = Type.Object(IN_FULL, {
    title: 'JournalledRequestInFull',
    description: 'A request to a dialect, with its body and its answer.',
    examples: [IN_FULL_EXAMPLE]
});
export const ResentRequest = Type.Object({
    ...IN_FULL,
    request_id: Nullable(SUMMARY.request_id, 'Null where newer requests have pushed it out of the journal already.')
}, {
    title: 'ResentRequest',
    description: 'The new request, with its answer.',
    examples: [{ ...IN_FULL_EXAMPLE, request_id: '43', resent_from: '42' }]
});
export const ResendQuery = Type.Object({
    identifier: Type.Optional(Type.Unsafe({
        type: 'string',
        enum: ['new', 'same'],
        description: '`new`, also where it is left out, for a new `api_call_unique_identifier`: the request is applied ' +
            'anew. `same` for its own: its answer is given again.'
    })),
    ...DryRunQuery.properties
}, { additionalProperties: false });
//# sourceMappingURL=requests.js.map