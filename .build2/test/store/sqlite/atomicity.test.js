import { join } from 'node:path';
import Database from 'better-sqlite3';
import t from 'tap';
import { readScenario } from '../../../src/domain/scenario.js';
import { readHistory, readOperation } from '../../../src/store/operations/history-reading.js';
import { UNOBSERVED } from '../../../src/store/port/observer.js';
import { makeSqliteEngine } from '../../../src/store/sqlite/engine.js';
import { openSqliteStore } from '../../../src/store/sqlite/store.js';
import { everythingIn } from '../../support/database.js';
import { makeFolder } from '../../support/folder.js';
import { makeService, NOW, SCENARIO, updateBody } from '../../support/service.js';
/** A connection past the service, to look at its tables and to put a trigger in its way. */
function connect(t, path) {
    const database = new Database(path).defaultSafeIntegers(true);
    t.teardown(() => { database.close(); });
    return database;
}
const TWO_ACCOUNTS = updateBody([{}, { input_id: 1003, bill_ccy: '048' }]);
t.test('an update that breaks in its midst leaves nothing of itself, and can be sent again', async (t) => {
    const { update, databasePath } = await makeService(t);
    const database = connect(t, databasePath);
    database.exec('CREATE TRIGGER broken BEFORE UPDATE ON balances WHEN NEW.account_id = 1003 BEGIN SELECT ' +
        'RAISE(ABORT, \'broken\'); END');
    const before = everythingIn(databasePath);
    const response = await update(TWO_ACCOUNTS);
    t.equal(response.statusCode, 500);
    t.same(everythingIn(databasePath), before);
    database.exec('DROP TRIGGER broken');
    const again = await update(TWO_ACCOUNTS);
    t.match(again.json(), { header: { error_id: 0 }, body: { total_failed: 0 } });
    t.equal(again.headers['idempotent-replayed'], undefined);
    t.strictSame(database.prepare('SELECT actual FROM balances WHERE account_id IN (1002, 1003) ORDER BY account_id').pluck().all(), [20000n, 200000n]);
});
t.test('a scenario that breaks in its midst leaves nothing of itself, and can be loaded again', async (t) => {
    const databasePath = join(makeFolder(t), 'test.sqlite');
    const store = openSqliteStore({ path: databasePath, pivotCurrency: '840', clock: () => NOW });
    t.teardown(async () => { await store.close(); });
    const database = connect(t, databasePath);
    database.exec('CREATE TRIGGER broken BEFORE INSERT ON rates BEGIN SELECT RAISE(ABORT, \'broken\'); END');
    const before = everythingIn(databasePath);
    await t.rejects(store.loadScenario(readScenario(SCENARIO), false), { message: 'broken' });
    t.same(everythingIn(databasePath), before);
    database.exec('DROP TRIGGER broken');
    t.same(await store.loadScenario(readScenario(SCENARIO), false), { kind: 'loaded' });
});
t.test('a request that is refused writes nothing', async (t) => {
    const { update, databasePath } = await makeService(t);
    const before = everythingIn(databasePath);
    const refused = [
        [400, updateBody([{ bill_ccy: 'USD' }]), {}],
        [401, updateBody(), { 'x-api-key': 'unknown' }],
        [403, updateBody(), { 'x-api-key': 'key-of-456' }],
        [413, updateBody([{}], { unknown: 'x'.repeat(65536) }), {}],
        [415, updateBody(), { 'content-type': 'text/plain' }],
        [422, updateBody([{}, { input_id: 5 }]), { prefer: 'handling=strict' }]
    ];
    for (const [status, body, headers] of refused)
        t.equal((await update(body, headers)).statusCode, status);
    t.same(everythingIn(databasePath), before);
});
t.test('no reading of history goes through that of everybody', async (t) => {
    const { update, databasePath } = await makeService(t);
    await update(updateBody());
    const statements = [];
    const database = new Database(databasePath, { verbose: (sql) => { statements.push(String(sql)); } }).defaultSafeIntegers(true);
    const engine = makeSqliteEngine(database, { pivotCurrency: '840', clock: () => NOW, observer: UNOBSERVED });
    t.teardown(() => { engine.close(); });
    t.match(await engine.read(readHistory, 1002n, { from: undefined, limit: 10 }), { items: { length: 2 } });
    t.match(await engine.read(readOperation, 123, '001'), { changes: { length: 1 } });
    const reading = statements.filter((sql) => /^(SELECT|WITH)/.test(sql));
    const plans = reading.flatMap((sql) => database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all().map(({ detail }) => detail));
    t.ok(plans.some((detail) => detail.startsWith('SEARCH change USING INTEGER PRIMARY KEY')), plans.join('\n'));
    t.notOk(plans.some((detail) => /^SCAN (accounts|balances|balance_changes|change|deleted_accounts|operations)/.test(detail)), plans.join('\n'));
});
//# sourceMappingURL=atomicity.test.js.map