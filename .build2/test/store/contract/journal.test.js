import { NOW, SCENARIO } from '../../support/service.js';
import { contract } from './engines.js';
const ENTRY = {
    receivedAt: NOW,
    durationMs: 1.25,
    xRequestId: 'first',
    dialect: 'paymentology',
    clientId: 123,
    method: 'POST',
    route: '/ppws/api/v1/pws_update_balance',
    identifier: '001',
    preferences: 'handling=strict',
    dryRun: true,
    replayed: false,
    resentFrom: 7n,
    status: 422,
    code: '90422',
    items: 2,
    failedItems: 1,
    note: 'nothing was written',
    subjects: ['a:1002', 't:12345'],
    redacted: false,
    bodyBytes: 5,
    body: Buffer.from([0, 255, 1, 2, 3]),
    answer: '{"é":1}'
};
/** An entry of which nothing is known. */
const BARE = {
    ...ENTRY,
    clientId: undefined,
    identifier: undefined,
    preferences: undefined,
    dryRun: undefined,
    replayed: true,
    resentFrom: undefined,
    status: undefined,
    code: undefined,
    items: undefined,
    failedItems: undefined,
    note: undefined,
    subjects: [],
    redacted: true,
    bodyBytes: 0,
    body: undefined,
    answer: undefined
};
const BOUNDS = { requests: 3, bytes: 1_000_000 };
async function list(store, filter = {}) {
    const { items } = await store.listRequests(filter, { from: undefined, limit: 100 });
    return items.map(({ xRequestId }) => xRequestId);
}
const named = (...names) => names.map((xRequestId) => ({ ...ENTRY, xRequestId }));
contract('a request is read as it was journalled, whatever is known of it', async (t, place) => {
    const store = await place.open();
    await store.recordRequests([ENTRY, BARE], BOUNDS);
    for (const [requestId, { subjects, body, ...entry }] of [[1n, ENTRY], [2n, BARE]]) {
        const { body: readBody, ...read } = await store.readRequest(requestId) ?? {};
        t.same(read, { ...entry, requestId });
        t.same(readBody && Buffer.from(readBody), body);
    }
    t.equal(await store.readRequest(3n), undefined);
    t.same(await place.verify(store), []);
});
contract('the journal keeps the newest requests, within both of its bounds', async (t, place) => {
    const store = await place.open();
    await store.recordRequests(named('a', 'b'), BOUNDS);
    await store.recordRequests(named('c', 'd'), BOUNDS);
    t.same(await list(store), ['d', 'c', 'b']);
    await store.recordRequests(named('e'), { requests: 3, bytes: 600 });
    t.same(await list(store), ['e', 'd'], 'two of them have less than 600 bytes');
    await store.recordRequests([], { requests: 0, bytes: 600 });
    t.same(await list(store), []);
    await store.recordRequests(named('f'), BOUNDS);
    const { items: [last] } = await store.listRequests({}, { from: undefined, limit: 1 });
    t.equal(last?.requestId, 6n, 'no number comes again');
});
contract('what was journalled unmasked can be removed', async (t, place) => {
    const store = await place.open();
    await store.recordRequests([ENTRY, BARE], BOUNDS);
    await store.removeUnmaskedRequests();
    t.same((await store.listRequests({}, { from: undefined, limit: 9 })).items.map(({ redacted }) => redacted), [true]);
});
contract('a list of requests goes on page by page, from the newest', async (t, place) => {
    const store = await place.open();
    await store.recordRequests(named('a', 'b', 'c'), BOUNDS);
    const first = await store.listRequests({}, { from: undefined, limit: 2 });
    t.match(first, { items: [{ requestId: 3n }, { requestId: 2n }], next: 1n });
    const second = await store.listRequests({}, { from: first.next, limit: 2 });
    t.match(second, { items: [{ requestId: 1n }], next: undefined });
});
contract('requests are found by what they were', async (t, place) => {
    const store = await place.open({ scenario: SCENARIO });
    const entries = [
        { ...ENTRY, xRequestId: 'strict' },
        { ...BARE, xRequestId: 'bare' },
        { ...ENTRY, xRequestId: 'fine', clientId: 456, identifier: '002', status: 200, failedItems: 0, subjects: ['a:10'] }
    ];
    await store.recordRequests(entries, { ...BOUNDS, requests: 10 });
    t.same(await list(store, { clientId: 123 }), ['strict']);
    t.same(await list(store, { statuses: [200, 299] }), ['fine']);
    t.same(await list(store, { statuses: [422, 422] }), ['strict']);
    t.same(await list(store, { withFailedItems: true }), ['strict']);
    t.same(await list(store, { withFailedItems: false }), ['fine', 'bare']);
    t.same(await list(store, { identifier: '002' }), ['fine']);
    t.same(await list(store, { xRequestId: 'bare' }), ['bare']);
    t.same(await list(store, { clientId: 456, identifier: '001' }), [], 'all of the filters hold');
});
contract('requests are found by the account that they name, in each of three ways', async (t, place) => {
    const store = await place.open({ scenario: SCENARIO });
    const about = (xRequestId, ...subjects) => ({ ...ENTRY, xRequestId, subjects });
    await store.recordRequests([
        about('number', 'a:5', 'a:9007199254740993'),
        about('token', 't:12345'),
        about('reference', 'e:WALLET-1'),
        { ...about('other client', 'e:WALLET-1'), clientId: 456 },
        about('other case', 'e:wallet-1'),
        about('part', 'a:19007199254740993', 'a:90071992547409930', 't:123'),
        about('nothing')
    ], { ...BOUNDS, requests: 10 });
    t.same(await list(store, { accountId: 9007199254740993n }), ['reference', 'token', 'number']);
    t.same(await list(store, { accountId: 5n }), ['number'], 'no account has this number');
    await store.recordRequests([about('no reference', 'a:1003')], { ...BOUNDS, requests: 10 });
    t.same(await list(store, { accountId: 1003n }), ['no reference']);
});
//# sourceMappingURL=journal.test.js.map