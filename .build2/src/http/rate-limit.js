import rateLimit, {} from '@fastify/rate-limit';
import fastifyPlugin from 'fastify-plugin';
const WINDOW_MS = 60_000;
/** A body counts as one request for each begun piece of this size, which is what an update of 25 items needs. */
const BYTES_A_REQUEST = 4096;
/**
 * Lets each caller send a number of requests a minute, by all dialects together. Callers are told apart by their
 * credential and not by their address, behind which there may be many. It is looked at after the credential and before
 * the body; requests without a right credential are nobody's, and cost no more than the looking up of one hash.
 *
 * A large body counts as several requests: one for each begun {@link BYTES_A_REQUEST}. A balance file counts as one,
 * because it is applied in slices between which others are served.
 *
 * Answers carry the headers `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` of
 * draft-ietf-httpapi-ratelimit-headers (up to its version 06), and a refusal `Retry-After` (RFC 9110) besides. Each
 * dialect answers the error, with status 429, in its own shape.
 *
 * Register it before the routes.
 *
 * @param requestsPerMinute 0 for as many as they like
 */
export const limitedRate = fastifyPlugin(async (app, { requestsPerMinute }) => {
    app.decorateRequest('caller', '');
    if (requestsPerMinute === 0)
        return;
    const spendings = new Map();
    function spend(caller, requests) {
        const nowMs = Date.now();
        const found = spendings.get(caller);
        const isOver = found === undefined || nowMs - found.startedMs >= WINDOW_MS;
        const spending = isOver ? { current: 0, ttl: WINDOW_MS, startedMs: nowMs } : found;
        spending.current += requests;
        spending.ttl = WINDOW_MS - (nowMs - spending.startedMs);
        spendings.set(caller, spending);
        return spending;
    }
    /** The library's own store cannot count a request as several. */
    class SpendingStore {
        incr(caller, done) {
            done(null, spend(caller, 1));
        }
        child() {
            return this;
        }
    }
    // How large a body is, a client need not say beforehand. So it is counted when it has come, for the next request.
    app.addHook('preValidation', async ({ caller, bodyBytes }) => {
        if (caller !== '' && bodyBytes > BYTES_A_REQUEST)
            spend(caller, Math.ceil(bodyBytes / BYTES_A_REQUEST) - 1);
    });
    await app.register(rateLimit, {
        max: requestsPerMinute,
        timeWindow: WINDOW_MS,
        store: SpendingStore,
        hook: 'preParsing',
        keyGenerator: ({ caller }) => caller,
        allowList: ({ caller }) => caller === '',
        enableDraftSpec: true,
        errorResponseBuilder: (_request, { max, ttl }) => new RateError(max, Math.ceil(ttl / 1000))
    });
}, { name: 'rate-limit' });
/** Thrown for a request beyond what its caller may send. */
class RateError extends Error {
    name = 'RateError';
    statusCode = 429;
    constructor(max, seconds) {
        super(`At most ${max} requests a minute are taken. Send it again in ${seconds} seconds`);
    }
}
//# sourceMappingURL=rate-limit.js.map