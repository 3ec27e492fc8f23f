import { keptBytesOf, newestWithin } from './domain/journal.js';
import { serveOthers } from './turns.js';
/** How long an answered request may wait until it is written. */
const DELAY_MS = 1000;
const LARGE_BODY_BYTES = 64 * 1024;
/**
 * Makes a journal. What waits is bounded as the table is. Under a load that pushes every request out within a second,
 * nothing is written until the load ends: all that the table would keep may be lost anyway.
 */
export function makeJournal({ store, bounds, describe, log, now }) {
    let waiting = [];
    let waitingBytes = 0;
    let timer;
    let written = Promise.resolve();
    function keep(entries) {
        waiting = newestWithin(bounds, entries);
        waitingBytes = waiting.reduce((sum, entry) => sum + keptBytesOf(entry), 0);
    }
    function lookLater(delayMs) {
        timer ??= setTimeout(look, delayMs).unref();
    }
    /** Writes when the oldest request of those that are kept is due. */
    function look() {
        timer = undefined;
        keep(waiting);
        const [oldest] = waiting;
        if (oldest === undefined)
            return;
        const dueInMs = oldest.recordedMs + DELAY_MS - now();
        if (dueInMs > 0)
            return lookLater(dueInMs);
        flush().catch((error) => {
            log.warn({ err: error }, 'the journal of requests could not be written, and is tried again');
        });
    }
    /** Large bodies are described one after the other, and others are served in between. */
    async function describeAll(entries) {
        const described = [];
        for (const entry of entries) {
            if ((entry.body?.length ?? 0) > LARGE_BODY_BYTES)
                await serveOthers();
            described.push(describe(entry));
        }
        return described;
    }
    async function write() {
        const newest = newestWithin(bounds, waiting);
        keep([]);
        if (newest.length === 0)
            return;
        try {
            await store.recordRequests(await describeAll(newest), bounds);
        }
        catch (error) {
            keep([...newest, ...waiting]);
            lookLater(DELAY_MS);
            throw error;
        }
    }
    async function flush() {
        const writing = written.then(write);
        written = writing.catch(() => { });
        await writing;
    }
    return {
        record: (answered) => {
            waiting.push({ ...answered, recordedMs: now() });
            waitingBytes += keptBytesOf(answered);
            // To drop many at once is cheaper than one at a time.
            if (waiting.length >= 2 * bounds.requests || waitingBytes > 2 * bounds.bytes)
                keep(waiting);
            lookLater(DELAY_MS);
        },
        flush
    };
}
//# sourceMappingURL=journal.js.map