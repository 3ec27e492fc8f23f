import { copyFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { mock } from 'node:test';
import Database from 'better-sqlite3';
import t from 'tap';
import { openDatabase } from '../../../src/store/sqlite/database.js';
import { makeIdleCheckpoint } from '../../../src/store/sqlite/idle-checkpoint.js';
import { verifyDatabase } from '../../../src/store/sqlite/verify.js';
import { rowsOf } from '../../support/database.js';
import { makeFolder } from '../../support/folder.js';
import { makeService, updateBody } from '../../support/service.js';
t.beforeEach(() => { mock.timers.enable({ apis: ['setTimeout'] }); });
t.afterEach(() => { mock.timers.reset(); });
/** A database with an idle checkpoint, to which clients are written. */
function open(t) {
    const path = join(makeFolder(t), 'test.sqlite');
    const database = openDatabase(path);
    database.pragma('busy_timeout = 0'); // As the store has it.
    const idle = makeIdleCheckpoint(database);
    t.teardown(() => {
        idle.stop();
        database.close();
    });
    const insert = database.prepare('INSERT INTO clients VALUES (?, \'x\', 0)');
    return {
        path,
        database,
        idle,
        write: (clientId) => {
            insert.run(clientId);
            idle.wrote();
        },
        logBytes: () => statSync(`${path}-wal`).size,
        clientsInCopy: () => {
            const copy = join(makeFolder(t), 'copy.sqlite');
            copyFileSync(path, copy);
            return rowsOf(copy, 'SELECT client_id FROM clients').length;
        }
    };
}
t.test('a second after the last write, a plain copy of the file is whole', async (t) => {
    const { write, logBytes, clientsInCopy } = open(t);
    write(1);
    mock.timers.tick(900);
    write(2);
    mock.timers.tick(999);
    t.equal(clientsInCopy(), 0, 'not while it is written to');
    t.ok(logBytes() > 0);
    mock.timers.tick(1001);
    t.equal(clientsInCopy(), 2);
    t.equal(logBytes(), 0);
    write(3);
    mock.timers.tick(1000);
    t.equal(clientsInCopy(), 3, 'and again');
});
t.test('it waits for a process that reads what was before', async (t) => {
    const { path, write, logBytes, clientsInCopy } = open(t);
    const reader = new Database(path, { readonly: true });
    t.teardown(() => { reader.close(); });
    reader.exec('BEGIN; SELECT * FROM clients');
    reader.prepare('SELECT count(*) FROM clients').get();
    write(1);
    mock.timers.tick(1000);
    t.ok(logBytes() > 0);
    reader.exec('COMMIT');
    mock.timers.tick(1000);
    t.equal(logBytes(), 0);
    t.equal(clientsInCopy(), 1);
});
t.test('it waits for the end of a transaction, and for another process that has a lock', async (t) => {
    const { path, database, write, idle, logBytes } = open(t);
    write(1);
    database.exec('BEGIN');
    mock.timers.tick(1000);
    t.ok(logBytes() > 0);
    database.exec('COMMIT');
    const other = new Database(path);
    t.teardown(() => { other.close(); });
    other.exec('BEGIN IMMEDIATE; INSERT INTO clients VALUES (9, \'x\', 0)');
    mock.timers.tick(1000);
    t.ok(logBytes() > 0);
    other.exec('ROLLBACK');
    mock.timers.tick(1000);
    t.equal(logBytes(), 0);
    write(2);
    idle.stop();
    mock.timers.tick(10_000);
    t.ok(logBytes() > 0, 'nothing is done once it is stopped');
});
t.test('what keeps it from its work is tried again', async (t) => {
    const { database, write, logBytes } = open(t);
    write(1);
    const rows = database.prepare('SELECT * FROM sequences').iterate();
    rows.next();
    mock.timers.tick(1000);
    t.ok(logBytes() > 0, 'a statement is under way');
    rows.return?.();
    mock.timers.tick(1000);
    t.equal(logBytes(), 0);
});
t.test('the file of an idle service can be copied: after a scenario was loaded, and after updates', async (t) => {
    const { databasePath, update } = await makeService(t);
    const copy = join(makeFolder(t), 'copy.sqlite');
    const balances = (path) => rowsOf(path, 'SELECT account_id, actual, last_change_id FROM balances');
    for (const actual of [undefined, 1, 2]) {
        if (actual !== undefined) {
            await update(updateBody([{ act_balance: actual }], { api_call_unique_identifier: String(actual) }));
        }
        mock.timers.tick(2000);
        copyFileSync(databasePath, copy);
        t.same(balances(copy), balances(databasePath));
        t.same([...verifyDatabase(copy)], []);
    }
});
//# sourceMappingURL=idle-checkpoint.test.js.map