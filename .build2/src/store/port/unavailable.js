/** When it is worth trying again, in seconds. */
export const RETRY_AFTER_SECONDS = 5;
/**
 * Thrown by every method of the store when the database cannot do it for now: it is locked by another process, the
 * disk is full or failing, the server is gone. The service goes on, and the same call can be sent again. The cause is
 * the database's own error.
 */
export class StoreUnavailableError extends Error {
    name = 'StoreUnavailableError';
}
//# sourceMappingURL=unavailable.js.map