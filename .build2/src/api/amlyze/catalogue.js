/**
 * Every rejection, each with HTTP status 400: `errorCode` and `errorDescription`. The first five are AMLYZE's published
 * ones, code and text (`O001` and `O005` begin with a letter O); that of `404` stands in its documents for whatever an
 * extId may name. For the other fields that can be missing, the published code is used with a text after the published
 * ones. The codes from S001 on are the sandbox's own.
 */
export const REJECTIONS = {
    'requester-missing': { errorCode: '001', text: 'Requester is mandatory' },
    'communication-number-missing': { errorCode: '001', text: 'CommunicationNumber is mandatory' },
    'account-missing': { errorCode: 'O001', text: 'extId is mandatory' },
    'communication-number-used': { errorCode: 'O005', text: 'CommunicationNumber already used in amlyze' },
    'account-unknown': { errorCode: '404', text: 'BusinessEntity with given extId does not exist in amlyze' },
    'balance-at-missing': { errorCode: '001', text: 'BalanceAt is mandatory' },
    'value-missing': { errorCode: '001', text: 'Value is mandatory' },
    'business-unit-missing': { errorCode: '001', text: 'BusinessUnit is mandatory' },
    'body-invalid': { errorCode: 'S001', text: 'The body must be a JSON object' },
    'requester-invalid': { errorCode: 'S002', text: 'requester is not valid' },
    'communication-number-invalid': { errorCode: 'S003', text: 'communicationNumber is not valid' },
    'account-invalid': { errorCode: 'S004', text: 'accountExtId is not valid' },
    'balance-at-invalid': { errorCode: 'S005', text: 'balanceAt is not valid' },
    'value-invalid': { errorCode: 'S006', text: 'value is not valid' },
    'equivalent-value-invalid': { errorCode: 'S007', text: 'equivalentValue is not valid' },
    'balance-type-invalid': { errorCode: 'S008', text: 'balanceType is not valid' },
    'balance-type-unknown': { errorCode: 'S008', text: 'balanceType is not one of the configured ones' },
    'business-unit-invalid': { errorCode: 'S009', text: 'businessUnit is not valid' },
    'business-unit-unknown': { errorCode: 'S009', text: 'businessUnit is not one of the client\'s' },
    'batch-invalid': { errorCode: 'S010', text: 'accountBalances is not valid' },
    'query-invalid': { errorCode: 'S011', text: 'The query is not valid' }
};
/**
 * Makes a rejection.
 *
 * @param description the fault of this very request, in place of the catalogue's general text
 */
export function rejectionOf(code, description) {
    const { errorCode, text } = REJECTIONS[code];
    return { errorCode, errorDescription: description ?? text };
}
/** The answers that the framework around the original gives (Spring): HTTP status → `error`. */
export const HTTP_ERRORS = {
    400: 'Bad Request',
    404: 'Not Found',
    405: 'Method Not Allowed',
    408: 'Request Timeout',
    413: 'Payload Too Large',
    415: 'Unsupported Media Type',
    421: 'Misdirected Request',
    429: 'Too Many Requests',
    431: 'Request Header Fields Too Large',
    501: 'Not Implemented',
    503: 'Service Unavailable'
};
/**
 * Writes an answer of the framework.
 *
 * @param url the request's; only its path is shown
 */
export function httpErrorBody(status, url, clock) {
    const timestamp = clock().toISOString().replace('Z', '+00:00');
    return { timestamp, status, error: HTTP_ERRORS[status], path: url.replace(/[?#].*$/s, '') };
}
export const UNAUTHORIZED_BODY = { error: { code: 'unauthorized' } };
export const INTERNAL_ERROR_BODY = { resultType: 'REQUEST_REJECTED', status: 500, error: 'Internal Server Error' };
//# sourceMappingURL=catalogue.js.map