import { maxHeaderSize, STATUS_CODES } from 'node:http';
import fastifyPlugin from 'fastify-plugin';
import { REQUEST_ID_HEADER } from './request-id.js';
import { closeIfUnread } from './unread-bodies.js';
/** What the log says of a request that cannot be shown as one of a route. */
const NOT_UNDERSTOOD = 'request not understood';
/** The faults that Node's HTTP parser names by a code. Every other code is a request that is none. */
const PARSER_FAULTS = new Map([
    ['HPE_HEADER_OVERFLOW', 'header-too-large'],
    ['ERR_HTTP_REQUEST_TIMEOUT', 'too-slow']
]);
/** The method and the address at the start of a request, which may be cut off anywhere behind them. */
const REQUEST_LINE = /^[A-Z]+ (\S+)/;
/**
 * How Fastify treats what reaches no route.
 *
 * An address cannot be longer than the headers may be, so that no parameter of a path is ever too long for the router:
 * its own route answers it, after authentication, like any other value that breaks the contract.
 */
export function unmatchedOptions(answer) {
    return {
        routerOptions: { ignoreTrailingSlash: true, maxParamLength: maxHeaderSize },
        frameworkErrors: ({ code }, request, reply) => {
            // No hook is run for an address that cannot be decoded.
            closeIfUnread(request, reply.header(REQUEST_ID_HEADER, request.id), () => {
                sendFault(reply, answer, 'address-invalid');
                request.server.recordUnseen(request.url, answer('address-invalid', request.url), request.id);
                request.log.info({ code, status: reply.statusCode }, NOT_UNDERSTOOD);
            });
        },
        clientErrorHandler: function (error, socket) {
            this.answerInTurn(socket, () => { answerSocket(this, answer, error, socket); });
        }
    };
}
/** Answers what leads nowhere, before its body is read. Register it before all routes. */
export const unmatched = fastifyPlugin(async (app, { answer }) => {
    const answerNotFound = (_request, reply) => sendFault(reply, answer, 'path-unknown');
    app.addHook('onRequest', (request, reply, done) => {
        if (request.is404)
            answerNotFound(request, reply);
        else
            done();
    });
    // A route may find that it leads nowhere, too, as that of the documentation's files does.
    app.setNotFoundHandler(answerNotFound);
}, { name: 'unmatched' });
/** Answers a request for a fault of it that no route has to know. */
export function sendFault(reply, answer, fault) {
    const { status, contentType, body } = answer(fault, reply.request.url);
    return reply.code(status).type(contentType).send(body);
}
/**
 * Answers a client that has sent no request that could be read, and hangs up. What it sent may hold keys and numbers
 * of cards, so that only the code of the fault is logged.
 */
function answerSocket(app, answer, { code, rawPacket }, socket) {
    // A client that has hung up, or that a broken connection cut off, waits for no answer.
    if (code === 'ECONNRESET' || !socket.writable) {
        socket.destroy();
        return;
    }
    const url = REQUEST_LINE.exec(Buffer.isBuffer(rawPacket) ? rawPacket.toString('latin1') : '')?.[1] ?? '';
    const answered = answer(PARSER_FAULTS.get(code) ?? 'malformed', url);
    const { status, contentType, body } = answered;
    app.recordUnseen(url, answered);
    app.log.info({ code, status }, NOT_UNDERSTOOD);
    const header = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: ${contentType}\r\nContent-Length: ` +
        `${Buffer.byteLength(body)}\r\nConnection: close`;
    socket.write(`${header}\r\n\r\n${body}`);
    socket.destroySoon();
}
//# sourceMappingURL=unmatched.js.map