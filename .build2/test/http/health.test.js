import { copyFileSync, renameSync, rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import t from 'tap';
import { ADMIN_TOKEN, makeService, updateBody } from '../support/service.js';
const DATABASE = {
    engine: 'SQLite',
    version: new Database(':memory:').prepare('SELECT sqlite_version()').pluck().get(),
    read_only: false,
    commits_wait_for_standby: false
};
t.test('the process is live and ready', async (t) => {
    const { app } = await makeService(t);
    for (const [path, answer] of [
        ['/health/live', { status: 'ok' }],
        ['/health/ready', { status: 'ok', other_processes: 0, database: DATABASE }]
    ]) {
        const response = await app.inject(path);
        t.equal(response.statusCode, 200);
        t.same(response.json(), answer);
    }
});
for (const [what, version] of [['of a newer version', 9999], ['that lacks a migration', 0]]) {
    t.test(`it is live but not ready on a database ${what}`, async (t) => {
        const { app, databasePath } = await makeService(t);
        const database = new Database(databasePath);
        database.pragma(`user_version = ${version}`);
        database.close();
        const response = await app.inject('/health/ready');
        t.equal(response.statusCode, 503);
        t.match(response.json(), { title: 'Service Unavailable', status: 503 });
        t.equal((await app.inject('/health/live')).statusCode, 200);
    });
}
for (const [what, change] of [
    ['was removed', (path) => { for (const ending of ['', '-wal', '-shm'])
            rmSync(path + ending); }],
    ['was moved away', (path) => { renameSync(path, `${path}.away`); }],
    ['has lost its log', (path) => { rmSync(`${path}-wal`); }],
    ['was replaced by another one', (path) => {
            copyFileSync(path, `${path}.copy`);
            renameSync(`${path}.copy`, path);
        }]
]) {
    t.test(`it is live but not ready on a database that ${what}, and promises nothing`, async (t) => {
        const { app, databasePath, update, read, call } = await makeService(t);
        change(databasePath);
        t.equal((await app.inject('/health/ready')).statusCode, 503);
        const refused = await update(updateBody());
        t.match([refused.statusCode, refused.headers['retry-after'], refused.json()], [
            503,
            '5',
            { header: { error_id: 90503 } }
        ]);
        t.equal((await call('PUT', '/accounts/1002/balances', {
            actual_balance: '1',
            blocked_balance: '0',
            currency: '840',
            reason: 'x'
        })).statusCode, 503);
        t.equal((await read('/accounts/1002')).statusCode, 503);
        t.equal((await app.inject('/health/live')).statusCode, 200);
        t.equal((await app.inject({ url: '/metrics', headers: { authorization: `Bearer ${ADMIN_TOKEN}` } })).statusCode, 200);
    });
}
//# sourceMappingURL=health.test.js.map