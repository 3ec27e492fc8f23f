import { Type } from '@sinclair/typebox';
import fastify, {} from 'fastify';
import t from 'tap';
import { UpdateBalanceRequest } from '../../schemas/paymentology.js';
import { exactJson } from '../../src/http/exact-json.js';
import { handleError } from '../../src/http/problem.js';
import { limited } from '../support/limits.js';
import { ADMIN_TOKEN, makeService, SCENARIO, updateBody } from '../support/service.js';
const REFUSED = [
    { 'content-type': 'application/json; charset=UTF-16' },
    { 'content-type': 'application/json;charset="iso-8859-1"' },
    { 'content-type': 'application/json; profile=x; Charset=us-ascii' },
    { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    { 'content-type': 'application/json', 'content-encoding': 'gzip, identity' }
];
/** Serves all tests that change nothing. */
const service = await makeService(t);
for (const headers of REFUSED) {
    t.test(`a body that is declared as ${JSON.stringify(headers)} is refused, in the shape of the dialect`, async (t) => {
        const { update, read } = service;
        const response = await update(updateBody(), headers);
        t.equal(response.statusCode, 415);
        t.same(response.json(), {
            header: {
                error_id: 90415,
                error_desc: 'The Content-Type must be application/json in UTF-8, without a Content-Encoding'
            },
            body: {}
        });
        t.match((await read('/accounts/1002')).json(), { actual_balance: '0.00' });
        const app = fastify();
        app.setErrorHandler(handleError);
        await app.register(exactJson, { partsMax: 65_536, logLimit: () => { } });
        app.post('/', async () => 'never reached');
        const problem = await app.inject({ method: 'POST', url: '/', headers, payload: '{}' });
        t.equal(problem.statusCode, 415);
        t.match(problem.json(), { title: 'Unsupported Media Type', detail: /^The body must be / });
    });
}
t.test('a file in another charset, or a compressed one, is refused', async (t) => {
    const { app } = await makeService(t);
    for (const headers of [
        { 'content-type': 'text/csv; charset=utf-16' },
        { 'content-type': 'text/csv', 'content-encoding': 'gzip' }
    ]) {
        const response = await app.inject({
            method: 'POST',
            url: '/sandbox/v1/balance-files?client_id=123&file_name=x.csv',
            headers: { ...headers, authorization: `Bearer ${ADMIN_TOKEN}` },
            payload: 'record_id'
        });
        t.equal(response.statusCode, 415);
        t.match(response.json(), { title: 'Unsupported Media Type', detail: /^The body must be / });
    }
});
for (const headers of [
    { 'content-type': 'application/json; charset=utf-8' },
    { 'content-type': 'Application/JSON;charset="UTF-8"' },
    { 'content-type': 'application/json; charset=utf8; profile=x' },
    { 'content-type': 'application/json', 'content-encoding': 'Identity' }
]) {
    t.test(`a body that is declared as ${JSON.stringify(headers)} is read`, async (t) => {
        const { update } = service;
        t.match((await update(updateBody(), headers)).json(), { header: { error_id: 0 } });
    });
}
/** Makes a body wrong after it was read: one that was checked in the reading is taken all the same. */
async function lengthenRemarks({ body }) {
    Object.assign(body, { remarks: 'x'.repeat(201) });
}
/** Sends bodies to routes that differ in how their bodies are read. @returns the status of each answer */
async function postAll(bodies) {
    const odd = Type.Object({ id: Type.Boolean(), remarks: Type.String({ maxLength: 200 }) });
    const app = fastify();
    app.addHook('preValidation', lengthenRemarks);
    await app.register(exactJson, { partsMax: 65_536, logLimit: () => { } });
    app.post('/update', { schema: { body: UpdateBalanceRequest } }, async ({ body }) => body);
    app.post('/texts', { schema: { body: UpdateBalanceRequest }, config: { keepNumberTexts: true } }, async ({ body }) => body);
    app.post('/odd', { schema: { body: odd } }, async ({ body }) => body);
    app.post('/free', async ({ body }) => body);
    const headers = { 'content-type': 'application/json' };
    const answers = bodies.map(async ([url, body]) => await app.inject({ method: 'POST', url, headers, payload: JSON.stringify(body) }));
    return (await Promise.all(answers)).map(({ statusCode }) => statusCode);
}
t.test('the usual body is read and checked in one, and not checked once more', async (t) => {
    t.same(await postAll([['/update', updateBody()]]), [200]);
});
t.test('a body that is not read quickly is checked after it was read', async (t) => {
    t.same(await postAll([['/update', updateBody([{}], { trace: 1 })]]), [400]);
});
t.test('where numbers keep their texts, or the contract cannot be read quickly, a body is checked after it was read', async (t) => {
    t.same(await postAll([['/texts', updateBody()], ['/odd', { id: true, remarks: '' }]]), [400, 400]);
    t.same(await postAll([['/free', { id: true }]]), [200], 'a route without a contract takes every body');
});
t.test('the service reads updates quickly', async (t) => {
    const { app, update } = await makeService(t);
    app.addHook('preValidation', lengthenRemarks);
    t.match((await update(updateBody())).json(), { header: { error_id: 0 } });
    t.match((await update(updateBody([{}], { trace: 1 }))).json(), { header: { error_id: /^90\d\d\d$/ } }, 'anything else is read slowly');
});
t.test('a body of more parts than a contract needs is refused, and large ones are read in turn', async (t) => {
    const { options, logged } = limited({});
    const { app } = await makeService(t, SCENARIO, options);
    const call = async (body) => (await app.inject({
        method: 'POST',
        url: '/amlyze-ws-rest/batch-account-balances',
        headers: { authorization: 'Bearer amlyze-token-of-123', 'content-type': 'application/json' },
        payload: body
    })).json();
    const bodies = [
        `{"x":[${'{},'.repeat(40_000)}1]}`,
        `{"x":[${'1,'.repeat(60_000)}1]}`,
        `{"x":"${'\\n'.repeat(4_000_000)}"}`
    ];
    const answers = await Promise.all(bodies.map(call));
    t.match(answers[0], { errorCode: 'S001', errorDescription: /^the body holds more than 65536 of the characters/ });
    for (const answer of answers.slice(1)) {
        t.match(answer, { errorCode: 'S010', errorDescription: 'accountBalances is required' });
    }
    t.same(logged(), ['JSON_PARTS']);
});
t.test('no text that is kept has the character U+0000, and none that is looked for', async (t) => {
    const { update, read } = service;
    for (const extra of [{ remarks: 'a\0' }, { user_id: '\0' }, { api_call_unique_identifier: '\0' }, { more: '\0' }]) {
        t.match((await update(updateBody([{}], extra))).json(), { header: { error_id: 90400, error_desc: /U\+0000/ } });
    }
    for (const path of ['/accounts?external_reference=a%00', '/operations?client_id=123&identifier=%00']) {
        t.equal((await read(path)).statusCode, 400);
    }
});
//# sourceMappingURL=exact-json.test.js.map