import fastify, {} from 'fastify';
import { amlyze, answerAmlyzeFault } from './api/amlyze/index.js';
import { amlyzeJournal } from './api/amlyze/journal.js';
import { answerPaymentologyFault, paymentology } from './api/paymentology/index.js';
import { paymentologyJournal } from './api/paymentology/journal.js';
import { sandbox } from './api/sandbox/index.js';
import { connectionOptions, limitedConnections } from './http/connections.js';
import { dialectOf } from './http/dialect-of.js';
import { documentation } from './http/documentation.js';
import { exactJson } from './http/exact-json.js';
import { health } from './http/health.js';
import { journalled } from './http/journal.js';
import { makeLimitLog } from './http/limit-log.js';
import { loggerOptions } from './http/logging.js';
import { countedRequests, metricsPage } from './http/metrics.js';
import { neighbours } from './http/neighbours.js';
import { answerProblemFault, handleError } from './http/problem.js';
import { limitedRate } from './http/rate-limit.js';
import { requestHead } from './http/request-head.js';
import { requestId, requestIdOptions } from './http/request-id.js';
import { retention } from './http/retention.js';
import { securityHeaders } from './http/security-headers.js';
import { serializers } from './http/serializers.js';
import { shutdown } from './http/shutdown.js';
import { unmatched, unmatchedOptions } from './http/unmatched.js';
/** What a route's body may have at most where the route does not say otherwise. */
const BODY_LIMIT_BYTES = 64 * 1024;
/** Tells whether a route belongs to a dialect. */
export function isDialectRoute(route) {
    return dialectOf([paymentologyJournal, amlyzeJournal], route) !== undefined;
}
/**
 * Builds the whole service, which needs no port to be used (`inject`). Each dialect stands below a prefix of its own.
 */
export function buildApp(options) {
    const { store, clock, adminToken, logLevel, log, amlyzeLists, metrics } = options;
    const { timeouts, limits, allowedHosts, rateLimit, retentionDays, journal, onDialectRequest, tls } = options;
    const resends = new Map();
    const dialects = [
        { ...paymentologyJournal, answer: answerPaymentologyFault },
        { ...amlyzeJournal, answer: answerAmlyzeFault(clock) }
    ];
    const answerFault = answerFaultBelow(dialects);
    const app = fastify({
        ...loggerOptions(logLevel, log),
        ...requestIdOptions,
        ...unmatchedOptions(answerFault),
        ...connectionOptions(timeouts, tls),
        bodyLimit: BODY_LIMIT_BYTES,
        // What still arrives on an open connection is applied, because the store closes last.
        return503OnClosing: false
    });
    app.setErrorHandler(handleError);
    const logLimit = makeLimitLog(app.log, clock);
    app.register(limitedConnections, { limits, logLimit, isTls: tls !== undefined });
    app.register(requestId);
    app.register(countedRequests, { metrics });
    app.register(journalled, {
        store, clock, settings: journal, dialects, resends, partsMax: limits.jsonParts, onAnswered: onDialectRequest
    });
    app.register(shutdown);
    app.register(securityHeaders, { isTls: tls !== undefined });
    app.register(requestHead, { answer: answerFault, allowedHosts });
    app.register(unmatched, { answer: answerFault });
    app.register(limitedRate, { requestsPerMinute: rateLimit });
    app.register(retention, { store, clock, retentionDays });
    app.register(neighbours, { store });
    app.register(exactJson, { partsMax: limits.jsonParts, logLimit });
    app.register(serializers);
    app.register(documentation);
    app.register(health, { prefix: '/health', store });
    app.register(metricsPage, { metrics, store, adminToken });
    app.register(paymentology, { prefix: '/ppws', store, resends });
    app.register(amlyze, { prefix: '/amlyze-ws-rest', store, clock, lists: amlyzeLists, resends });
    app.register(sandbox, { prefix: '/sandbox/v1', store, clock, adminToken, resends });
    app.addHook('onClose', async () => { await store.close(); });
    return app;
}
/** Lets the dialect answer to which an address belongs. Below none of the prefixes the answer is problem details. */
function answerFaultBelow(dialects) {
    return (fault, url) => {
        const answer = dialectOf(dialects, url)?.answer ?? answerProblemFault;
        return answer(fault, url);
    };
}
//# sourceMappingURL=app.js.map