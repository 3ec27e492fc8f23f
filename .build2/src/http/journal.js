import { randomUUID } from 'node:crypto';
import fastifyPlugin from 'fastify-plugin';
import { makeJournal } from '../journal.js';
import { dialectOf } from './dialect-of.js';
import { answeredRequestOf, entryOf, unseenRequestOf } from './journal-entry.js';
/**
 * Journals every request to a dialect once it is answered, refused ones too. What it costs comes behind the answer.
 * Register it before all routes.
 */
export const journalled = fastifyPlugin(async (app, options) => {
    const { store, clock, settings: { bounds, isRedacted }, dialects, resends, partsMax, onAnswered } = options;
    const isKept = bounds.requests > 0;
    const describe = (answered) => entryOf(answered, { isRedacted, partsMax });
    const journal = makeJournal({ store, bounds, describe, log: app.log, now: () => performance.now() });
    function record(answered) {
        const resend = resends.get(answered.xRequestId);
        const request = { ...answered, resend };
        if (resend !== undefined)
            resend.entry = describe(request);
        onAnswered?.(describe(request));
        if (isKept)
            journal.record(request);
    }
    /** Removes what was kept under other settings. */
    async function removeForbidden() {
        if (!isKept)
            await store.recordRequests([], bounds);
        if (isRedacted)
            await store.removeUnmaskedRequests();
    }
    app.decorateRequest('sentAnswer', undefined);
    app.decorate('flushJournal', journal.flush);
    app.decorate('recordUnseen', (url, answer, xRequestId = randomUUID()) => {
        const dialect = dialectOf(dialects, url);
        if (dialect !== undefined)
            record(unseenRequestOf(xRequestId, answer, dialect, clock().getTime()));
    });
    app.addHook('onReady', async () => {
        await removeForbidden().catch((error) => {
            app.log.warn({ err: error }, 'what the journal must no longer keep could not be removed');
        });
    });
    // It runs before the store closes, whose hook was there first.
    app.addHook('onClose', async () => {
        await journal.flush().catch((error) => {
            app.log.warn({ err: error }, 'the newest requests of the journal are lost: it could not be written');
        });
    });
    if (!isKept && onAnswered === undefined)
        return;
    app.addHook('onRequest', (request, reply, done) => {
        const dialect = dialectOf(dialects, request.url);
        if (dialect !== undefined) {
            // It comes also when a client hangs up before its answer: the update is applied all the same.
            reply.raw.once('close', () => { record(answeredRequestOf(request, reply, dialect, clock().getTime())); });
        }
        done();
    });
    app.addHook('onSend', (request, _reply, payload, done) => {
        if (typeof payload === 'string')
            request.sentAnswer = payload;
        done(null, payload);
    });
}, { name: 'journal' });
//# sourceMappingURL=journal.js.map