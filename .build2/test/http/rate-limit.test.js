import t from 'tap';
import { ADMIN_TOKEN, makeService, SCENARIO, updateBody } from '../support/service.js';
const REPORT = {
    communicationNumber: 'COM1',
    requester: 'core',
    accountExtId: 'WALLET-1',
    balanceAt: '2024-05-26T16:49:50.237',
    value: 1
};
const REFUSAL = /^At most 2 requests a minute are taken\. Send it again in \d+ seconds$/;
t.test('the answers tell how many requests are left, and each dialect refuses what is too much in its own shape', async (t) => {
    const { app, update, read } = await makeService(t, SCENARIO, { rateLimit: 2 });
    const report = async () => await app.inject({
        method: 'PUT',
        url: '/amlyze-ws-rest/account-balance',
        headers: {
            authorization: 'Bearer amlyze-token-of-123'
        },
        payload: REPORT
    });
    const first = await update(updateBody());
    t.equal(first.statusCode, 200);
    t.match(first.headers, { 'ratelimit-limit': '2', 'ratelimit-remaining': '1', 'ratelimit-reset': /^\d+$/ });
    t.notOk('retry-after' in first.headers);
    t.equal((await report()).headers['ratelimit-remaining'], '0', 'the dialects share what the client has');
    const refused = await update('not even JSON');
    t.equal(refused.statusCode, 429);
    t.match(refused.json(), { header: { error_id: 90429, error_desc: REFUSAL }, body: {} });
    t.match(refused.headers, {
        'ratelimit-limit': '2',
        'ratelimit-remaining': '0',
        'ratelimit-reset': /^\d+$/,
        'retry-after': /^\d+$/
    });
    const rejected = await report();
    t.equal(rejected.statusCode, 429);
    t.match(rejected.json(), {
        status: 429,
        error: 'Too Many Requests',
        path: '/amlyze-ws-rest/account-balance',
        timestamp: String
    });
    for (const status of [200, 200, 429])
        t.equal((await read('/clients')).statusCode, status);
    const problem = await read('/accounts/1002');
    t.equal(problem.headers['content-type'], 'application/problem+json; charset=utf-8');
    t.match(problem.json(), { title: 'Too Many Requests', status: 429, detail: REFUSAL });
});
t.test('what one client sends is not counted for another, nor what is sent without a right key', async (t) => {
    const { app, update } = await makeService(t, SCENARIO, { rateLimit: 1 });
    for (const key of ['guess-1', 'guess-2', 'guess-3']) {
        t.equal((await update(updateBody(), { 'x-api-key': key })).statusCode, 401);
    }
    t.equal((await update(updateBody())).statusCode, 200);
    t.equal((await update(updateBody())).statusCode, 429);
    const other = updateBody([{ input_id: 2001, bill_ccy: '404' }], { client_id: 456 });
    t.equal((await update(other, { 'x-api-key': 'key-of-456' })).statusCode, 200);
    for (const path of ['/health/ready', '/docs/', '/openapi.json', '/health/ready']) {
        t.equal((await app.inject(path)).statusCode, 200);
    }
});
t.test('scraping metrics uses up a budget of its own', async (t) => {
    const { app, read } = await makeService(t, SCENARIO, { rateLimit: 1 });
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
    for (const status of [200, 429])
        t.equal((await app.inject({ url: '/metrics', headers })).statusCode, status);
    t.equal((await read('/clients')).statusCode, 200);
});
t.test('a refused update writes nothing and does not use its identifier up', async (t) => {
    const { update, read } = await makeService(t, SCENARIO, { rateLimit: 1 });
    await update(updateBody([{ input_id: 1003, bill_ccy: '048' }], { api_call_unique_identifier: 'first' }));
    t.equal((await update(updateBody())).statusCode, 429);
    t.match((await read('/accounts/1002')).json(), { actual_balance: '0.00' });
});
t.test('the limit can be switched off', async (t) => {
    const { update } = await makeService(t, SCENARIO, { rateLimit: 0 });
    const response = await update(updateBody());
    t.notOk(Object.keys(response.headers).some((name) => name.startsWith('ratelimit')));
});
t.test('a large body counts as one request for each begun 4 KiB', async (t) => {
    const { app, update } = await makeService(t, SCENARIO, { rateLimit: 20 });
    const call = async (payload) => await app.inject({
        method: 'POST',
        url: '/amlyze-ws-rest/batch-account-balances',
        headers: { authorization: 'Bearer amlyze-token-of-123', 'content-type': 'application/json' },
        payload
    });
    t.equal((await call(JSON.stringify({ accountBalances: [REPORT] }).padEnd(4096))).headers['ratelimit-remaining'], '19');
    t.equal((await call('x'.padEnd(5 * 4096 + 1))).headers['ratelimit-remaining'], '18', 'the body is counted when it has come');
    t.equal((await update(updateBody())).headers['ratelimit-remaining'], '17', 'one that is refused unread is not');
    t.equal((await call(JSON.stringify({ accountBalances: [REPORT] }).padEnd(5 * 4096 + 1))).statusCode, 200);
    t.equal((await update(updateBody())).headers['ratelimit-remaining'], '10');
});
t.test('a route with a limit of its own counts the same requests', async (t) => {
    const { app, read } = await makeService(t, SCENARIO, { rateLimit: 9 });
    app.register(async (routes) => {
        const asAdmin = async (request) => { request.caller = 'admin'; };
        routes.get('/own', { config: { rateLimit: { max: 2 } }, onRequest: asAdmin }, async () => '');
    });
    t.equal((await app.inject({ url: '/own' })).headers['ratelimit-remaining'], '1');
    t.equal((await read('/clients')).headers['ratelimit-remaining'], '7');
    t.equal((await app.inject({ url: '/own' })).statusCode, 429);
});
//# sourceMappingURL=rate-limit.test.js.map