import { copyFileSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import t from 'tap';
import { openDatabase } from '../../../src/store/sqlite/database.js';
import { rememberFiles } from '../../../src/store/sqlite/file-identity.js';
import { makeFolder } from '../../support/folder.js';
function open(t, path = join(makeFolder(t), 'made', 'data.sqlite')) {
    const database = openDatabase(path);
    t.teardown(() => { database.close(); });
    return { path, database };
}
function replace(path) {
    copyFileSync(path, `${path}.copy`);
    renameSync(`${path}.copy`, path);
}
t.test('a database that is written to and checkpointed stays the same', async (t) => {
    const { path, database } = open(t);
    const assertSame = rememberFiles(database);
    assertSame();
    database.exec('CREATE TABLE more (x)');
    database.pragma('wal_checkpoint(TRUNCATE)');
    database.exec('VACUUM');
    assertSame();
    const second = openDatabase(path);
    second.exec('INSERT INTO more VALUES (1)');
    second.close();
    assertSame();
});
for (const ending of ['', '-wal', '-shm']) {
    const name = `data.sqlite${ending}`;
    t.test(`${name} that is removed is named`, async (t) => {
        const { path, database } = open(t);
        const assertSame = rememberFiles(database);
        rmSync(`${path}${ending}`);
        t.throws(assertSame, {
            name: 'StoreUnavailableError',
            message: /data\.sqlite\S* was removed or moved while the service uses it\. Stop the service/
        });
    });
    t.test(`${name} in whose place another file is put is named, until the right one is back`, async (t) => {
        const { path, database } = open(t);
        const file = `${path}${ending}`;
        const assertSame = rememberFiles(database);
        renameSync(file, `${file}.away`);
        copyFileSync(`${file}.away`, file);
        t.throws(assertSame, { name: 'StoreUnavailableError', message: /data\.sqlite\S* was replaced by another file/ });
        renameSync(`${file}.away`, file);
        assertSame();
    });
}
t.test('a log that comes only later is remembered then, and goes with the database when that is closed', async (t) => {
    const path = join(makeFolder(t), 'data.sqlite');
    openDatabase(path).close();
    const database = new Database(path);
    const assertSame = rememberFiles(database);
    database.exec('CREATE TABLE more (x)');
    assertSame();
    replace(`${path}-wal`);
    t.throws(assertSame, /-wal was replaced/);
    database.close();
    rmSync(`${path}-wal`, { force: true });
    assertSame();
});
t.test('a link that leads to another file is named', async (t) => {
    const { path } = open(t);
    const link = `${path}-link`;
    symlinkSync(path, link);
    const { database } = open(t, link);
    const assertSame = rememberFiles(database);
    assertSame();
    copyFileSync(path, `${path}-other`);
    unlinkSync(link);
    symlinkSync(`${path}-other`, link);
    t.throws(assertSame, /-link was replaced/);
});
t.test('what the store makes is for its user only', async (t) => {
    const { path } = open(t);
    const folder = dirname(path);
    t.equal(statSync(folder).mode & 0o777, 0o700);
    for (const name of readdirSync(folder))
        t.equal(statSync(join(folder, name)).mode & 0o777, 0o600, name);
    t.equal(readdirSync(folder).length, 3);
});
//# sourceMappingURL=file-identity.test.js.map