/**
 * Every failure that Paymentology's call can answer with: HTTP status, `error_id` and `error_desc`. 996 and the texts
 * of 404 and 500 are Paymentology's published ones; the numbers from 90400 on are ours, 90000 plus the HTTP status.
 */
export const FAILURES = {
    'request-invalid': { status: 400, errorId: 90400, text: 'The request is not valid' },
    'key-unknown': { status: 401, errorId: 90401, text: 'The X-API-KEY header is missing, or its key is unknown' },
    'permission-denied': {
        status: 403,
        errorId: 996,
        text: 'Permission denied ! The client does not have access to this web service. Contact paymentology'
    },
    'path-unknown': { status: 404, errorId: 90404, text: 'Webservices does not exist' },
    'request-timeout': { status: 408, errorId: 90408, text: 'The request did not arrive in time' },
    'identifier-reused': {
        status: 409,
        errorId: 90409,
        text: 'api_call_unique_identifier was used before with other content. Nothing was written; send the request with ' +
            'a new identifier'
    },
    'body-too-large': { status: 413, errorId: 90413, text: 'The request body is too large' },
    'content-type-unsupported': {
        status: 415,
        errorId: 90415,
        text: 'The Content-Type must be application/json in UTF-8, without a Content-Encoding'
    },
    'host-unknown': { status: 421, errorId: 90421, text: 'The header Host is not a name of this service' },
    'strict-failure': {
        status: 422,
        errorId: 90422,
        text: 'Nothing was written: at least one item failed, and the request asked for strict handling'
    },
    'too-many-requests': { status: 429, errorId: 90429, text: 'Too many requests' },
    'header-too-large': { status: 431, errorId: 90431, text: 'The address and the headers are too large' },
    internal: { status: 500, errorId: 90500, text: 'Internal Server error' },
    'transfer-coding-unknown': { status: 501, errorId: 90501, text: 'The Transfer-Encoding is not known' },
    unavailable: {
        status: 503,
        errorId: 90503,
        text: 'The database is not available for now. Send the request again, with the same identifier'
    }
};
/**
 * Makes the envelope of a failure.
 *
 * @param description the fault of this very request, in place of the catalogue's general text
 * @param body for the one failure that has a body, the strict one
 */
export function failureEnvelope(code, description, body = {}) {
    const { errorId, text } = FAILURES[code];
    return { header: { error_id: errorId, error_desc: description ?? text }, body };
}
//# sourceMappingURL=catalogue.js.map