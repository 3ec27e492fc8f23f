import t from 'tap';
import { readCalls } from '../fuzz/openapi.js';
import { makeService, ADMIN_TOKEN, updateBody } from '../support/service.js';
import { openWire } from '../support/socket.js';
const AUTHORIZATION = { authorization: `Bearer ${ADMIN_TOKEN}` };
/** How clients declare a body that they do not send. */
const DECLARED = [
    { 'content-type': 'application/json', 'content-length': '0' },
    { 'content-type': 'application/json; charset=utf-8' },
    { 'content-type': 'application/x-www-form-urlencoded', 'content-length': '0' },
    { 'content-type': 'text/plain' }
];
t.test('a call that wants no body takes one that is declared and empty', async (t) => {
    const { app } = await makeService(t);
    const calls = (await readCalls(app)).filter(({ method, contentType }) => method !== 'GET' && contentType === undefined);
    t.ok(calls.length > 5);
    for (const { method, path } of calls) {
        // What is not there changes nothing, so that every request meets the same.
        const url = path.replace('{client_id}', '789').replace('{account_id}', '789').replace(/\{\w+\}/g, '1');
        const send = async (headers) => (await app.inject({ method, url: `${url}?dry_run=true`, headers: { ...AUTHORIZATION, ...headers } })).statusCode;
        const expected = await send({});
        for (const headers of DECLARED) {
            t.equal(await send(headers), expected, `${method} ${url} ${JSON.stringify(headers)}`);
        }
    }
});
t.test('an empty body in chunks is none either', async (t) => {
    const { app } = await makeService(t);
    const { socket, received } = await openWire(t, await app.listen({ host: '127.0.0.1', port: 0 }));
    const head = 'POST /sandbox/v1/reset?dry_run=true HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ' +
        `${ADMIN_TOKEN}\r\n`;
    socket.write(`${head}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: ` +
        'close\r\n\r\n0\r\n\r\n');
    t.match(await received, /^HTTP\/1\.1 200 /);
});
t.test('a call that wants a body refuses an empty one', async (t) => {
    const { app, update } = await makeService(t);
    t.equal((await update('')).statusCode, 400);
    t.equal((await update(updateBody())).statusCode, 200);
    const headers = { ...AUTHORIZATION, 'content-type': 'application/json', 'content-length': '0' };
    t.equal((await app.inject({ method: 'POST', url: '/sandbox/v1/clients', headers })).statusCode, 400);
});
//# sourceMappingURL=empty-bodies.test.js.map