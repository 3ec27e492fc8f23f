import t, {} from 'tap';
import { ADMIN_TOKEN, makeService, SCENARIO, updateBody } from '../support/service.js';
import { lastBody, openWire } from '../support/socket.js';
const PATHS = [
    '/ppws/api/v1/pws_update_balance', '/amlyze-ws-rest/account-balance', '/sandbox/v1/reset', '/health/live', '/nowhere'
];
async function statusOf(t, address, request) {
    const { socket, received } = await openWire(t, address);
    socket.write(request);
    const text = await received;
    return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]), received: text };
}
t.test('a name that is not allowed is refused in the shape of the dialect', async (t) => {
    const { app } = await makeService(t, SCENARIO, { allowedHosts: new Set(['sandbox.example', '192.0.2.1']) });
    const call = async (url, host) => await app.inject({ method: 'POST', url, headers: { host } });
    const text = /^The header Host must be localhost, a loopback address, or a name in the setting ALLOWED_HOSTS/;
    for (const host of [
        'attacker.example', 'attacker.example:3000', 'localhost.attacker.example', '127.0.0.1.attacker.example',
        '192.0.2.2', 'sandbox.example:x', '[::2]'
    ]) {
        for (const path of PATHS)
            t.equal((await call(path, host)).statusCode, 421, `${host} ${path}`);
    }
    t.match((await call('/ppws/x', 'a.example')).json(), { header: { error_id: 90421, error_desc: text }, body: {} });
    t.match((await call('/amlyze-ws-rest/x', 'a.example')).json(), {
        status: 421,
        error: 'Misdirected Request',
        path: '/amlyze-ws-rest/x'
    });
    t.match((await call('/x', 'a.example')).json(), { status: 421, title: 'Misdirected Request', detail: text });
    for (const host of [
        'localhost', 'LOCALHOST:1', '127.0.0.1', '127.1.2.3:80', '[::1]', '[::1]:3000', 'sandbox.example',
        'Sandbox.Example:443', '192.0.2.1'
    ]) {
        t.equal((await app.inject({ url: '/health/live', headers: { host } })).statusCode, 200, host);
    }
});
t.test('without a list every name is answered', async (t) => {
    const { app } = await makeService(t);
    t.equal((await app.inject({ url: '/health/live', headers: { host: 'anything.example' } })).statusCode, 200);
});
t.test('a request of HTTP/1.1 has one header Host', async (t) => {
    const { app } = await makeService(t, SCENARIO, { allowedHosts: new Set() });
    const address = await app.listen({ host: '127.0.0.1', port: 0 });
    const end = 'Connection: close\r\n\r\n';
    for (const path of PATHS) {
        for (const hosts of [
            '', 'Host: localhost\r\nHost: localhost\r\n', 'host: localhost\r\nX: y\r\nHOST: attacker.example\r\n'
        ]) {
            const { status, received } = await statusOf(t, address, `GET ${path} HTTP/1.1\r\n${hosts}${end}`);
            t.equal(status, 400);
            t.match(JSON.stringify(lastBody(received)), path.startsWith('/amlyze') ? /"Bad Request"/ : /must have one header Host/);
        }
    }
    t.equal((await statusOf(t, address, `GET /health/live HTTP/1.0\r\n${end}`)).status, 200);
    t.equal((await statusOf(t, address, `GET /health/live HTTP/1.1\r\nHost: localhost\r\n${end}`)).status, 200);
});
t.test('a transfer coding other than chunked is not taken for plain', async (t) => {
    const { app } = await makeService(t);
    const address = await app.listen({ host: '127.0.0.1', port: 0 });
    const body = JSON.stringify(updateBody());
    const head = `POST ${PATHS[0]} HTTP/1.1\r\nHost: localhost\r\nX-API-KEY: key-of-123\r\nContent-Type: ` +
        'application/json\r\nConnection: close\r\n';
    const chunks = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    const send = async (coding) => await statusOf(t, address, `${head}Transfer-Encoding: ${coding}\r\n\r\n${chunks}`);
    const { status, received } = await send('gzip, chunked');
    t.equal(status, 501);
    t.match(lastBody(received), {
        header: { error_id: 90501, error_desc: 'The only Transfer-Encoding that is read is chunked' }
    });
    t.equal((await send('Chunked')).status, 200);
});
t.test('a fragment in the address is never taken for the query', async (t) => {
    const { app } = await makeService(t);
    const address = await app.listen({ host: '127.0.0.1', port: 0 });
    const head = `HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${ADMIN_TOKEN}\r\nContent-Length: ` +
        '0\r\nConnection: close\r\n\r\n';
    for (const [path, status] of [
        ['/sandbox/v1/reset#dry_run=true', 400],
        ['/sandbox/v1/reset?dry_run=true#x', 400],
        ['/amlyze-ws-rest/account-balance#dry_run=true', 404],
        [`${PATHS[0]}#dry_run=true`, 404]
    ]) {
        t.equal((await statusOf(t, address, `POST ${path} ${head}`)).status, status, path);
    }
});
//# sourceMappingURL=request-head.test.js.map