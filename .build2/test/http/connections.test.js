import t from 'tap';
import { everythingIn } from '../support/database.js';
import { makeService, SCENARIO, updateBody } from '../support/service.js';
import { openWire } from '../support/socket.js';
/** Longer than any test takes. */
const FOREVER_SECONDS = 3600;
const PATIENT = {
    headersSeconds: FOREVER_SECONDS,
    requestSeconds: FOREVER_SECONDS,
    connectionSeconds: FOREVER_SECONDS,
    keepAliveSeconds: FOREVER_SECONDS
};
const HEADERS = 'POST /ppws/api/v1/pws_update_balance HTTP/1.1\r\nHost: x\r\nX-API-KEY: key-of-123\r\nContent-Type: ' +
    'application/json\r\nContent-Length: 1000\r\n';
const TOO_SLOW = /^HTTP\/1\.1 408 Request Timeout\r\n[^]*"status":408,"detail":"The request did not arrive in time"/;
// They wait for the seconds to pass, and do it together.
t.jobs = 5;
for (const { what, sent, trickled, timeouts, answer } of [
    { what: 'never says anything', sent: '', trickled: '', timeouts: { headersSeconds: 1 }, answer: TOO_SLOW },
    {
        what: 'sends its headers byte by byte',
        sent: HEADERS,
        trickled: 'x',
        timeouts: { headersSeconds: 1 },
        answer: TOO_SLOW
    },
    {
        what: 'sends its body byte by byte',
        sent: `${HEADERS}\r\n`,
        trickled: ' ',
        timeouts: { headersSeconds: 1, requestSeconds: 1 },
        answer: TOO_SLOW
    },
    {
        what: 'stops in the midst of its body',
        sent: `${HEADERS}\r\n{`,
        trickled: '',
        timeouts: { connectionSeconds: 1 },
        answer: /^$/
    },
    {
        what: 'has been answered and keeps the connection',
        sent: 'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n',
        trickled: '',
        timeouts: { keepAliveSeconds: 1 },
        answer: /^HTTP\/1\.1 200 OK\r\n/
    }
]) {
    t.test(`a client that ${what} loses its connection`, { buffered: true }, async (t) => {
        const { app, databasePath } = await makeService(t, SCENARIO, { timeouts: { ...PATIENT, ...timeouts } });
        const before = everythingIn(databasePath);
        const { socket, received } = await openWire(t, await app.listen({ host: '127.0.0.1', port: 0 }));
        // What is written to a connection that the other side has given up may fail.
        socket.on('error', () => { });
        socket.write(sent);
        const trickle = setInterval(() => { socket.write(trickled); }, 50);
        t.teardown(() => { clearInterval(trickle); });
        t.match(await received, answer);
        t.same(everythingIn(databasePath), before);
    });
}
t.test('slow clients keep no others waiting', async (t) => {
    const { app, update } = await makeService(t);
    const address = await app.listen({ host: '127.0.0.1', port: 0 });
    const slow = await Promise.all(Array.from({ length: 100 }, async () => await openWire(t, address)));
    for (const { socket } of slow)
        socket.write(`${HEADERS}\r\n{`);
    t.equal((await update(updateBody())).statusCode, 200);
    t.equal((await fetch(`${address}/health/ready`)).status, 200);
    for (const { socket } of slow)
        socket.destroy();
});
//# sourceMappingURL=connections.test.js.map