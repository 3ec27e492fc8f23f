import { spawnSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { adminTokenFile, keepAdminToken, stateFolderOf } from '../../src/admin-token-file.js';
import { connectionOf, isTokenExposed } from '../../src/cli/connection.js';
import { makeFolder } from '../support/folder.js';
t.test('without anything the default address is meant', async (t) => {
    t.equal(connectionOf({}, { XDG_STATE_HOME: makeFolder(t), STIP_SANDBOX_URL: '' }).url.href, 'http://127.0.0.1:3000/');
});
t.test('an option wins over the environment', async (t) => {
    const environment = { STIP_SANDBOX_URL: 'https://b.example/stip', ADMIN_TOKEN: 'of-environment' };
    t.match(connectionOf({}, environment), { url: { href: 'https://b.example/stip' }, token: 'of-environment' });
    t.match(connectionOf({ url: 'http://a.example', token: 'of-option' }, environment), {
        url: { href: 'http://a.example/' },
        token: 'of-option'
    });
});
t.test('a token that was made up is found for a service on this machine and for no other', async (t) => {
    const environment = { XDG_STATE_HOME: makeFolder(t) };
    for (const [port, ...addresses] of [
        [80, '127.1.2.3'],
        [443, '127.0.0.1'],
        [3000, '127.0.0.1', '::1'],
        [4000, '::1']
    ]) {
        keepAdminToken(adminTokenFile(stateFolderOf(environment), port), {
            token: `of-${port}`,
            pid: process.pid,
            addresses
        });
    }
    const found = (url) => {
        const connection = connectionOf({ url }, environment);
        return [connection.url.origin, connection.token];
    };
    for (const [url, origin, token] of [
        [
            'http://127.0.0.1:3000', 'http://127.0.0.1:3000', 'of-3000'
        ], ['http://[::1]:3000', 'http://[::1]:3000', 'of-3000'],
        [
            'http://localhost:3000', 'http://127.0.0.1:3000', 'of-3000'
        ], ['http://localhost:4000', 'http://[::1]:4000', 'of-4000'],
        ['http://127.1.2.3', 'http://127.1.2.3', 'of-80'], ['https://localhost', 'https://localhost', 'of-443'],
        ['http://127.0.0.1:4000', 'http://127.0.0.1:4000', undefined], [
            'http://127.0.0.1.example:3000', 'http://127.0.0.1.example:3000', undefined
        ],
        ['http://10.0.0.1:3000', 'http://10.0.0.1:3000', undefined], [
            'http://127.0.0.1:3001', 'http://127.0.0.1:3001', undefined
        ]
    ])
        t.same(found(url), [origin, token], url);
    t.equal(connectionOf({}, { ...environment, ADMIN_TOKEN: 'given' }).token, 'given');
});
for (const url of ['127.0.0.1:3000', 'localhost', 'ftp://localhost', 'http://']) {
    t.test(`${url} is refused as an address`, async (t) => {
        t.throws(() => connectionOf({ url }, {}), {
            exitCode: 2,
            message: `${url} is no address of a service: it must be such as http://127.0.0.1:3000`
        });
    });
}
t.test('a token is not sent when the service that made it is gone, because another program may have its port', async (t) => {
    const environment = { XDG_STATE_HOME: makeFolder(t) };
    const { pid } = spawnSync(process.execPath, ['--version']);
    keepAdminToken(adminTokenFile(stateFolderOf(environment), 3000), { token: 'x', pid, addresses: ['127.0.0.1'] });
    t.throws(() => connectionOf({}, environment), {
        exitCode: 3,
        message: new RegExp(`^The service on port 3000 \\(process ${pid}\\) has died, and another program may have its ` +
            'port\\.')
    });
});
t.test('a token file that is not safe ends the command before anything is sent', async (t) => {
    const environment = { XDG_STATE_HOME: makeFolder(t) };
    const file = adminTokenFile(stateFolderOf(environment), 3000);
    keepAdminToken(`${file}-secret`, { token: 'x', pid: process.pid, addresses: ['127.0.0.1'] });
    symlinkSync(`${file}-secret`, file);
    t.throws(() => connectionOf({}, environment), {
        exitCode: 2,
        message: `The admin token of the service is not used: ${file} must not be a symbolic link. Set ADMIN_TOKEN, or ` +
            'remove it'
    });
});
t.test('a token is read from a file, whose last line break is no part of it', async (t) => {
    const tokenFile = join(makeFolder(t), 'token');
    writeFileSync(tokenFile, 'secret\n');
    t.equal(connectionOf({ tokenFile }, { ADMIN_TOKEN: 'other' }).token, 'secret');
    t.throws(() => connectionOf({ tokenFile: `${tokenFile}-none` }, {}), {
        exitCode: 2,
        message: /^The file .*-none cannot be read: ENOENT/
    });
});
t.test('a token is exposed over plain HTTP to another machine', async (t) => {
    const isExposed = (url, token) => isTokenExposed({ url: new URL(url), token });
    t.same(['http://sandbox.example', 'http://10.0.0.1:3000'].map((url) => isExposed(url, 'x')), [true, true]);
    t.same(['https://sandbox.example', 'http://127.0.0.1:3000', 'http://localhost', 'http://[::1]'].map((url) => isExposed(url, 'x')), [false, false, false, false]);
    t.equal(isExposed('http://sandbox.example'), false);
});
for (const token of ['', 'secret\n', 'two words', 'schlüssel']) {
    t.test(`${JSON.stringify(token)} is refused as a token, before a header is made of it`, async (t) => {
        t.throws(() => connectionOf({ token }, {}), {
            exitCode: 2,
            message: /^The admin token must be 1 to 200 visible ASCII characters without spaces/
        });
    });
}
t.test('the folder is the one of the XDG base directories', async (t) => {
    t.equal(stateFolderOf({ XDG_STATE_HOME: '/x' }), '/x/stip-sandbox');
    const usual = join(homedir(), '.local', 'state', 'stip-sandbox');
    t.same([stateFolderOf({}), stateFolderOf({ XDG_STATE_HOME: '' }), stateFolderOf({ XDG_STATE_HOME: 'relative' })], [usual, usual, usual]);
});
//# sourceMappingURL=connection.test.js.map