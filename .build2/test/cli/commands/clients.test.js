import t from 'tap';
import { serveCommands } from '../../support/terminal.js';
t.test('a client is made, and its key works until it is rotated', async (t) => {
    const { cli, app } = await serveCommands(t);
    const [, key = ''] = /^X-API-KEY of client 789, not shown again: (\S{32})\n$/.exec((await cli(['client', 'create', '789', '--name', 'Third Bank'])).printed) ??
        [];
    const { api_key: rotated } = JSON.parse((await cli(['clients', 'rotate-key', '789', '--json'])).printed);
    const statusWith = async (apiKey) => (await app.inject({
        method: 'POST',
        url: '/ppws/api/v1/pws_update_balance',
        headers: { 'x-api-key': apiKey },
        payload: {}
    })).statusCode;
    t.same([await statusWith(key), await statusWith(rotated)], [401, 400]);
    t.match((await cli(['clients', 'amlyze-token', '789'])).printed, /^AMLYZE token of client 789, not shown again: \S{32}\n$/);
});
t.test('what is no client is refused', async (t) => {
    const { cli } = await serveCommands(t);
    t.strictSame(await cli(['client', 'create', 'abc', '--name', 'x']), {
        exitCode: 2,
        printed: '',
        complained: 'client must be a whole number from 1 to 2147483647, not abc\n'
    });
    t.match(await cli(['client', 'create', '9999999999', '--name', 'x']), {
        exitCode: 1,
        complained: /client_id must be from 1 to 2147483647/
    });
    t.match(await cli(['clients', 'create', '123', '--name', 'x']), {
        exitCode: 1,
        complained: 'There is a client 123 already\n'
    });
    t.match(await cli(['clients', 'rotate-key', '789']), { exitCode: 1, complained: 'There is no client 789\n' });
});
t.test('clients are listed without their keys, and a key is put out of use only when somebody says so', async (t) => {
    const { cli, read } = await serveCommands(t);
    t.match((await cli(['clients', 'list'])).printed, /^Client {2}Name .*\n {3}123 /);
    t.match((await cli(['clients', 'list', '--limit', '1'])).printed, /\nThere are more: --cursor/);
    t.equal((await cli(['clients', 'list', '--json'])).printed, `${(await read('/clients')).body}\n`);
    const keyOf = async () => (await read('/clients')).json().clients[0].api_key_created_at;
    t.match(await cli(['clients', 'revoke-key', '123']), { exitCode: 2, complained: /^There is nobody to ask/ });
    t.match(await cli(['clients', 'rotate-key', '123'], 'n\n'), { exitCode: 1, complained: /Nothing was changed\n$/ });
    t.ok(await keyOf());
    t.match(await cli(['clients', 'revoke-key', '123', '--yes']), {
        exitCode: 0, printed: 'The API key of client 123 is out of use\n'
    });
    t.equal(await keyOf(), null);
});
//# sourceMappingURL=clients.test.js.map