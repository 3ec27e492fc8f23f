import { httpError, INTERNAL_ERROR, rejected, UNAUTHORIZED } from '../../../schemas/amlyze.js';
import { HTTP_ERRORS, rejectionOf } from './catalogue.js';
const REJECTION_EXAMPLES = ['account-missing', 'communication-number-used', 'account-unknown'];
/**
 * Documents what a call can answer beside its success.
 *
 * @param method the only one that its path takes
 */
export function failureAnswers(method, bodyLimitBytes) {
    const allow = { Allow: { type: 'string', enum: [method], description: 'The method that the path takes.' } };
    return {
        400: rejected('A field is missing or wrong, or the body is not JSON. Nothing was kept.', REJECTION_EXAMPLES.map((code) => rejectionOf(code))),
        401: UNAUTHORIZED,
        404: documentHttpError(404, 'There is no such path.'),
        405: documentHttpError(405, 'The path is right and the method is not. The header `Allow` names the right one.', allow),
        408: documentHttpError(408, 'The request did not arrive in time.'),
        413: documentHttpError(413, `The body is larger than ${bodyLimitBytes} bytes.`),
        415: documentHttpError(415, 'The body is not declared to be JSON.'),
        421: documentHttpError(421, 'The header `Host` names another service. See the setting `ALLOWED_HOSTS`.'),
        429: documentHttpError(429, 'The client has sent too many requests. `Retry-After` says after how many seconds it may go on.'),
        431: documentHttpError(431, 'The address and the headers are too large.'),
        500: INTERNAL_ERROR,
        501: documentHttpError(501, 'The `Transfer-Encoding` is not `chunked`.'),
        503: documentHttpError(503, 'The database is locked, or cannot be written. The header `Retry-After` says when to try again.')
    };
}
function documentHttpError(status, description, headers) {
    return httpError(description, { status, error: HTTP_ERRORS[status] }, headers);
}
//# sourceMappingURL=documentation.js.map