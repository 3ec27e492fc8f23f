import fastifyPlugin from 'fastify-plugin';
/**
 * Works on the requests of one connection one after another, as they came. RFC 9112 (section 9.3.2) asks for it where a
 * method is not safe. And for a client that reads no answers only one is made: the next request begins when the network
 * has taken the answer before it.
 *
 * While requests wait, nothing more is read. One read may hold thousands of them, so that their number has a limit,
 * too.
 *
 * Register it before the routes.
 */
export const pipelining = fastifyPlugin(async (app, options) => {
    const { waitingMax, isTls, logLimit, onBusy, onIdle } = options;
    const queues = new WeakMap();
    function take(request, response) {
        const { socket } = request;
        const exchange = { socket, request, response };
        const queue = queues.get(socket);
        if (queue === undefined) {
            queues.set(socket, { current: exchange, waiting: [], end: undefined });
            onBusy(socket);
            begin(exchange);
        }
        else if (queue.waiting.length < waitingMax) {
            queue.waiting.push(exchange);
            socket.pause();
        }
        else if (!socket.destroyed) {
            logLimit('PIPELINED_REQUESTS', waitingMax, 'a connection with too many requests that wait for an answer was closed');
            socket.destroy();
        }
    }
    function begin({ socket, request, response }) {
        response.once('close', () => { goOn(socket); });
        app.routing(request, response);
    }
    function goOn(socket) {
        const queue = queues.get(socket);
        const next = socket.writable ? queue?.waiting.shift() : undefined;
        if (queue !== undefined && next !== undefined) {
            queue.current = next;
            if (queue.waiting.length === 0)
                socket.resume();
            // The requests of other connections come in between.
            setImmediate(begin, next);
            return;
        }
        queues.delete(socket);
        onIdle(socket);
        if (socket.writable)
            queue?.end?.();
    }
    app.decorate('answerInTurn', (socket, answer) => {
        const queue = queues.get(socket);
        // What breaks off a request is the answer to that one.
        if (queue === undefined || !queue.current.request.complete)
            return answer();
        if (queue.waiting.at(-1)?.request.complete === false)
            queue.waiting.pop();
        queue.end = answer;
    });
    app.server.on(isTls ? 'secureConnection' : 'connection', (socket) => {
        socket.on('resume', () => {
            // The body of a request that waits would have it read on.
            if ((queues.get(socket)?.waiting.length ?? 0) > 0)
                socket.pause();
        });
    });
    takeRequests(app, take);
}, { name: 'pipelining' });
/** Has every request of the server taken, in place of Fastify's own listener. */
function takeRequests(app, take) {
    const asking = new WeakSet();
    app.server.removeAllListeners('request');
    app.server.on('request', take);
    // An expectation that we do not know may be ignored (RFC 9110, section 10.1.1). Node itself would answer with 417.
    app.server.on('checkExpectation', take);
    app.server.on('checkContinue', (request, response) => {
        asking.add(request);
        take(request, response);
    });
    // A client that asks before it sends a body gets 100 Continue only once the request is not refused.
    app.addHook('preParsing', (request, reply, payload, done) => {
        if (asking.has(request.raw))
            reply.raw.writeContinue();
        done(null, payload);
    });
}
//# sourceMappingURL=pipelining.js.map