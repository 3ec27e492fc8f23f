import { randomUUID } from 'node:crypto';
import fastifyPlugin from 'fastify-plugin';
export const REQUEST_ID_HEADER = 'x-request-id';
/** Safe to log and to send back: short, and nothing that a log or a header could take for something else. */
const SAFE_ID = /^[\w.-]{1,64}$/;
/** Room for a card's number, written in groups or not. */
const CARD_NUMBER = /(?:\d[._-]*){14}/;
/** What most clients make. In groups of these lengths nobody writes a card's number. */
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
/**
 * How Fastify names requests, in the log, too: by the id that the client gave where that is a safe one, else by one of
 * our own.
 */
export const requestIdOptions = {
    genReqId: ({ headers }) => {
        const given = headers[REQUEST_ID_HEADER];
        return typeof given === 'string' && isSafe(given) ? given : randomUUID();
    }
};
function isSafe(id) {
    return SAFE_ID.test(id) && (UUID.test(id) || !CARD_NUMBER.test(id));
}
/** Gives every answer the id that its request has in the log. Register it before whatever answers. */
export const requestId = fastifyPlugin(async (app) => {
    app.addHook('onRequest', (request, reply, done) => {
        reply.header(REQUEST_ID_HEADER, request.id);
        done();
    });
}, { name: 'request-id' });
//# sourceMappingURL=request-id.js.map