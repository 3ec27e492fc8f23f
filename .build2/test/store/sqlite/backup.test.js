import { chmodSync, copyFileSync, existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import t from 'tap';
import { backupDatabase, restoreDatabase } from '../../../src/store/sqlite/backup.js';
import { readMigrations } from '../../../src/store/sqlite/migrate.js';
import { verifyDatabase } from '../../../src/store/sqlite/verify.js';
import { everythingIn } from '../../support/database.js';
import { makeFolder } from '../../support/folder.js';
import { makeRichDatabase, tamper } from '../../support/history.js';
import { makeService, NOW, updateBody } from '../../support/service.js';
const ASIDE = 'replaced-2026-01-31T08-15-30.123Z';
/** A database with a backup beside it; the database was written to since. */
async function makeBackup(t) {
    const path = await makeRichDatabase(t);
    const backup = join(dirname(path), 'backup.sqlite');
    backupDatabase(path, backup);
    const before = everythingIn(path);
    tamper(path, 'UPDATE clients SET name = \'since\'');
    return { path, backup, before };
}
t.test('a backup is made while the service runs, and is the database as of one moment', async (t) => {
    const { databasePath, update, read } = await makeService(t);
    await update(updateBody());
    const backup = join(dirname(databasePath), 'backup.sqlite');
    backupDatabase(databasePath, backup);
    t.same(everythingIn(backup), everythingIn(databasePath));
    t.same([...verifyDatabase(backup)], []);
    await update(updateBody([{ act_balance: 1 }], { api_call_unique_identifier: '2' }));
    t.match((await read('/accounts/1002')).json(), { actual_balance: '1.00' }, 'the service goes on');
    t.same(readdirSync(dirname(backup)).filter((file) => file.startsWith('backup')), ['backup.sqlite'], 'nothing else is left behind');
});
t.test('a backup never takes the place of another file', async (t) => {
    const { path, backup } = await makeBackup(t);
    const bytes = readFileSync(backup);
    t.throws(() => backupDatabase(path, backup), {
        name: 'DatabaseError',
        message: `${backup} is there already. Give the backup another name`
    });
    t.same(readFileSync(backup), bytes);
});
t.test('what is damaged or not ours is not backed up', async (t) => {
    const { path } = await makeBackup(t);
    const copy = join(dirname(path), 'copy.sqlite');
    t.throws(() => backupDatabase(join(dirname(path), 'none.sqlite'), copy), {
        name: 'DatabaseError',
        message: /none\.sqlite cannot be opened/
    });
    const foreign = new Database(join(dirname(path), 'foreign.sqlite'));
    foreign.exec('CREATE TABLE theirs (x)');
    foreign.close();
    t.throws(() => backupDatabase(join(dirname(path), 'foreign.sqlite'), copy), {
        message: /database of another program/
    });
    truncateSync(path, 20_000);
    t.throws(() => backupDatabase(path, copy), { name: 'DatabaseError', message: /is damaged, and cannot be backed up/ });
    t.notOk(existsSync(copy));
});
t.test('a copy with a value that breaks a constraint is not kept', async (t) => {
    const { path } = await makeBackup(t);
    const copy = join(dirname(path), 'copy.sqlite');
    tamper(path, 'PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, \'name TEXT\', \'name INTEGER\') WHERE ' +
        'name = \'clients\'');
    t.throws(() => backupDatabase(path, copy), {
        name: 'DatabaseError',
        message: /the copy of .* is not sound: the file is damaged: .*clients\.name/
    });
    t.notOk(existsSync(copy));
});
t.test('a restored backup is the database as it was, and the old one is kept', async (t) => {
    const { path, backup, before } = await makeBackup(t);
    const aside = restoreDatabase(backup, path, NOW);
    t.equal(aside, `${path}.${ASIDE}`);
    t.same(everythingIn(path), before);
    t.match(new Database(String(aside), { readonly: true }).prepare('SELECT name FROM clients').pluck().get(), 'since');
    const { update } = await makeService(t, undefined, { databasePath: path });
    t.match((await update(updateBody([{}, { input_id: 5 }, { input_id: 1004 }]))).headers, { 'idempotent-replayed': 'true' }, 'identifiers are known as before');
});
t.test('a backup is restored where there is no database any more, but what one has left', async (t) => {
    const { path, backup, before } = await makeBackup(t);
    const other = join(dirname(path), 'other.sqlite');
    const { databasePath, update } = await makeService(t);
    await update(updateBody());
    copyFileSync(`${databasePath}-wal`, `${other}-wal`);
    t.equal(restoreDatabase(backup, other, NOW), undefined);
    t.same(everythingIn(other), before);
});
t.test('a database that a service uses, or has not closed, is not taken for a backup', async (t) => {
    const { path } = await makeBackup(t);
    const { databasePath, update } = await makeService(t);
    await update(updateBody());
    const now = everythingIn(path);
    t.throws(() => restoreDatabase(databasePath, path, NOW), {
        name: 'DatabaseError',
        message: `${databasePath} is no backup, because a part of it is still in ${databasePath}-wal. Make one of it ` +
            'with "stip-sandbox backup", and restore that'
    });
    t.same(everythingIn(path), now);
});
t.test('a database that another program has open is not replaced', async (t) => {
    const { path, backup } = await makeBackup(t);
    const program = new Database(path);
    t.teardown(() => { program.close(); });
    program.prepare('SELECT count(*) FROM clients').get();
    const now = everythingIn(path);
    t.throws(() => restoreDatabase(backup, path, NOW), {
        name: 'DatabaseError',
        message: /is in use \(database is locked\)\. Stop the service, and restore again/
    });
    t.same(everythingIn(path), now);
    t.notOk(readdirSync(dirname(path)).some((file) => /restoring|replaced/.test(file)));
});
for (const [what, damage] of [
    [
        'whose balances are not its history\'s',
        (file) => { tamper(file, 'UPDATE balances SET actual = 1 WHERE account_id = 1002'); }
    ],
    ['with a fault anywhere', (file) => { tamper(file, 'UPDATE tokens SET account_id = 6 WHERE token = 777'); }],
    ['that is cut off', (file) => { truncateSync(file, 20_000); }],
    ['that is no database', (file) => { writeFileSync(file, 'no database'.repeat(1000)); }],
    ['of a newer version', (file) => { tamper(file, 'PRAGMA user_version = 9999'); }]
]) {
    t.test(`a backup ${what} does not take the database's place`, async (t) => {
        const { path, backup } = await makeBackup(t);
        damage(backup);
        const now = everythingIn(path);
        t.throws(() => restoreDatabase(backup, path, NOW));
        t.same(everythingIn(path), now);
        t.notOk(readdirSync(dirname(path)).some((file) => /restoring|replaced/.test(file)));
    });
}
t.test('a fault of the backup is named', async (t) => {
    const { path, backup } = await makeBackup(t);
    tamper(backup, 'UPDATE tokens SET account_id = 6 WHERE token = 777');
    t.throws(() => restoreDatabase(backup, path, NOW), {
        name: 'DatabaseError',
        message: `${backup} is not put in place, because it is not sound: tokens: row 777 refers to a row of accounts ` +
            'that is not there'
    });
});
t.test('a damaged database is replaced, and nothing that it has left reaches the new one', async (t) => {
    const { path, backup, before } = await makeBackup(t);
    writeFileSync(path, 'no database'.repeat(1000));
    writeFileSync(`${path}-wal`, 'what is left of a crash');
    t.equal(restoreDatabase(backup, path, NOW), `${path}.${ASIDE}`);
    t.same(everythingIn(path), before);
    t.same([...verifyDatabase(path)], []);
});
t.test('a backup of an older version is migrated before it is verified', async (t) => {
    const folder = makeFolder(t);
    const [first] = readMigrations();
    const old = new Database(join(folder, 'old.sqlite'));
    old.exec(`${first?.sql}; PRAGMA user_version = 1`);
    old.close();
    const path = join(folder, 'new.sqlite');
    restoreDatabase(join(folder, 'old.sqlite'), path, NOW);
    t.same([...verifyDatabase(path)], []);
});
t.test('a backup and a restored database are for their user only, and a mode that was chosen stays', async (t) => {
    const { path, backup } = await makeBackup(t);
    const modeOf = (file) => statSync(file).mode & 0o777;
    t.equal(modeOf(backup), 0o600);
    chmodSync(backup, 0o644);
    const other = join(dirname(path), 'new', 'other.sqlite');
    restoreDatabase(backup, other, NOW);
    t.same([other, dirname(other)].map(modeOf), [0o600, 0o700]);
    chmodSync(path, 0o640);
    restoreDatabase(backup, path, NOW);
    t.equal(modeOf(path), 0o640);
});
t.test('a service keeps its database from being restored, whatever lies at the path', async (t) => {
    const { backup } = await makeBackup(t);
    const { databasePath } = await makeService(t);
    for (const atPath of ['its database', 'nothing', 'another database']) {
        if (atPath === 'nothing')
            for (const ending of ['', '-wal', '-shm'])
                rmSync(databasePath + ending);
        if (atPath === 'another database')
            copyFileSync(backup, databasePath);
        t.throws(() => restoreDatabase(backup, databasePath, NOW), {
            name: 'DatabaseError',
            message: `${databasePath} is in use by a service, even if it is not there any more. Stop the service, and ` +
                'restore again'
        }, atPath);
    }
});
//# sourceMappingURL=backup.test.js.map