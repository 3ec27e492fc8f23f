import Database from 'better-sqlite3';
import t from 'tap';
import { NO_FILE, makeService, updateBody } from '../../support/service.js';
const body = (actual, identifier = '"same"') => `{"client_id":123,"api_call_unique_identifier":${identifier},"user_id":"","balance_list":[{"input_type":"a",` +
    `"input_id":1002,"act_balance":${actual},"blk_balance":50,"bill_ccy":"840"}]}`;
t.test('the same identifier with the same meaning is answered byte for byte as before, and nothing is written', { skip: NO_FILE }, async (t) => {
    const { update, read, databasePath } = await makeService(t);
    const first = await update(body('200'), { prefer: 'return=representation' });
    await update(body('300', '"between"'));
    const again = await update(body('2.00e2').replace('"user_id":"",', '"unknown":1,'));
    t.equal(first.headers['idempotent-replayed'], undefined);
    t.equal(again.headers['idempotent-replayed'], 'true');
    t.equal(again.headers['preference-applied'], 'return=representation', 'as the stored answer was made');
    t.equal(again.statusCode, 200);
    t.equal(again.body, first.body);
    t.match((await read('/accounts/1002')).json(), { actual_balance: '300.00' });
    const database = new Database(databasePath, { readonly: true });
    t.teardown(() => { database.close(); });
    t.equal(database.prepare('SELECT count(*) FROM operations WHERE source = \'paymentology\'').pluck().get(), 2);
});
t.test('the same identifier with another content is refused, and nothing is written', async (t) => {
    const { update, read } = await makeService(t);
    await update(body('200'));
    const other = await update(body('201'));
    t.equal(other.statusCode, 409);
    t.match(other.json(), { header: { error_id: 90409 }, body: {} });
    t.match((await read('/accounts/1002')).json(), { actual_balance: '200.00' });
});
t.test('two absurd amounts under one identifier are both refused, and never taken for each other', async (t) => {
    const { update } = await makeService(t);
    for (const amount of ['1e1000001', '1e1000002']) {
        const response = await update(body(amount));
        t.equal(response.statusCode, 400);
        t.same(response.json(), {
            header: { error_id: 90400, error_desc: 'the body holds a number whose exponent is beyond 1000' },
            body: {}
        });
    }
    t.match((await update(body('1e1000'))).json(), { body: { total_failed: 1 } });
    t.equal((await update(body('1e999'))).statusCode, 409);
});
t.test('an identifier belongs to its client', async (t) => {
    const { update } = await makeService(t);
    const first = await update(updateBody());
    const second = await update(updateBody([{ input_id: 2001, bill_ccy: '404' }], { client_id: 456 }), {
        'x-api-key': 'key-of-456'
    });
    t.match([first.json(), second.json()], [{ body: { total_failed: 0 } }, { body: { total_failed: 0 } }]);
    t.equal(second.headers['idempotent-replayed'], undefined);
});
t.test('an answer that is no success leaves nothing behind, so that the identifier can be sent again', async (t) => {
    const { update } = await makeService(t);
    t.equal((await update(body('"x"'))).statusCode, 400);
    t.equal((await update(body('1'), { 'x-api-key': 'unknown' })).statusCode, 401);
    const response = await update(body('200'));
    t.match(response.json(), { header: { error_id: 0 } });
    t.equal(response.headers['idempotent-replayed'], undefined);
});
t.test('an answer in which every item failed is a success and is replayed', async (t) => {
    const { update } = await makeService(t);
    const failing = updateBody([{ input_id: 5 }]);
    const first = await update(failing);
    const again = await update(failing);
    t.match(first.json(), { header: { error_id: 0 }, body: { total_failed: 1 } });
    t.equal(again.body, first.body);
    t.equal(again.headers['idempotent-replayed'], 'true');
});
//# sourceMappingURL=identifier.test.js.map