import { once } from 'node:events';
import { connect } from 'node:net';
import Database from 'better-sqlite3';
import t from 'tap';
import { ADMIN_TOKEN, makeService, updateBody } from '../support/service.js';
/** Far more than the buffers of a connection on this machine hold. */
const ACCOUNTS = 25_000;
const SCENARIO = {
    clients: [{ client_id: 123, name: 'First Bank', api_key: 'key-of-123' }],
    accounts: Array.from({ length: ACCOUNTS }, (_, index) => ({
        client_id: 123,
        account_id: String(1002 + index),
        currency: '840',
        external_reference: `a rather long reference, so that few accounts make much text ${index}`,
        actual_balance: '0.00',
        blocked_balance: '0.00'
    }))
};
t.test('a client that does not read on holds up nobody, and the log goes into the database meanwhile', async (t) => {
    const { app, databasePath, update } = await makeService(t, SCENARIO);
    const address = new URL(await app.listen({ host: '127.0.0.1', port: 0 }));
    const database = new Database(databasePath);
    t.teardown(() => { database.close(); });
    for (const path of ['scenario', 'snapshots/scenario/file']) {
        const socket = connect(Number(address.port), address.hostname);
        t.teardown(() => { socket.destroy(); });
        socket.write(`GET /sandbox/v1/${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${ADMIN_TOKEN}\r\n\r\n`);
        const [head] = await once(socket, 'data');
        socket.pause();
        const bytes = Number(/^content-length: (\d+)/im.exec(head.toString())?.[1]);
        t.match((await update(updateBody([{}], { api_call_unique_identifier: path }))).json(), { header: { error_id: 0 } });
        t.match(database.pragma('wal_checkpoint(TRUNCATE)'), [{ busy: 0, log: 0 }], `${path}: no read transaction is open`);
        t.ok(socket.bytesRead < bytes, `${socket.bytesRead} of ${bytes} bytes were read`);
    }
});
//# sourceMappingURL=slow-reader.test.js.map