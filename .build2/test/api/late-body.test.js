import { once } from 'node:events';
import t from 'tap';
import { ADMIN_TOKEN, makeService, updateBody } from '../support/service.js';
import { lastBody, openWire } from '../support/socket.js';
const REPORT = JSON.stringify({
    communicationNumber: 'COM1',
    requester: 'core',
    accountExtId: 'WALLET-1',
    balanceAt: '2024-05-26T16:49:50.237',
    value: 1
});
for (const { name, line, key, body, revoke, refusal } of [
    {
        name: 'Paymentology',
        line: 'POST /ppws/api/v1/pws_update_balance',
        key: 'X-API-KEY: key-of-123',
        body: JSON.stringify(updateBody()),
        revoke: '/sandbox/v1/clients/123/api-key',
        refusal: { header: { error_id: 90401 } }
    },
    {
        name: 'AMLYZE',
        line: 'PUT /amlyze-ws-rest/account-balance',
        key: 'Authorization: Bearer amlyze-token-of-123',
        body: REPORT,
        revoke: '/sandbox/v1/clients/123/amlyze-token',
        refusal: { error: { code: 'unauthorized' } }
    }
]) {
    for (const isRevoked of [false, true]) {
        t.test(`${name}: a request whose key is ${isRevoked ? '' : 'not '}revoked while its body arrives`, async (t) => {
            const { app, read } = await makeService(t);
            const address = await app.listen({ host: '127.0.0.1', port: 0 });
            const { socket, received } = await openWire(t, address);
            const head = `${line} HTTP/1.1\r\nHost: localhost\r\n${key}\r\nContent-Type: application/json\r\nConnection: ` +
                'close\r\n';
            socket.write(`${head}Expect: 100-continue\r\nContent-Length: ${body.length}\r\n\r\n`);
            await once(socket, 'data'); // The key was right.
            if (isRevoked) {
                const answer = await app.inject({
                    method: 'DELETE',
                    url: revoke,
                    headers: { authorization: `Bearer ${ADMIN_TOKEN}` }
                });
                t.ok(answer.statusCode < 300);
            }
            socket.write(body);
            const answer = await received;
            t.match(answer, isRevoked ? /HTTP\/1\.1 401 / : /HTTP\/1\.1 200 /);
            if (!isRevoked)
                return;
            t.match(lastBody(answer), refusal);
            t.match((await read('/accounts/1002')).json(), { actual_balance: '0.00' });
            t.match((await read('/accounts/9007199254740993/reported-balances')).json(), { reported_balances: [] });
        });
    }
}
//# sourceMappingURL=late-body.test.js.map