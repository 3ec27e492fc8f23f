import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';
import { adminTokenFile, keepAdminToken, readAdminToken, removeAdminToken } from '../src/admin-token-file.js';
import { makeFolder } from './support/folder.js';
const KEPT = { token: 'secret', pid: 12, addresses: ['127.0.0.1'] };
function makeFile(t) {
    return adminTokenFile(join(makeFolder(t), 'state'), 3000);
}
t.test('a token is kept so that only the user can read it', async (t) => {
    const file = makeFile(t);
    keepAdminToken(file, KEPT);
    t.same(readAdminToken(file), KEPT);
    t.equal(statSync(file).mode & 0o777, 0o600);
    t.equal(statSync(dirname(file)).mode & 0o777, 0o700);
});
t.test('a file that is left over is replaced, and its mode with it', async (t) => {
    const file = adminTokenFile(makeFolder(t), 3000);
    writeFileSync(file, 'of a service that was killed');
    chmodSync(file, 0o666);
    keepAdminToken(file, KEPT);
    t.same(JSON.parse(readFileSync(file, 'utf8')), KEPT);
    t.equal(statSync(file).mode & 0o777, 0o600);
});
t.test('a service removes its own token and no other, and never stumbles', async (t) => {
    const file = makeFile(t);
    keepAdminToken(file, KEPT);
    removeAdminToken(file, 'other');
    t.ok(existsSync(file));
    removeAdminToken(file, 'secret');
    t.notOk(existsSync(file));
    removeAdminToken(file, 'secret');
    t.equal(readAdminToken(file), undefined);
    keepAdminToken(file, KEPT);
    chmodSync(file, 0o644);
    removeAdminToken(file, 'secret');
    t.ok(existsSync(file));
});
t.test('a file that is only half written is none yet', async (t) => {
    const file = makeFile(t);
    keepAdminToken(file, KEPT);
    writeFileSync(file, '{"token":"sec');
    t.equal(readAdminToken(file), undefined);
});
for (const [what, message, make] of [
    ['a symbolic link', /must not be a symbolic link/, (file) => {
            keepAdminToken(`${file}-elsewhere`, KEPT);
            symlinkSync(`${file}-elsewhere`, file);
        }],
    ['a folder', /must be a plain file/, (file) => { mkdirSync(file, { mode: 0o700 }); }],
    ['a pipe', /must be a plain file/, (file) => { execFileSync('mkfifo', ['-m', '600', file]); }],
    ['readable by others', /must be a plain file of this user that nobody else can read/, (file) => {
            keepAdminToken(file, KEPT);
            chmodSync(file, 0o640);
        }],
    ['in a folder that others can write', /must be a folder of this user that nobody else can write/, (file) => {
            keepAdminToken(file, KEPT);
            chmodSync(dirname(file), 0o770);
        }]
]) {
    t.test(`a token file that is ${what} is not used`, async (t) => {
        const file = makeFile(t);
        mkdirSync(dirname(file), { mode: 0o700 });
        make(file);
        t.throws(() => readAdminToken(file), { name: 'UnsafeTokenFileError', message });
    });
}
t.test('no token is kept in a folder that others can write', async (t) => {
    const file = makeFile(t);
    mkdirSync(dirname(file));
    chmodSync(dirname(file), 0o777);
    t.throws(() => keepAdminToken(file, KEPT), { name: 'UnsafeTokenFileError' });
});
t.test('files of another user are not used', async (t) => {
    const file = makeFile(t);
    keepAdminToken(file, KEPT);
    const { getuid } = process;
    t.teardown(() => { Object.assign(process, { getuid }); });
    Object.assign(process, { getuid: () => statSync(file).uid + 1 });
    t.throws(() => readAdminToken(file), { name: 'UnsafeTokenFileError' });
    Object.assign(process, { getuid: undefined });
    t.same(readAdminToken(file), KEPT, 'where users have no numbers, every file counts as one of this user');
});
//# sourceMappingURL=admin-token-file.test.js.map