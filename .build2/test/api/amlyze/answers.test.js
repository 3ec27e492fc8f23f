import { rmSync } from 'node:fs';
import t from 'tap';
import { balance, BATCH, CONTRACT, makeAmlyzeService, PUBLISHED, SINGLE, VALIDATION } from '../../support/amlyze.js';
import { readResolved } from '../../support/openapi.js';
import { lintByRedocly } from '../../support/redocly.js';
import { AUTHORIZATION } from '../../support/service.js';
const PATHS = [SINGLE, BATCH, VALIDATION];
/** As the test clock has it, in the published form. */
const TIMESTAMP = '2026-01-31T08:15:30.123+00:00';
/** Serves all tests that change nothing. */
const service = await makeAmlyzeService(t);
t.test('the contract is valid OpenAPI', async (t) => {
    t.same(await lintByRedocly(CONTRACT, 'spec'), []);
});
t.test('the service documents the calls of the contract, with each of its answers', async (t) => {
    const { app } = await makeAmlyzeService(t);
    const document = await readResolved(app);
    for (const [path, methods] of Object.entries(CONTRACT.paths)) {
        t.same(Object.keys(document.paths[path] ?? {}), Object.keys(methods), path);
        for (const [method, { responses }] of Object.entries(methods)) {
            const operation = document.paths[path]?.[method];
            const documented = Object.keys(operation?.responses ?? {});
            const published = Object.keys(responses).filter((status) => status !== 'default');
            t.same(documented, [...published, '405', '408', '413', '415', '421', '429', '431', '501', '503'].sort(), path);
            t.same(operation?.security, [{ amlyzeToken: [] }]);
        }
    }
    t.match(document.paths[BATCH]?.['post']?.requestBody?.content['application/json']?.schema, {
        properties: { accountBalances: { minItems: 1, maxItems: 1000 } }
    });
    t.match(document.components['securitySchemes']?.['amlyzeToken'], { type: 'http', scheme: 'bearer' });
});
for (const [path, method] of [
    ['/amlyze-ws-rest', 'PUT'],
    ['/amlyze-ws-rest/', 'GET'],
    ['/amlyze-ws-rest/accounts', 'POST'],
    [`${SINGLE}/more`, 'PUT'],
    ['/amlyze-ws-rest/%zz', 'GET']
]) {
    t.test(`${method} ${path} leads nowhere, before anything else of the request is looked at`, async (t) => {
        const { call } = service;
        const response = await call(`${path}?token=secret`, 'not even JSON', { authorization: 'none' }, method);
        t.equal(response.statusCode, 404);
        t.equal(response.headers['content-type'], 'application/json; charset=utf-8');
        t.equal(response.body, `{"timestamp":"${TIMESTAMP}","status":404,"error":"Not Found","path":"${path}"}`);
    });
}
for (const path of PATHS) {
    const allowed = path === SINGLE ? 'PUT' : 'POST';
    t.test(`${path} is served with and without a trailing slash`, async (t) => {
        const { app } = service;
        const response = await app.inject({
            method: allowed,
            url: `${path}/`,
            headers: { authorization: 'bearer amlyze-token-of-123' },
            payload: { ...balance(), accountBalances: [balance()] }
        });
        t.equal(response.statusCode, 200);
    });
    t.test(`${path} refuses other methods and names its own`, async (t) => {
        const { call } = service;
        for (const method of ['GET', 'DELETE', allowed === 'PUT' ? 'POST' : 'PUT']) {
            const response = await call(path, 'not even JSON', {}, method);
            t.equal(response.statusCode, 405);
            t.equal(response.headers['allow'], allowed);
            t.same(response.json(), { timestamp: TIMESTAMP, status: 405, error: 'Method Not Allowed', path });
        }
    });
    for (const authorization of [
        '',
        'Bearer',
        'Bearer wrong',
        'Basic amlyze-token-of-123',
        'amlyze-token-of-123',
        'Bearer key-of-123',
        AUTHORIZATION.authorization
    ]) {
        t.test(`${path} refuses "${authorization}" before the body is read`, async (t) => {
            const { call } = service;
            const response = await call(path, 'not even JSON', { authorization });
            t.equal(response.statusCode, 401);
            t.equal(response.headers['www-authenticate'], 'Bearer');
            t.equal(response.body, '{"error":{"code":"unauthorized"}}');
        });
    }
    t.test(`${path} says what is wrong with a body that is not JSON`, async (t) => {
        const { call } = service;
        const response = await call(path, '{"value":}');
        t.equal(response.statusCode, 400);
        t.same(response.json(), {
            resultType: 'REQUEST_REJECTED',
            errorCode: 'S001',
            errorDescription: 'the body is not valid JSON: a value must stand at position 9, not "}"'
        });
        t.match((await call(path, '{}', { 'content-length': '1' })).json(), {
            errorCode: 'S001',
            errorDescription: 'Request body size did not match Content-Length'
        });
        t.match((await call(path, Buffer.from('{"value":"\\ud800"}'))).json(), {
            errorCode: 'S001',
            errorDescription: /half a surrogate pair/
        });
    });
    t.test(`${path} takes JSON only`, async (t) => {
        const { call } = service;
        const response = await call(path, PUBLISHED, { 'content-type': 'text/plain' });
        t.equal(response.statusCode, 415);
        t.same(response.json(), { timestamp: TIMESTAMP, status: 415, error: 'Unsupported Media Type', path });
    });
    t.test(`${path} refuses what is too large`, async (t) => {
        const { call } = service;
        const limit = path === SINGLE ? 16 * 1024 : 14 * 1024 * 1024;
        t.equal((await call(path, '7'.padEnd(limit))).statusCode, 400, 'up to the limit a body is read');
        const response = await call(path, '7'.padEnd(limit + 1));
        t.equal(response.statusCode, 413);
        t.same(response.json(), { timestamp: TIMESTAMP, status: 413, error: 'Payload Too Large', path });
    });
    t.test(`${path} says that the database is not available, and when to try again`, async (t) => {
        const { app, databasePath } = await makeAmlyzeService(t);
        rmSync(`${databasePath}-wal`);
        const headers = { authorization: 'Bearer amlyze-token-of-123' };
        const response = await app.inject({ method: allowed, url: path, headers, payload: balance() });
        t.match([response.statusCode, response.headers['retry-after']], [503, '5']);
        t.same(response.json(), { timestamp: TIMESTAMP, status: 503, error: 'Service Unavailable', path });
    });
    t.test(`${path} keeps the cause of what was not foreseen to itself`, async (t) => {
        const { store, call } = await makeAmlyzeService(t);
        await store.close();
        const response = await call(path, PUBLISHED);
        t.equal(response.statusCode, 500);
        t.equal(response.body, '{"resultType":"REQUEST_REJECTED","status":500,"error":"Internal Server Error"}');
    });
}
t.test('a token of AMLYZE\'s does not open Paymentology\'s call', async (t) => {
    const { update } = await makeAmlyzeService(t);
    t.equal((await update({}, { 'x-api-key': 'amlyze-token-of-123' })).statusCode, 401);
});
//# sourceMappingURL=answers.test.js.map