import fastifyPlugin from 'fastify-plugin';
import { OpenConnections } from './open-connections.js';
import { pipelining } from './pipelining.js';
import { unreadBodies } from './unread-bodies.js';
/** All suites have forward secrecy and authenticated encryption: a key that leaks later opens no traffic of before. */
const TLS_STRENGTH = {
    minVersion: 'TLSv1.2',
    ciphers: 'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:ECDHE+AESGCM:ECDHE+CHACHA20'
};
/**
 * How often it is looked for connections that have taken too long. Node's own half a minute would be added to each of
 * the times.
 */
const CHECKING_INTERVAL_MS = 1000;
/** Says what connections are made of and how long they may take. */
export function connectionOptions(timeouts, tls) {
    const headersTimeout = timeouts.headersSeconds * 1000;
    const requestTimeout = timeouts.requestSeconds * 1000;
    // A request without the header Host is answered in the shape of its dialect, and Node's own answer has none.
    const http = {
        headersTimeout,
        requestTimeout,
        connectionsCheckingInterval: CHECKING_INTERVAL_MS,
        requireHostHeader: false
    };
    return {
        requestTimeout,
        connectionTimeout: timeouts.connectionSeconds * 1000,
        keepAliveTimeout: timeouts.keepAliveSeconds * 1000,
        http,
        https: tls === undefined ? null : { ...http, ...tls, ...TLS_STRENGTH, handshakeTimeout: headersTimeout }
    };
}
/**
 * Keeps clients from taking more than their part: of connections, of answers that nobody reads, and of bodies that
 * nobody wants. Register it before all routes.
 */
export const limitedConnections = fastifyPlugin(async (app, { limits, logLimit, isTls }) => {
    const open = new OpenConnections(limits.connections, logLimit);
    app.server.prependListener('connection', (socket) => { open.add(socket); });
    await app.register(unreadBodies, { limits: limits.refusedBody, isTls, logLimit });
    await app.register(pipelining, {
        waitingMax: limits.pipelinedRequests,
        isTls,
        logLimit,
        onBusy: (socket) => { open.setBusy(socket); },
        onIdle: (socket) => { open.setIdle(socket); }
    });
}, { name: 'limited-connections' });
//# sourceMappingURL=connections.js.map