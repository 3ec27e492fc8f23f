import { RETRY_AFTER_SECONDS, StoreUnavailableError } from '../store/port/unavailable.js';
/**
 * Tells whether a request failed because the database is not available for now. Then it logs the cause, and lets the
 * answer say when to try again; the dialect sends it, with status 503.
 */
export function isUnavailable(error, reply) {
    if (!(error instanceof StoreUnavailableError))
        return false;
    reply.log.error({ err: error }, 'the database is not available');
    reply.header('retry-after', RETRY_AFTER_SECONDS);
    return true;
}
//# sourceMappingURL=unavailable.js.map