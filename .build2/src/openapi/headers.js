import { COMMON_HEADERS } from '../../schemas/headers.js';
import { mapValues } from './paths.js';
/** The common headers as components of a document. */
export const headerComponents = mapValues(COMMON_HEADERS, ({ description, ...schema }) => ({ description, schema }));
/** Answers to what could not be read as a request: it has no name, and no caller. */
const UNREAD_STATUSES = new Set(['408', '431']);
/** Answers that are sent before the request is counted as one of its caller. */
const UNCOUNTED_STATUSES = new Set([...UNREAD_STATUSES, '401', '405', '421', '501']);
/** Answers that are sent before the call itself begins, and so cannot be those of a dry run. */
const UNBEGUN_STATUSES = new Set([...UNCOUNTED_STATUSES, '403', '413', '415', '429']);
/**
 * Adds to each answer of a call the common headers that it may be sent with.
 *
 * @param schemes the security schemes of the document, of which the call may name one
 */
export function withHeaders(operation, schemes) {
    return mapValues(operation.responses, (response, status) => {
        const references = headersOf(status, operation, schemes)
            .map((name) => [name, { $ref: `#/components/headers/${name}` }]);
        return { ...response, headers: { ...response.headers, ...Object.fromEntries(references) } };
    });
}
function headersOf(status, operation, schemes) {
    const { security: [requirement = {}] = [], parameters = [] } = operation;
    const scheme = Object.keys(requirement).map((name) => schemes[name]?.type)[0];
    const isDryRunPossible = parameters.some(({ name }) => name === 'dry_run') && !UNBEGUN_STATUSES.has(status);
    const isCounted = scheme !== undefined && !UNCOUNTED_STATUSES.has(status);
    return [
        ...UNREAD_STATUSES.has(status) ? [] : ['X-Request-Id'],
        ...status === '401' && scheme === 'http' ? ['WWW-Authenticate'] : [],
        ...isCounted ? ['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset'] : [],
        ...isCounted && ['429', '503'].includes(status) ? ['Retry-After'] : [],
        ...isDryRunPossible ? ['dry-run'] : []
    ];
}
//# sourceMappingURL=headers.js.map