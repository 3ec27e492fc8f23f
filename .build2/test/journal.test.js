import { mock } from 'node:test';
import t from 'tap';
import { newestWithin } from '../src/domain/journal.js';
import { makeJournal } from '../src/journal.js';
const answered = (name, answer, body) => ({ name, answer, body });
/** A store that remembers what was written, and refuses while it is down. */
class Recorder {
    isDown = false;
    batches = [];
    recordRequests = async (entries) => {
        if (this.isDown)
            throw new Error('down');
        this.batches.push(entries.map(({ xRequestId }) => xRequestId));
    };
}
function journalOf(store, bounds = { requests: 2, bytes: 100_000 }, now = () => 0) {
    const warnings = [];
    const describe = ({ name }) => ({ xRequestId: name });
    const log = { warn: (...words) => { warnings.push(words); } };
    const journal = makeJournal({ store, bounds, describe, log, now });
    return { journal, warnings };
}
t.test('what waits is written in its order, the newest only, and once', async (t) => {
    const store = new Recorder();
    const { journal } = journalOf(store);
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g'])
        journal.record(answered(name));
    await Promise.all([journal.flush(), journal.flush()]);
    t.same(store.batches, [['f', 'g']]);
});
/** A mocked clock, and a journal by it. */
function makeTimed(t) {
    mock.timers.enable({ apis: ['setTimeout'] });
    t.teardown(() => { mock.timers.reset(); });
    let nowMs = 0;
    const store = new Recorder();
    return {
        store,
        ...journalOf(store, undefined, () => nowMs),
        pass: async (ms) => {
            nowMs += ms;
            mock.timers.tick(ms);
            await new Promise((resolve) => { setImmediate(resolve); });
        }
    };
}
t.test('it is written by itself when a second has passed, and tried again when that failed', async (t) => {
    const { store, journal, warnings, pass } = makeTimed(t);
    journal.record(answered('a'));
    await pass(999);
    t.same(store.batches, []);
    store.isDown = true;
    await pass(1);
    t.equal(warnings.length, 1);
    await t.rejects(journal.flush(), { message: 'down' });
    journal.record(answered('b'));
    store.isDown = false;
    await pass(1000);
    t.same(store.batches, [['a', 'b']]);
    await pass(5000);
    t.equal(store.batches.length, 1);
    journal.record(answered('c'));
    await journal.flush();
    await pass(1000);
    t.same(store.batches, [['a', 'b'], ['c']]);
});
t.test('nothing is written while each request is pushed out within a second', async (t) => {
    const { store, journal, pass } = makeTimed(t);
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) {
        journal.record(answered(name));
        await pass(400);
    }
    t.same(store.batches, [], 'of each two the older has waited for 800 ms at most');
    await pass(199);
    t.same(store.batches, []);
    await pass(1);
    t.same(store.batches, [['e', 'f']]);
});
t.test('others are served between large bodies', async (t) => {
    const store = new Recorder();
    const { journal } = journalOf(store);
    const order = [];
    journal.record(answered('a', undefined, Buffer.alloc(10_000)));
    journal.record(answered('b', undefined, Buffer.alloc(80_000)));
    const flushed = journal.flush().then(() => { order.push('flushed'); });
    setImmediate(() => { order.push('served'); });
    await flushed;
    t.same(order, ['served', 'flushed']);
    t.same(store.batches, [['a', 'b']]);
});
t.test('the newest are kept within both bounds', async (t) => {
    const entries = ['a', 'b', 'c'].map((name) => answered(name, 'x'.repeat(100)));
    const kept = (bounds) => newestWithin(bounds, entries).map(({ name }) => name);
    t.same(kept({ requests: 5, bytes: 10_000 }), ['a', 'b', 'c']);
    t.same(kept({ requests: 2, bytes: 10_000 }), ['b', 'c']);
    t.same(kept({ requests: 0, bytes: 10_000 }), []);
    t.same(kept({ requests: 5, bytes: 356 }), ['c']);
    t.same(kept({ requests: 5, bytes: 355 }), []);
    const store = new Recorder();
    const { journal } = journalOf(store, { requests: 100, bytes: 400 });
    for (const entry of entries)
        journal.record(entry);
    await journal.flush();
    t.same(store.batches, [['c']]);
});
//# sourceMappingURL=journal.test.js.map