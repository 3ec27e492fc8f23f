import { once } from 'node:events';
import t from 'tap';
import { limited } from '../support/limits.js';
import { makeService, SCENARIO, updateBody } from '../support/service.js';
import { openWire } from '../support/socket.js';
const GET = 'GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n';
const LAST = GET.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n');
async function listen({ app }) {
    return await app.listen({ host: '127.0.0.1', port: 0 });
}
function statusesOf(received) {
    return [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status = '']) => status);
}
t.test('the requests of one connection are worked on one after another', async (t) => {
    const service = await makeService(t);
    const events = [];
    service.app.get('/step/:number', async (request) => {
        const { number } = request.params;
        events.push(`begin ${number}`);
        await new Promise(setImmediate);
        events.push(`end ${number}`);
        return number;
    });
    const { socket, received } = await openWire(t, await listen(service));
    socket.write([1, 2, 3].map((number) => GET.replace('/health/live', `/step/${number}`)).join('') + LAST);
    t.same(statusesOf(await received), ['200', '200', '200', '200']);
    t.same(events, ['begin 1', 'end 1', 'begin 2', 'end 2', 'begin 3', 'end 3']);
});
t.test('of answers that nobody reads one is made, and the next when the network has taken it', async (t) => {
    const service = await makeService(t);
    const answer = Buffer.alloc(4 * 1024 * 1024);
    const unsent = [];
    service.app.get('/large', async ({ raw: { socket } }, reply) => {
        unsent.push(socket.writableLength);
        return reply.send(answer);
    });
    const address = await listen(service);
    const accepted = once(service.app.server, 'connection');
    const { socket, received } = await openWire(t, address);
    const [serverSide] = await accepted;
    socket.pause();
    socket.write(GET.replace('/health/live', '/large').repeat(20) + LAST);
    while (serverSide.writableLength === 0)
        await new Promise(setImmediate);
    t.ok(unsent.length < 20, 'not all are begun while nobody reads');
    socket.resume();
    t.equal(statusesOf(await received).length, 21);
    t.same(unsent, Array(20).fill(0));
});
t.test('a client that reads may send more at once than may wait', async (t) => {
    const { options, logged } = limited({});
    const service = await makeService(t, SCENARIO, options);
    const { socket, received } = await openWire(t, await listen(service));
    const body = 'x'.repeat(60_000);
    // Each is larger than what is read at a time.
    socket.write(`POST /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc${GET}`.repeat(40));
    socket.write(GET.replace('\r\n\r\n', `\r\nX-Long: ${body.slice(0, 9000)}\r\n\r\n`).repeat(200) + LAST);
    t.same(statusesOf(await received), [...Array(40).fill(['404', '200']).flat(), ...Array(201).fill('200')]);
    t.same(logged(), []);
});
t.test('a connection with too many requests that wait is closed, and the log names the setting', async (t) => {
    const { options, logged } = limited({ pipelinedRequests: 2 });
    const service = await makeService(t, SCENARIO, options);
    const address = await listen(service);
    const few = await openWire(t, address);
    few.socket.write(GET.repeat(2) + LAST);
    t.equal(statusesOf(await few.received).length, 3);
    t.same(logged(), []);
    const many = await openWire(t, address);
    many.socket.on('error', () => { });
    many.socket.write(GET.repeat(10));
    t.ok(statusesOf(await many.received).length < 3);
    t.same(logged(), ['PIPELINED_REQUESTS']);
});
t.test('what is no request is answered after the requests before it', async (t) => {
    const service = await makeService(t);
    const address = await listen(service);
    const unfinished = 'POST /health/live HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nnot a size\r\n';
    for (const [garbage, statuses] of [
        ['garbage\r\n\r\n', ['200', '200', '400']],
        [unfinished, ['200', '200', '400']]
    ]) {
        const { socket, received } = await openWire(t, address);
        socket.write(GET.repeat(2) + garbage);
        t.same(statusesOf(await received), statuses);
    }
    const alone = await openWire(t, address);
    alone.socket.write(unfinished.replace('/health/live', '/sandbox/v1/reset'));
    t.match(statusesOf(await alone.received), [/^40[01]$/]);
});
t.test('requests that wait on a connection that breaks are not worked on', async (t) => {
    const service = await makeService(t);
    let begun = 0;
    const isBegun = new Promise((resolve) => {
        service.app.get('/waits', async () => {
            begun += 1;
            await new Promise((_resolve) => { resolve(_resolve); });
        });
    });
    const address = await listen(service);
    const accepted = once(service.app.server, 'connection');
    const { socket } = await openWire(t, address);
    const [serverSide] = await accepted;
    socket.write(GET.replace('/health/live', '/waits').repeat(2));
    const go = await isBegun;
    serverSide.destroy();
    await once(serverSide, 'close');
    go();
    t.equal((await service.update(updateBody())).statusCode, 200);
    t.equal(begun, 1);
});
t.test('a client that asks before it sends its body may go on only where it is not refused', async (t) => {
    const service = await makeService(t);
    const address = await listen(service);
    const body = JSON.stringify(updateBody());
    const head = 'POST /ppws/api/v1/pws_update_balance HTTP/1.1\r\nHost: localhost\r\nContent-Type: ' +
        `application/json\r\nExpect: 100-continue\r\nContent-Length: ${body.length}\r\n`;
    const refused = await openWire(t, address);
    refused.socket.write(`${head}X-API-KEY: wrong\r\n\r\n`);
    t.same(statusesOf(await refused.received), ['401']);
    const right = await openWire(t, address);
    right.socket.write(`${head}X-API-KEY: key-of-123\r\nConnection: close\r\n\r\n`);
    right.socket.once('data', () => { right.socket.write(body); });
    t.same(statusesOf(await right.received), ['100', '200']);
});
//# sourceMappingURL=pipelining.test.js.map