import { setImmediate } from 'node:timers/promises';
import fastifyPlugin from 'fastify-plugin';
import { JsonPartsError, parseExactJson } from '../exact-json/parse.js';
import { compileQuickReader } from '../exact-json/quick-read.js';
import { compileExact } from '../exact-json/validator.js';
import { requirePlainUtf8 } from './content-encoding.js';
/** Larger bodies take turns. */
const LARGE_BODY_BYTES = 64 * 1024;
/**
 * Makes JSON the only kind of body, reads it without changing a number, and checks it against the
 * contracts without changing anything in it.
 *
 * Large bodies are read one after the other, each in a turn of the event loop of its own. So other requests wait for
 * at most one of them, however many arrive together.
 *
 * A body that the quick reader of the route's contract has accepted is not checked again. So no hook before the
 * validation may change a body.
 */
export const exactJson = fastifyPlugin(async (app, { partsMax, logLimit }) => {
    const quickReaders = new WeakMap();
    const valid = new WeakSet();
    let lastTurn = Promise.resolve();
    async function takeTurn() {
        const turn = lastTurn.then(async () => await setImmediate());
        lastTurn = turn;
        await turn;
    }
    function readAtLength(body, keepNumberTexts) {
        try {
            return parseExactJson(body, { keepNumberTexts, partsMax });
        }
        catch (error) {
            if (error instanceof JsonPartsError)
                logLimit('JSON_PARTS', partsMax, 'a body with more parts was refused');
            throw error;
        }
    }
    app.decorateRequest('bodyBytes', 0);
    app.decorateRequest('rawBody', undefined);
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (request, body) => {
        if (body.length === 0 && !wantsBody(request))
            return undefined;
        requirePlainUtf8(request);
        request.bodyBytes = body.length;
        request.rawBody = body;
        const { config: { keepNumberTexts = false }, schema } = request.routeOptions;
        if (body.length > LARGE_BODY_BYTES)
            await takeTurn();
        const value = keepNumberTexts ? undefined : quickReaders.get(schema?.body)?.(body);
        if (value === undefined)
            return readAtLength(body, keepNumberTexts);
        valid.add(value);
        return value;
    });
    app.addHook('onRequest', (request, _reply, done) => {
        // Many HTTP clients declare a type even where there is no body.
        if (!wantsBody(request) && hasNoBody(request))
            delete request.headers['content-type'];
        done();
    });
    app.setValidatorCompiler(({ schema, httpPart }) => {
        const validate = compileExact(schema);
        const read = httpPart === 'body' ? compileQuickReader(schema) : undefined;
        if (read === undefined)
            return validate;
        quickReaders.set(schema, read);
        return (value) => valid.has(value) || validate(value) || { error: validate.errors };
    });
}, { name: 'exact-json' });
function wantsBody({ routeOptions }) {
    return routeOptions.schema?.body !== undefined;
}
function hasNoBody({ headers }) {
    return headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0';
}
//# sourceMappingURL=exact-json.js.map