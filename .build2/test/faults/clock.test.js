import { join } from 'node:path';
import t from 'tap';
import { verifyDatabase } from '../../src/store/sqlite/verify.js';
import { makeFolder } from '../support/folder.js';
import { ADMIN_TOKEN, makeService, NOW, SCENARIO, updateBody } from '../support/service.js';
t.test('a clock that jumps back and forth changes times, and nothing else', async (t) => {
    const databasePath = join(makeFolder(t), 'test.sqlite');
    const jumps = [0, 3_600_000, -86_400_000, 1, -1, 31_536_000_000, -31_536_000_000];
    let call = 0;
    const clock = () => new Date(NOW.getTime() + (jumps[call++ % jumps.length] ?? 0));
    const { app, update: send, read } = await makeService(t, SCENARIO, { databasePath, clock });
    const update = async (number) => await send(updateBody([{ act_balance: number }], { api_call_unique_identifier: `jump-${number}` }));
    const answers = [];
    for (let number = 1; number <= 20; number += 1)
        answers.push((await update(number)).body);
    const account = await read('/accounts/1002');
    t.match(account.json(), { actual_balance: '20.00' }, 'the last update counts, not the latest time');
    const history = await read('/accounts/1002/history');
    t.same(history.json().changes.map(({ after }) => after.actual_balance), [
        ...Array.from({ length: 20 }, (_, index) => `${20 - index}.00`),
        '0.00'
    ], 'the history is in the order of what happened');
    for (let number = 1; number <= 20; number += 1) {
        const replay = await update(number);
        t.same([replay.body, replay.headers['idempotent-replayed']], [answers[number - 1], 'true']);
    }
    for (let number = 1; number <= 7; number += 1) {
        const file = await app.inject({
            method: 'POST',
            url: '/sandbox/v1/balance-files?client_id=123&file_name=daily.csv',
            headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'text/csv' },
            payload: `record_id,account_id,bill_ccy,act_balance,blk_balance,token\nrec-${number},1002,840,${number},0,\n`
        });
        t.ok(file.json().SUMMARY.Processing_Time_Secs >= 0, 'no time is negative');
        const report = await app.inject({
            method: 'POST',
            url: '/amlyze-ws-rest/batch-account-balances',
            headers: { authorization: 'Bearer amlyze-token-of-123' },
            payload: {
                accountBalances: [{
                        communicationNumber: `COM${number}`,
                        requester: 'core',
                        accountExtId: 'DOLLAR',
                        balanceAt: '2024-05-26T16:49:50.237',
                        value: number
                    }]
            }
        });
        t.match(report.json(), { results: [{ resultType: 'REQUEST_ACCEPTED' }] });
        t.ok(report.json().timeElapsedMs >= 0);
    }
    await app.close();
    t.same([...verifyDatabase(databasePath)], []);
});
//# sourceMappingURL=clock.test.js.map