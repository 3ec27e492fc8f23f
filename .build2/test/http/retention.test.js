import { mock } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { fastify } from 'fastify';
import t from 'tap';
import { makeRetention, retention } from '../../src/http/retention.js';
import { everythingIn, rowsOf } from '../support/database.js';
import { makeService, NOW, SCENARIO, updateBody } from '../support/service.js';
const DAY_MS = 24 * 60 * 60 * 1000;
const ANSWERS = 'SELECT identifier FROM operations WHERE answer_body IS NOT NULL';
/** A service that removes nothing by itself, and what its retention would do once a day. */
async function makePruned(t, retentionDays) {
    let nowMs = NOW.getTime();
    const clock = () => new Date(nowMs);
    const service = await makeService(t, SCENARIO, { clock });
    let told = '';
    const tell = (_details, message) => { told = String(message); };
    const prune = makeRetention({ store: service.store, clock, retentionDays }, { info: tell, warn: tell, error: tell });
    return {
        ...service,
        pass: (days) => { nowMs += days * DAY_MS; },
        prune: async () => {
            await prune();
            return told;
        },
        answers: () => rowsOf(service.databasePath, ANSWERS)
    };
}
t.test('what becomes older than it is to be kept is removed, and balances stay', async (t) => {
    const { update, read, pass, prune, answers } = await makePruned(t, 30);
    await update(updateBody());
    await update(updateBody([{ act_balance: 7 }], { api_call_unique_identifier: '002' }));
    pass(30);
    t.equal(await prune(), 'removed everything older than RETENTION_DAYS');
    t.same(answers(), [{ identifier: '001' }, { identifier: '002' }], 'thirty days are not more than thirty');
    await update(updateBody([{ input_id: 1003, bill_ccy: '048' }], { api_call_unique_identifier: '003' }));
    pass(1);
    await prune();
    t.same(answers(), [{ identifier: '003' }]);
    t.match((await read('/accounts/1002')).json(), { actual_balance: '7.00' });
    t.equal((await read('/accounts/1002/history')).json().changes.length, 1);
});
t.test('it is done when the service starts, and once a day', async (t) => {
    mock.timers.enable({ apis: ['setInterval'] });
    t.teardown(() => { mock.timers.reset(); });
    let nowMs = NOW.getTime();
    const clock = () => new Date(nowMs);
    const { databasePath, update, store } = await makeService(t, SCENARIO, { clock });
    await update(updateBody());
    nowMs += 31 * DAY_MS;
    const app = fastify();
    t.teardown(async () => { await app.close(); });
    await app.register(retention, { store, clock, retentionDays: 30 });
    await app.ready();
    t.same(rowsOf(databasePath, ANSWERS), [], 'a service that was away makes up for it when it starts');
    await update(updateBody([{}], { api_call_unique_identifier: '002' }));
    nowMs += 31 * DAY_MS;
    mock.timers.tick(DAY_MS);
    while (rowsOf(databasePath, ANSWERS).length > 0)
        await setImmediate();
    t.pass('it ends only when the answer is gone');
});
t.test('everything is kept where nothing else is said', async (t) => {
    const { databasePath, update } = await makeService(t);
    await update(updateBody());
    const before = everythingIn(databasePath);
    const later = await makeService(t, SCENARIO, { databasePath, clock: () => new Date(NOW.getTime() + 80 * DAY_MS) });
    await later.app.ready();
    t.same(everythingIn(databasePath), before);
});
t.test('what could not be removed is removed the next day', async (t) => {
    const { update, databasePath, pass, prune, answers } = await makePruned(t, 1);
    await update(updateBody());
    pass(2);
    const refusal = new Database(databasePath);
    refusal.exec('CREATE TRIGGER refusal BEFORE DELETE ON balance_changes BEGIN SELECT raise(ABORT, \'refused\'); END');
    t.equal(await prune(), 'could not remove everything older than RETENTION_DAYS');
    t.same(answers(), [{ identifier: '001' }]);
    refusal.exec('DROP TRIGGER refusal');
    refusal.close();
    await prune();
    t.same(answers(), []);
});
t.test('a clock that is a year ahead removes nothing, also after updates of that time', async (t) => {
    const { update, pass, prune, answers } = await makePruned(t, 30);
    await update(updateBody());
    pass(90);
    t.match(await prune(), /^removed everything/, 'ninety days may be a rest');
    await update(updateBody([{}], { api_call_unique_identifier: '002' }));
    pass(365);
    t.match(await prune(), /^nothing is removed while this service runs: its clock/);
    await update(updateBody([{}], { api_call_unique_identifier: '003' }));
    pass(1);
    t.match(await prune(), /^nothing is removed/);
    t.same(answers(), [{ identifier: '002' }, { identifier: '003' }]);
});
t.test('a database without operations has nothing to lose by a wrong clock', async (t) => {
    const { store } = await makeService(t, { clients: [] });
    const told = [];
    const tell = (_details, message) => { told.push(message); };
    await makeRetention({ store, clock: () => NOW, retentionDays: 30 }, { info: tell, warn: tell, error: tell })();
    t.same(told, ['removed everything older than RETENTION_DAYS']);
});
//# sourceMappingURL=retention.test.js.map