import { mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { occupy } from '../../../src/store/sqlite/occupancy.js';
import { openSqliteStore } from '../../../src/store/sqlite/store.js';
import { makeFolder } from '../../support/folder.js';
import { NOW } from '../../support/service.js';
function makePath(t) {
    return join(makeFolder(t), 'data.sqlite');
}
/** Takes a place until the test ends: one that nothing refers to goes with the garbage. */
function take(t, path) {
    const occupancy = occupy(path);
    t.teardown(() => { occupancy.release(); });
    return occupancy;
}
t.test('those who use one database know of each other, and of nobody who is gone', async (t) => {
    const path = makePath(t);
    const first = take(t, path);
    t.equal(first.countOthers(), 0);
    const second = take(t, path);
    const third = take(t, path);
    t.same([first, second, third].map(({ countOthers }) => countOthers()), [2, 2, 2]);
    second.release();
    t.same([first, third].map(({ countOthers }) => countOthers()), [1, 1]);
    t.equal(take(t, path).countOthers(), 2, 'a place that is free again is taken');
    t.equal(take(t, `${path}-other`).countOthers(), 0);
});
t.test('a place does not depend on the database file, nor on the name by which it is known', async (t) => {
    const path = makePath(t);
    writeFileSync(path, '');
    const first = take(t, path);
    symlinkSync(path, `${path}-link`);
    t.equal(take(t, `${path}-link`).countOthers(), 1);
    rmSync(path);
    t.equal(take(t, path).countOthers(), 2);
    t.equal(first.countOthers(), 2);
});
t.test('a place is a file for its user only', async (t) => {
    const folder = makeFolder(t);
    take(t, join(folder, 'data.sqlite'));
    t.equal(statSync(join(folder, '.data.sqlite.lock-1')).mode & 0o777, 0o600);
});
t.test('more processes than there are places are refused', async (t) => {
    const path = makePath(t);
    for (let place = 1; place <= 8; place += 1)
        take(t, path);
    t.throws(() => occupy(path), {
        name: 'DatabaseError',
        message: `${path} is in use by 8 processes, and no more can use it. End one of them`
    });
});
t.test('a place that cannot be locked is named, and counts as taken', async (t) => {
    const folder = makeFolder(t);
    const path = join(folder, 'data.sqlite');
    mkdirSync(join(folder, '.data.sqlite.lock-2'));
    t.equal(take(t, path).countOthers(), 1);
    t.throws(() => occupy(path), {
        name: 'DatabaseError',
        message: /\.data\.sqlite\.lock-2 cannot be locked \(.*Let the user who runs/
    });
});
t.test('a store without a place is not opened, and lets go of its file', async (t) => {
    const folder = makeFolder(t);
    const path = join(folder, 'data.sqlite');
    mkdirSync(join(folder, '.data.sqlite.lock-1'));
    t.throws(() => openSqliteStore({ path, pivotCurrency: '840', clock: () => NOW }), {
        name: 'DatabaseError',
        message: /lock-1 cannot be locked/
    });
    t.same(readdirSync(folder), ['.data.sqlite.lock-1', 'data.sqlite'], 'the log went with the last connection');
});
//# sourceMappingURL=occupancy.test.js.map