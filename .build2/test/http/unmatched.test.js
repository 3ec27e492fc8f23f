import { once } from 'node:events';
import { METHODS } from 'node:http';
import t from 'tap';
import { ADMIN_TOKEN, makeService } from '../support/service.js';
import { lastBody, openWire } from '../support/socket.js';
const CALL = '/ppws/api/v1/pws_update_balance';
async function listen(app) {
    return await app.listen({ host: '127.0.0.1', port: 0 });
}
/** Serves all tests that change nothing. */
const service = await makeService(t);
for (const [what, payload] of [
    ['is not JSON', '{'],
    ['is larger than any route takes', 'x'.repeat(1_200_000)]
]) {
    for (const [url, answer] of [
        ['/ppws/nope', { header: { error_id: 90404, error_desc: 'Webservices does not exist' }, body: {} }],
        [
            '/sandbox/v1/accounts/1001',
            {
                type: 'about:blank',
                title: 'Not Found',
                status: 404,
                detail: 'There is nothing with this method and path. See /docs'
            }
        ],
        ['/nowhere', { title: 'Not Found' }]
    ]) {
        t.test(`POST ${url} leads nowhere, also where the body ${what}`, async (t) => {
            const { app } = service;
            for (const type of ['application/json', 'text/plain']) {
                const response = await app.inject({ method: 'POST', url, headers: { 'content-type': type }, payload });
                t.equal(response.statusCode, 404);
                t.match(response.json(), answer);
            }
        });
    }
}
t.test('a body may have at most 64 KiB where its route says nothing else', async (t) => {
    const { app } = await makeService(t);
    t.equal(app.initialConfig.bodyLimit, 65536);
});
t.test('every other method at the call\'s path leads nowhere', async (t) => {
    const { app } = await makeService(t);
    for (const method of METHODS.filter((method) => !['POST', 'CONNECT'].includes(method))) {
        const response = await app.inject({
            method: method,
            url: CALL,
            headers: { 'content-type': 'application/json' },
            payload: '{'
        });
        t.equal(response.statusCode, 404, method);
        if (method !== 'HEAD')
            t.match(response.json(), { header: { error_id: 90404 } }, method);
    }
});
for (const url of ['/ppws/%zz', '/ppws?x=%zz', '/ppws#x', '/ppws?', '/ppws', '/ppws/', 'http://example.org/ppws/%zz']) {
    t.test(`${url} is answered in the envelope`, async (t) => {
        const { app } = service;
        const response = await app.inject({ method: 'POST', url });
        t.equal(response.statusCode, 404);
        t.match(response.json(), { header: { error_id: 90404 } });
    });
}
for (const [url, status] of [
    ['/ppwsx/%zz', 400],
    ['/ppwsx', 404],
    ['/x/ppws', 404],
    ['/PPWS/x', 404],
    ['http://example.org/x?/ppws/', 404]
]) {
    t.test(`${url} is not answered in the envelope`, async (t) => {
        const { app } = service;
        const response = await app.inject({ method: 'POST', url });
        t.equal(response.statusCode, status);
        t.equal(response.headers['content-type'], 'application/problem+json; charset=utf-8');
        t.match(response.json(), { status });
    });
}
t.test('an account number of any length is first asked for the token and then refused for its form', async (t) => {
    const { app, read } = await makeService(t);
    const digits = '9'.repeat(5000);
    t.equal((await app.inject(`/sandbox/v1/accounts/${digits}`)).statusCode, 401);
    const response = await read(`/accounts/${digits}`);
    t.equal(response.statusCode, 400);
    t.match(response.json(), { detail: 'account_id must be a whole number from 1 to 9223372036854775807, in digits' });
});
t.test('a file that the documentation does not have is a problem', async (t) => {
    const { app } = await makeService(t);
    const response = await app.inject('/docs/static/nope.js');
    t.equal(response.statusCode, 404);
    t.match(response.json(), { title: 'Not Found', status: 404 });
});
for (const [what, request, status, errorId, text] of [
    [
        'whose headers are too large',
        `POST ${CALL} HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`,
        431,
        90431,
        'The address and the headers must not have more than 16384 bytes together'
    ],
    [
        'whose address is too long',
        `POST ${CALL}?${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
        431,
        90431,
        'The address and the headers must not have more than 16384 bytes together'
    ],
    [
        'with a header that is none',
        `POST ${CALL} HTTP/1.1\r\nHost: x\r\nno header\r\n\r\n`,
        400,
        90400,
        'The request is not valid HTTP/1.1'
    ]
]) {
    t.test(`a request ${what} is answered by the dialect of its address`, async (t) => {
        const { app } = await makeService(t);
        const { socket, received } = await openWire(t, await listen(app));
        socket.write(request);
        const answer = await received;
        t.match(answer, new RegExp(`^HTTP/1\\.1 ${status} [^]*application/json; charset=utf-8`));
        t.match(lastBody(answer), { header: { error_id: errorId, error_desc: text }, body: {} });
    });
    t.test(`a request ${what} is a problem elsewhere`, async (t) => {
        const { app } = await makeService(t);
        const { socket, received } = await openWire(t, await listen(app));
        socket.write(request.replace(CALL, '/nowhere'));
        const answer = await received;
        t.match(answer, new RegExp(`^HTTP/1\\.1 ${status} [^]*application/problem\\+json`));
        t.match(lastBody(answer), { status, detail: text });
    });
}
t.test('AMLYZE answers in its own shape what reaches no route', async (t) => {
    const { app } = await makeService(t);
    const address = await listen(app);
    for (const [request, status, error] of [
        ['PUT /amlyze-ws-rest/x?y HTTP/1.1\r\nHost: x\r\nno header\r\n\r\n', 400, 'Bad Request'],
        [
            `PUT /amlyze-ws-rest/x HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`,
            431,
            'Request Header Fields Too Large'
        ]
    ]) {
        const { socket, received } = await openWire(t, address);
        socket.write(request);
        t.match(lastBody(await received), { status, error, path: '/amlyze-ws-rest/x', timestamp: String });
    }
    t.match((await app.inject('/amlyze-ws-restx')).json(), { title: 'Not Found' });
});
t.test('what is no request at all is a problem', async (t) => {
    const { app } = await makeService(t);
    const { socket, received } = await openWire(t, await listen(app));
    socket.write('\x16\x03\x01 no HTTP');
    t.match(lastBody(await received), { status: 400, detail: 'The request is not valid HTTP/1.1' });
});
/** Lets the HTTP server report a fault of a connection, as it does by itself after a minute or when a wire breaks. */
async function reportFault(app, t, code) {
    const address = await listen(app);
    const accepted = once(app.server, 'connection');
    const { received } = await openWire(t, address);
    const [socket] = await accepted;
    app.server.emit('clientError', Object.assign(new Error(), { code }), socket);
    return await received;
}
t.test('a request that never ends is refused with the reason', async (t) => {
    const { app } = await makeService(t);
    const answer = await reportFault(app, t, 'ERR_HTTP_REQUEST_TIMEOUT');
    t.match(answer, /^HTTP\/1\.1 408 Request Timeout\r\n/);
    t.match(lastBody(answer), { status: 408 });
});
t.test('a client that hung up gets no answer', async (t) => {
    const { app } = await makeService(t);
    t.equal(await reportFault(app, t, 'ECONNRESET'), '');
});
t.test('an expectation that is not known is ignored', async (t) => {
    const { app } = await makeService(t);
    const { socket, received } = await openWire(t, await listen(app));
    socket.write('GET /sandbox/v1/accounts/1002 HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\nAuthorization: Bearer ' +
        `${ADMIN_TOKEN}\r\nConnection: close\r\n\r\n`);
    const answer = await received;
    t.match(answer, /^HTTP\/1\.1 200 /);
    t.match(lastBody(answer), { account_id: '1002' });
});
//# sourceMappingURL=unmatched.test.js.map