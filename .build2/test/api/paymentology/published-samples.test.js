import t from 'tap';
import { makeService } from '../../support/service.js';
const PATHS = [
    '/ppws/api/v1/pws_update_balance',
    '/ppws/api/pws/v1/pws_update_balance',
    '/ppws/api/pws/v2/pws_update_balance'
];
/** The published sample, to the letter. */
const SAMPLE = '{"client_id":123,"api_call_unique_identifier":"001","balance_list":[{"input_type":"t",' +
    '"input_id":12345,"act_balance":200,"blk_balance":50,"bill_ccy":"404"}]}';
for (const path of PATHS.flatMap((path) => [path, `${path}/`])) {
    t.test(`the published sample works as it stands at ${path}`, async (t) => {
        const { app, read } = await makeService(t);
        const response = await app.inject({
            method: 'POST',
            url: path,
            headers: { 'x-api-key': 'key-of-123', 'content-type': 'application/json' },
            payload: SAMPLE
        });
        t.equal(response.statusCode, 200);
        t.equal(response.headers['content-type'], 'application/json; charset=utf-8');
        t.equal(response.body, '{"header":{"error_id":0,"error_desc":"success"},"body":{"total_failed":0,"failed_note":""}}');
        t.match((await read('/accounts/9007199254740993')).json(), {
            actual_balance: '200.00',
            blocked_balance: '50.00',
            available_balance: '150.00'
        });
    });
}
t.test('a failed item is described in the grammar of the published batch message', async (t) => {
    const { update } = await makeService(t);
    const response = await update(SAMPLE.replace('"input_type":"t","input_id":12345', '"input_type":"a","input_id":987654321'));
    t.equal(response.statusCode, 200);
    t.equal(response.body, '{"header":{"error_id":0,"error_desc":"success"},"body":{"total_failed":1,"failed_note":"Account: 987654321, ' +
        'Reason: Account does not exist"}}');
});
t.test('the key of another client is refused with the published 996', async (t) => {
    const { update } = await makeService(t);
    const response = await update(SAMPLE, { 'x-api-key': 'key-of-456' });
    t.equal(response.statusCode, 403);
    t.equal(response.body, '{"header":{"error_id":996,"error_desc":"Permission denied ! The client does not have access to this web ' +
        'service. Contact paymentology"},"body":{}}');
});
t.test('the statuses of the published page carry its texts', async (t) => {
    const { app, store, update } = await makeService(t);
    const unknown = await app.inject({ method: 'POST', url: '/ppws/api/v1/pws_no_such_call' });
    t.equal(unknown.statusCode, 404);
    t.match(unknown.json(), { header: { error_desc: 'Webservices does not exist' }, body: {} });
    await store.close();
    const broken = await update(SAMPLE);
    t.equal(broken.statusCode, 500);
    t.same(broken.json(), { header: { error_id: 90500, error_desc: 'Internal Server error' }, body: {} });
});
//# sourceMappingURL=published-samples.test.js.map