import { once } from 'node:events';
import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import t from 'tap';
import { callService } from '../../src/cli/service.js';
const READ = { method: 'GET', path: '/clients' };
/** Starts a server that is not ours, and gives its address. */
async function serve(t, listener) {
    const server = createServer(listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.teardown(() => { server.close(); });
    return new URL(`http://127.0.0.1:${server.address().port}`);
}
t.test('a service that failed is another one than one that refuses', async (t) => {
    const url = await serve(t, (_request, reply) => {
        reply.writeHead(500, { 'content-type': 'application/problem+json' })
            .end('{"type":"about:blank","title":"Internal Server Error","status":500}');
    });
    await t.rejects(callService({ url, token: undefined }, READ), {
        exitCode: 3,
        message: `The service at ${url.origin} failed: Internal Server Error. The cause is in its log`
    });
});
for (const [what, status, type, body] of [
    ['a page', 200, 'text/html', '<html>'],
    ['other JSON', 404, 'application/json', '{"message":"no"}'],
    ['null', 400, 'application/json', 'null'],
    ['a redirection', 302, 'text/plain', '']
]) {
    t.test(`something else that answers with ${what} is not taken for the service`, async (t) => {
        const url = await serve(t, (_request, reply) => { reply.writeHead(status, { 'content-type': type }).end(body); });
        await t.rejects(callService({ url, token: undefined }, READ), {
            exitCode: 3,
            message: `${url.origin} answers (${status}), but not as stip-sandbox does. Is it the right address?`
        });
    });
}
t.test('an answer that breaks off is none', async (t) => {
    const url = await serve(t, (_request, reply) => {
        reply.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 }).write('{"clients":');
        setImmediate(() => { reply.destroy(); });
    });
    await t.rejects(callService({ url, token: undefined }, READ), {
        exitCode: 3,
        message: /cannot be reached, or broke off: ECONNRESET/
    });
});
t.test('a refusal ends an upload that is still under way', { timeout: 30_000 }, async (t) => {
    let end = () => { };
    const ended = new Promise((resolve) => { end = resolve; });
    const url = await serve(t, (request, reply) => {
        request.socket.once('close', end);
        reply.writeHead(401, { 'content-type': 'application/problem+json' }).end('{"title":"Unauthorized","status":401}');
    });
    const content = Readable.from((function* () { for (;;)
        yield 'x'.repeat(65_536); })());
    const closed = once(content, 'close');
    await t.rejects(callService({ url, token: 'x' }, { method: 'POST', path: '/balance-files', body: { type: 'text/csv', content } }), { exitCode: 1, message: /^Unauthorized\n/ });
    await Promise.all([ended, closed]);
});
t.test('a service that cannot be spoken to in TLS is not reached', async (t) => {
    const url = await serve(t, (_request, reply) => { reply.end(); });
    await t.rejects(callService({ url: new URL(url.href.replace('http:', 'https:')), token: undefined }, READ), { exitCode: 3, message: /^The service at https:.* cannot be reached/ });
});
t.test('an address may have a path of its own', async (t) => {
    const url = await serve(t, (request, reply) => {
        reply.writeHead(200, { 'content-type': 'application/json' })
            .end(JSON.stringify([request.url, request.headers.authorization]));
    });
    t.equal(await callService({ url: new URL('/stip/', url), token: 'x' }, {
        ...READ,
        query: { limit: '2', cursor: undefined }
    }), '["/stip/sandbox/v1/clients?limit=2","Bearer x"]');
    t.equal(await callService({ url, token: undefined }, READ), '["/sandbox/v1/clients",null]');
});
//# sourceMappingURL=service.test.js.map