import t from 'tap';
import { makeClient } from '../../src/client/client.js';
import { writeExactBody } from '../../src/client/exact-body.js';
import { startSandbox } from '../../src/sandbox.js';
import { SCENARIO, updateBody } from '../support/service.js';
const NATURES = {
    'POST /ppws/api/v1/pws_update_balance': {
        numbers: ['balance_list.*.input_id', 'balance_list.*.act_balance', 'balance_list.*.blk_balance']
    },
    'PUT /amlyze-ws-rest/account-balance': { numbers: ['value'] },
    'POST /sandbox/v1/balance-files': { contentType: 'text/csv' }
};
t.test('a body has exact numbers where its call has numbers, and nowhere else', async (t) => {
    const body = {
        text: '9007199254740993',
        list: [{ id: '9007199254740993', amount: '-0.10' }, { id: 7, amount: '1e2' }, { id: null }],
        'quoted "name"': new Date(0),
        left: undefined,
        items: [undefined, true]
    };
    t.equal(writeExactBody(body, new Set(['list.*.id', 'list.*.amount'])), '{"text":"9007199254740993","list":[{"id":9007199254740993,"amount":-0.10},{"id":7,"amount":1e2},{"id":null}],' +
        '"quoted \\"name\\"":"1970-01-01T00:00:00.000Z","items":[null,true]}');
    for (const [id, message] of [
        [2 ** 60, 'list[1].id has more digits than a number of JavaScript keeps. Give it as a text in quotation marks'],
        ['0x10', 'list[1].id must be a number, or a text that spells one as JSON does, and not "0x10"'],
        ['1,"x":1', 'list[1].id must be a number, or a text that spells one as JSON does, and not "1,\\"x\\":1"']
    ]) {
        t.throws(() => writeExactBody({ list: [{ id: '1' }, { id }] }, new Set(['list.*.id'])), new TypeError(message));
    }
});
t.test('each call of a client has the credential that it needs, and exact numbers', async (t) => {
    const sandbox = await startSandbox({ scenario: SCENARIO });
    t.teardown(sandbox.close);
    const client = makeClient({
        url: sandbox.url, adminToken: sandbox.adminToken, apiKey: 'key-of-123', amlyzeToken: 'amlyze-token-of-123'
    }, NATURES);
    const item = { input_id: '9007199254740993', act_balance: '200.05', blk_balance: '0.10', bill_ccy: '404' };
    const updated = await client.POST('/ppws/api/v1/pws_update_balance', {
        body: updateBody([item]), headers: { prefer: 'return=representation' }
    });
    t.match(updated.data, { header: { error_id: 0 } });
    t.match(JSON.stringify(updated.data), /"9007199254740993"/);
    const report = {
        requester: 'bank', communicationNumber: '1', accountExtId: 'DOLLAR', balanceAt: '2026-01-31T08:00:00Z'
    };
    t.match((await client.PUT('/amlyze-ws-rest/account-balance', { body: { ...report, value: '1.10' } })).data, { resultType: 'REQUEST_ACCEPTED' });
    t.match((await client.GET('/sandbox/v1/accounts/1002')).data, { actual_balance: '0.00' });
    t.match((await client.GET('/health/ready')).data, { status: 'ok' });
    t.match((await client.GET('/metrics', { parseAs: 'text' })).data, /^# HELP/);
    const refused = await client.POST('/sandbox/v1/balance-files', { body: 'no such header' });
    t.match(refused.error, { status: 400 });
    t.notMatch(JSON.stringify(refused.error), /content-type/i);
    const nobody = makeClient({ url: sandbox.url }, {});
    t.equal((await nobody.GET('/sandbox/v1/accounts/1002')).response.status, 401);
    const own = await nobody.GET('/sandbox/v1/accounts/1002', {
        headers: { authorization: `Bearer ${sandbox.adminToken}` }
    });
    t.equal(own.response.status, 200);
});
t.test('a number of an answer that a double would round comes as a text', async (t) => {
    const client = makeClient({ url: 'http://127.0.0.1' }, {});
    const answer = await client.GET('/x', {
        fetch: async () => new Response('{"id":9007199254740993,"count":7}', {
            headers: { 'content-type': 'application/json', 'content-length': '33' }
        })
    });
    t.same(answer.data, { id: '9007199254740993', count: 7 });
});
//# sourceMappingURL=client.test.js.map