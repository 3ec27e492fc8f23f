import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import t from 'tap';
import { pause, run, sql } from '../../../src/store/sql.js';
import { LOG_PAGES } from '../../../src/store/sqlite/database.js';
import { checkpoint, transactAtLength } from '../../../src/store/sqlite/long-change.js';
import { rowsOf } from '../../support/database.js';
import { makeFolder } from '../../support/folder.js';
/** Writes so many rows, with a pause behind each. @returns how many it wrote */
function* writeRows(count) {
    let written = 0;
    for (let row = 0; row < count; row += 1) {
        written += yield* run(sql `INSERT INTO rows VALUES (${BigInt(row)})`);
        yield* pause();
    }
    return written;
}
function makeDatabase(t) {
    const path = join(makeFolder(t), 'test.sqlite');
    const database = new Database(path, { timeout: 0 });
    database.pragma('journal_mode = WAL');
    database.exec('CREATE TABLE sequences (name TEXT PRIMARY KEY, last_number INTEGER); CREATE TABLE rows (row INTEGER ' +
        'PRIMARY KEY)');
    t.teardown(() => { database.close(); });
    const count = database.prepare('SELECT count(*) FROM rows').pluck();
    return { path, database, countRows: () => count.get() };
}
t.test('others read what was before it until all of it is committed', async (t) => {
    const { database, countRows } = makeDatabase(t);
    const writing = transactAtLength(database, writeRows(20), 'COMMIT');
    for (let turn = 0; turn < 5; turn += 1) {
        t.equal(countRows(), 0);
        await new Promise(setImmediate);
    }
    t.equal(await writing, 20);
    t.equal(countRows(), 20);
});
/** Writes 8 MB into a table that is there. */
function* writeTexts() {
    for (let row = 0; row < 80; row += 1) {
        yield* run(sql `INSERT INTO texts VALUES (${'x'.repeat(100_000)})`);
        yield* pause();
    }
}
t.test('much that was written is in the database file itself, when it is done', async (t) => {
    const { path, database } = makeDatabase(t);
    database.exec('CREATE TABLE texts (text TEXT)');
    await transactAtLength(database, writeTexts(), 'COMMIT');
    const copy = `${path}.copy`;
    copyFileSync(path, copy);
    t.same(rowsOf(copy, 'SELECT count(*) AS texts FROM texts'), [{ texts: 80n }]);
});
t.test('those that write behind it leave the log to its thread, and care for it again afterwards', async (t) => {
    const { database } = makeDatabase(t);
    database.exec('CREATE TABLE texts (text TEXT)');
    const progress = { isDone: false };
    const writing = transactAtLength(database, writeTexts(), 'COMMIT').then(() => { progress.isDone = true; });
    const seen = new Set();
    while (!progress.isDone) {
        seen.add(database.pragma('wal_autocheckpoint', { simple: true }));
        await new Promise(setImmediate);
    }
    await writing;
    t.ok(seen.has(0));
    t.equal(database.pragma('wal_autocheckpoint', { simple: true }), LOG_PAGES);
});
t.test('one that was begun before the service stops is written to its end', async (t) => {
    const { path, database } = makeDatabase(t);
    const writing = transactAtLength(database, writeRows(3), 'COMMIT');
    database.close();
    t.equal(await writing, 3);
    t.same(rowsOf(path, 'SELECT count(*) AS rows FROM rows'), [{ rows: 3n }]);
});
t.test('a checkpoint that cannot be made hurts nobody', async (t) => {
    t.equal(await checkpoint(join(makeFolder(t), 'none.sqlite')), undefined);
});
t.test('a rehearsal tells the same and leaves nothing', async (t) => {
    const { database, countRows } = makeDatabase(t);
    t.equal(await transactAtLength(database, writeRows(3), 'ROLLBACK'), 3);
    t.equal(countRows(), 0);
});
t.test('a fault in its middle takes all of it back, and the lock is free again', async (t) => {
    const { database, countRows } = makeDatabase(t);
    database.exec('INSERT INTO rows VALUES (2)');
    await t.rejects(transactAtLength(database, writeRows(5), 'COMMIT'), { code: 'SQLITE_CONSTRAINT_PRIMARYKEY' });
    t.equal(countRows(), 1);
    t.equal(database.prepare('INSERT INTO rows VALUES (9)').run().changes, 1);
});
t.test('while another connection holds the lock nothing is begun', async (t) => {
    const { database } = makeDatabase(t);
    database.exec('BEGIN IMMEDIATE');
    function* untouched() {
        t.fail('it was begun');
        yield* pause();
    }
    await t.rejects(transactAtLength(database, untouched(), 'COMMIT'), { code: 'SQLITE_BUSY' });
});
//# sourceMappingURL=long-change.test.js.map