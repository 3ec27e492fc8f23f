import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import t from 'tap';
import { makeService, updateBody } from '../support/service.js';
import { lastBody, openWire } from '../support/socket.js';
const BODY = JSON.stringify(updateBody());
const REQUEST = 'POST /ppws/api/v1/pws_update_balance HTTP/1.1\r\nHost: x\r\nX-API-KEY: key-of-123\r\nContent-Type: ' +
    `application/json\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`;
for (const [where, cut] of [['its headers', 40], ['its body', REQUEST.length - 1]]) {
    t.test(`a request that is in the midst of ${where} when the service closes is applied, and ends the connection`, async (t) => {
        const { app } = await makeService(t);
        const address = await app.listen({ host: '127.0.0.1', port: 0 });
        const accepted = once(app.server, 'connection');
        const { socket, received } = await openWire(t, address);
        const [serverSide] = await accepted;
        socket.write(REQUEST.slice(0, cut));
        while (serverSide.bytesRead < cut)
            await setImmediate();
        const closed = app.close();
        socket.write(REQUEST.slice(cut));
        const answer = await received;
        t.match(answer, /^HTTP\/1\.1 200 [^]*connection: close/i);
        t.match(lastBody(answer), { header: { error_id: 0 }, body: { total_failed: 0 } });
        await closed;
    });
}
//# sourceMappingURL=shutdown.test.js.map