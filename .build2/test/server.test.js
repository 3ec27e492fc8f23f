import Database from 'better-sqlite3';
import t from 'tap';
import { rowsOf } from './support/database.js';
import { AUTHORIZATION, updateBody } from './support/service.js';
import { CALL_PATH, startService, stop } from './support/service-process.js';
import { lastBody, openWire } from './support/socket.js';
t.test('neither keys nor tokens nor bodies nor addresses reach the log, at its most talkative', async (t) => {
    const service = await startService(t, { LOG_LEVEL: 'trace' });
    const { address, update } = service;
    await update(updateBody([{ input_type: 't', input_id: 4000001 }], {
        api_call_unique_identifier: '4000002',
        remarks: '4000003'
    }));
    await update('{"card":4000004', { 'x-api-key': 'key-of-123' });
    await update(updateBody([{ input_id: '4000005' }]));
    await update({}, { 'x-api-key': '4000006' });
    await update({}, { 'content-type': 'text/4000007' });
    for (const path of [
        '/cards/4000008', '/ppws/4000009', '/4000010/%zz', '/sandbox/v1/accounts/4000011?token=4000012',
        '/sandbox/v1/accounts/x4000013'
    ]) {
        await fetch(`${address}${path}`, { headers: AUTHORIZATION });
    }
    await fetch(`${address}/sandbox/v1/accounts/4000014`, { headers: { authorization: 'Bearer 4000015' } });
    for (const broken of ['no header 4000016', `X-Long: ${'4000017'.repeat(5000)}`]) {
        const { socket, received } = await openWire(t, address);
        socket.write(`POST ${CALL_PATH}?4000018 HTTP/1.1\r\nX-API-KEY: key-of-123\r\n${broken}\r\n\r\n{"card":4000019}`);
        await received;
    }
    const lines = await stop(service);
    t.equal(lines.filter(({ msg }) => msg === 'request answered').length, 10);
    t.equal(lines.filter(({ msg }) => msg === 'request not understood').length, 3);
    t.notMatch(service.server.output(), /40000\d\d|key-of|secret-admin/);
    t.equal(service.server.errors(), '');
});
t.test('the cause of an unforeseen error is in the log, and only there', async (t) => {
    const service = await startService(t);
    const database = new Database(service.databasePath);
    database.exec('ALTER TABLE accounts RENAME TO elsewhere');
    database.pragma('user_version = 9999');
    database.close();
    const answers = [
        await service.update(updateBody()),
        await fetch(`${service.address}/sandbox/v1/accounts/1002`, { headers: AUTHORIZATION }),
        await fetch(`${service.address}/amlyze-ws-rest/account-balance`, {
            method: 'PUT',
            headers: { authorization: 'Bearer amlyze-token-of-123', 'content-type': 'application/json' },
            body: '{"communicationNumber":"1","requester":"core","accountExtId":"WALLET-1",' +
                '"balanceAt":"2024-05-26T16:49:50.237","value":1}'
        }),
        await fetch(`${service.address}/health/ready`)
    ];
    t.same(answers.map(({ status }) => status), [500, 500, 500, 503]);
    for (const answer of answers)
        t.notMatch(await answer.text(), /no such table|9999/);
    const errors = (await stop(service)).filter(({ level }) => level === 50);
    t.match(errors, [
        ...Array.from({ length: 3 }, () => ({
            msg: 'the request failed for an unforeseen reason',
            err: { message: /no such table: (main\.)?accounts/, stack: String }
        })),
        { msg: 'the database is not ready', err: { message: /schema 9999/, stack: String } }
    ]);
    t.equal(errors.length, 4);
});
t.test('a signal to stop turns readiness off, and everything else is answered until the service ends', async (t) => {
    const service = await startService(t, { DRAIN_SECONDS: '600' });
    t.equal((await fetch(`${service.address}/health/ready`)).status, 200);
    service.server.child.kill('SIGTERM');
    await service.server.waitFor(/"closing"/);
    const ready = await fetch(`${service.address}/health/ready`);
    t.equal(ready.status, 503);
    t.equal(ready.headers.get('connection'), 'close');
    t.match(await ready.json(), { title: 'Service Unavailable', detail: 'The service is about to stop' });
    t.equal((await fetch(`${service.address}/health/live`)).status, 200);
    t.match(await (await service.update(updateBody())).json(), { header: { error_id: 0 } });
    service.server.child.kill('SIGTERM');
    t.equal(await service.server.exitCode, 1, 'a second signal ends it at once');
});
t.test('every request that is under way at a signal to stop is answered and durable, and the service ends in order', async (t) => {
    const service = await startService(t);
    const wires = await Promise.all(Array.from({ length: 20 }, async (_, index) => {
        const body = JSON.stringify(updateBody([{ act_balance: index }], { api_call_unique_identifier: `under-way-${index}` }));
        const wire = await openWire(t, service.address);
        const accepted = new Promise((resolve) => wire.socket.once('data', resolve));
        wire.socket.write(`POST ${CALL_PATH} HTTP/1.1\r\nHost: localhost\r\nX-API-KEY: key-of-123\r\nContent-Type: ` +
            `application/json\r\nContent-Length: ${body.length}\r\nExpect: 100-continue\r\n\r\n`);
        await accepted;
        return { ...wire, body };
    }));
    service.server.child.kill('SIGTERM');
    await service.server.waitFor(/"closing"/);
    for (const { socket, body } of wires)
        socket.write(body);
    for (const { received } of wires) {
        t.match(lastBody(await received), { header: { error_id: 0 }, body: { total_failed: 0 } });
    }
    t.equal(await service.server.exitCode, 0);
    t.same(rowsOf(service.databasePath, 'SELECT count(*) AS answered FROM operations WHERE identifier LIKE \'under-way-%\''), [{ answered: 20n }]);
});
//# sourceMappingURL=server.test.js.map