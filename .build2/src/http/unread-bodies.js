import fastifyPlugin from 'fastify-plugin';
/** While the service closes, nobody gets more time than this. */
const CLOSING_MS = 1000;
/**
 * Lets clients read an answer that came before they had sent the whole request. A connection that is closed while they
 * send is reset, and the answer is lost with it. So such an answer says `Connection: close`, our side of the connection
 * ends with it, and the rest is read away before the other side ends, within limits (RFC 9112, section 9.6).
 *
 * Register it before the routes.
 */
export const unreadBodies = fastifyPlugin(async (app, { limits, isTls, logLimit }) => {
    const lingering = new Set();
    let isClosing = false;
    function linger(socket) {
        lingering.add(socket);
        socket.end();
        whenReading(socket, () => { readAway(socket); });
        const timer = setTimeout(() => { giveUp('REFUSED_BODY_SECONDS', limits.seconds, socket); }, isClosing ? CLOSING_MS : limits.seconds * 1000);
        socket.once('close', () => {
            clearTimeout(timer);
            lingering.delete(socket);
        });
    }
    /** A listener for data takes the socket away from the HTTP parser: what comes now is no request any more. */
    function readAway(socket) {
        let restBytes = limits.bytes;
        socket.removeAllListeners('data');
        socket.on('data', (chunk) => {
            restBytes -= chunk.length;
            if (restBytes < 0)
                giveUp('REFUSED_BODY_BYTES', limits.bytes, socket);
        });
    }
    function giveUp(setting, limit, socket) {
        logLimit(setting, limit, 'a connection was closed while its client still sent the body of a refused request');
        socket.destroy();
    }
    // Node ends connections in this way after an answer that closes them.
    app.server.prependListener(isTls ? 'secureConnection' : 'connection', (socket) => {
        socket.destroySoon = () => {
            socket.destroySoon = () => { };
            linger(socket);
        };
    });
    app.addHook('onSend', (request, reply, _payload, done) => { closeIfUnread(request, reply, done); });
    app.addHook('preClose', async () => {
        isClosing = true;
        setTimeout(() => { for (const socket of lingering)
            socket.destroy(); }, CLOSING_MS).unref();
    });
}, { name: 'unread-bodies' });
/**
 * Only the HTTP parser can let its socket read on, so that it has to be asked before the socket is taken away from it.
 */
export function whenReading(socket, then) {
    if (!socket.isPaused())
        return then();
    socket.on('resume', function check() {
        // Node pauses it at once again while the client does not read.
        if (socket.isPaused())
            return;
        socket.off('resume', check);
        then();
    });
    socket.resume();
}
/**
 * Lets an answer close the connection where the request's body has not been received whole.
 *
 * @param done called when the answer may be sent
 */
export function closeIfUnread({ raw }, reply, done) {
    // Undefined where nothing came over a wire.
    if (raw.complete !== false || !hasBody(raw)) {
        done();
        return;
    }
    // The rest may stand in the bytes that are being read at this moment.
    setImmediate(() => {
        if (!raw.complete)
            reply.header('connection', 'close');
        done();
    });
}
/** Tells whether a body follows the head of a request (RFC 9112, section 6.3). */
function hasBody({ headers }) {
    return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}
//# sourceMappingURL=unread-bodies.js.map