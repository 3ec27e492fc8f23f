import t from 'tap';
import { makeService, NOW, updateBody } from '../../support/service.js';
const AT = NOW.toISOString();
const balances = (actual, blocked, available) => ({ actual_balance: actual, blocked_balance: blocked, available_balance: available });
async function set(service, accountId, actual, currency) {
    const response = await service.call('PUT', `/accounts/${accountId}/balances`, {
        actual_balance: actual,
        blocked_balance: '0',
        currency,
        reason: `to ${actual}`
    });
    if (response.statusCode !== 200)
        throw new Error(response.body);
}
/** Serves all tests that change nothing. */
const service = await makeService(t);
t.test('an account\'s history tells, newest first, who and what changed it, down to its beginning', async (t) => {
    const service = await makeService(t);
    await service.update(updateBody([{ input_id: 5 }, { input_id: 1004, act_balance: 1, blk_balance: 0.5 }], { user_id: 'qa-7', remarks: 'seed' }));
    await service.call('PUT', '/accounts/1004/balances', {
        actual_balance: '7',
        blocked_balance: '0',
        currency: '392',
        reason: 'reset',
        user_id: 'ops-1',
        remarks: 'by hand'
    });
    const response = await service.read('/accounts/1004/history');
    t.equal(response.statusCode, 200);
    const common = { account_id: '1004', currency: '392' };
    t.match(response.json(), {
        account_id: '1004',
        incarnation: 1,
        deleted_at: null,
        changes: [
            {
                ...common,
                item_index: 0,
                before: balances('151', '76', '75'),
                after: balances('7', '0', '7'),
                sent: { actual_balance: '7', blocked_balance: '0', currency: '392' },
                rate: '1',
                operation: {
                    source: 'sandbox',
                    client_id: 123,
                    identifier: null,
                    user_id: 'ops-1',
                    remarks: 'by hand',
                    reason: 'reset',
                    created_at: AT
                }
            },
            {
                ...common,
                item_index: 1,
                before: balances('5', '0', '5'),
                after: balances('151', '76', '75'),
                sent: { actual_balance: '1.00', blocked_balance: '0.50', currency: '840' },
                rate: '151.37',
                operation: {
                    source: 'paymentology',
                    client_id: 123,
                    identifier: '001',
                    user_id: 'qa-7',
                    remarks: 'seed',
                    reason: null,
                    created_at: AT
                }
            },
            {
                ...common,
                before: null,
                after: balances('5', '0', '5'),
                sent: { actual_balance: '5', blocked_balance: '0', currency: '392' },
                rate: '1',
                operation: {
                    source: 'scenario',
                    client_id: null,
                    identifier: null,
                    user_id: null,
                    remarks: null,
                    reason: null,
                    created_at: AT
                }
            }
        ],
        next_cursor: null
    });
    t.equal(response.json().changes.length, 3);
});
t.test('the history of an account that was made here begins with the making', async (t) => {
    const { call, read } = await makeService(t);
    await call('POST', '/accounts', {
        accounts: [{ client_id: 456, account_id: '5', currency: '048', actual_balance: '1.5', blocked_balance: '0' }]
    });
    t.match((await read('/accounts/5/history')).json().changes, [{ before: null, after: balances('1.500', '0.000', '1.500'), operation: { source: 'sandbox' } }]);
});
t.test('pages lead through the whole history, also when it grows between them', async (t) => {
    const service = await makeService(t);
    for (const actual of ['1', '2', '3'])
        await set(service, '1004', actual, '392');
    const seen = [];
    let query = '?limit=1';
    for (;;) {
        const page = (await service.read(`/accounts/1004/history${query}`)).json();
        t.equal(page.changes.length, 1);
        seen.push(page.changes[0].after.actual_balance);
        if (page.next_cursor === null)
            break;
        query = `?limit=1&cursor=${page.next_cursor}`;
        await set(service, '1004', '9', '392');
    }
    t.same(seen, ['3', '2', '1', '5']);
});
t.test('a cursor that is none of the account is refused', async (t) => {
    const service = await makeService(t);
    await set(service, '1004', '1', '392');
    await set(service, '1003', '1', '048');
    const { next_cursor: cursor } = (await service.read('/accounts/1003/history?limit=1')).json();
    const unknown = Buffer.from('999999').toString('base64url');
    for (const query of [`cursor=${cursor}`, `cursor=${unknown}`, 'cursor=%20', 'limit=0', 'page=2']) {
        t.equal((await service.read(`/accounts/1004/history?${query}`)).statusCode, 400, query);
    }
    t.equal((await service.read(`/accounts/1003/history?cursor=${cursor}`)).statusCode, 200);
});
for (const accountId of ['5', '9223372036854775808']) {
    t.test(`account ${accountId} has no history`, async (t) => {
        const { read } = service;
        const response = await read(`/accounts/${accountId}/history`);
        t.equal(response.statusCode, 404);
        t.match(response.json(), { detail: `There is no account ${accountId}, and there was none` });
    });
}
t.test('the history of a deleted account stays readable, and one that comes back under its number begins anew', async (t) => {
    const service = await makeService(t);
    const { read, call } = service;
    await service.update(updateBody([{ input_id: 1004, act_balance: 7, blk_balance: 0, bill_ccy: '392' }]));
    const { changes } = (await read('/accounts/1004/history')).json();
    await call('DELETE', '/accounts/1004');
    t.match((await read('/accounts/1004/history')).json(), {
        account_id: '1004',
        incarnation: 1,
        deleted_at: AT,
        changes,
        next_cursor: null
    });
    const { next_cursor: cursor } = (await read('/accounts/1004/history?limit=1')).json();
    await call('POST', '/accounts', {
        accounts: [{ client_id: 456, account_id: '1004', currency: '048', actual_balance: '1.000', blocked_balance: '0' }]
    });
    const anew = (await read('/accounts/1004/history')).json();
    t.match(anew, {
        incarnation: 2,
        deleted_at: null,
        changes: [{ before: null, after: balances('1.000', '0.000', '1.000'), currency: '048' }],
        next_cursor: null
    });
    t.equal(anew.changes.length, 1);
    t.match((await read(`/accounts/1004/history?cursor=${cursor}`)).json(), { incarnation: 1, deleted_at: AT, changes: changes.slice(1) }, 'a reader who was on the way is led to the end');
    t.match((await read('/operations?client_id=123&identifier=001')).json(), { changes: [changes[0]] }, 'in the currency that the account had then');
    await call('DELETE', '/accounts/1004');
    t.match((await read('/accounts/1004/history')).json(), { incarnation: 2, deleted_at: AT, changes: anew.changes }, 'the last one that was deleted');
});
t.test('everything that ever happened under an account number can be read, each account apart from the others', async (t) => {
    const service = await makeService(t);
    const { read, call } = service;
    const history = async (query) => (await read(`/accounts/1004/history${query}`)).json();
    const wanted = [];
    for (const incarnation of [1, 2, 3]) {
        await set(service, '1004', String(incarnation), '392');
        const { changes } = await history('');
        wanted.push({ incarnation, changes });
        await call('DELETE', '/accounts/1004');
        if (incarnation < 3) {
            await call('POST', '/accounts', {
                accounts: [{ client_id: 456, account_id: '1004', currency: '392', actual_balance: '0', blocked_balance: '0' }]
            });
        }
    }
    for (const { incarnation, changes } of wanted) {
        const found = await history(`?incarnation=${incarnation}`);
        t.same(found, { account_id: '1004', incarnation, deleted_at: AT, changes, next_cursor: null });
        t.equal(found['changes'].length, 2, 'that set by hand, which no identifier leads to, and the beginning');
        const { next_cursor: cursor } = await history(`?incarnation=${incarnation}&limit=1`);
        for (const query of ['', `&incarnation=${incarnation}`]) {
            t.match(await history(`?cursor=${String(cursor)}${query}`), {
                incarnation,
                deleted_at: AT,
                changes: changes.slice(1),
                next_cursor: null
            });
        }
        t.equal((await read(`/accounts/1004/history?cursor=${String(cursor)}&incarnation=${incarnation % 3 + 1}`)).statusCode, 400, 'a page is of one account only');
    }
    for (const incarnation of ['4', '9999999999']) {
        t.match(await history(`?incarnation=${incarnation}`), {
            status: 404,
            detail: `There is no incarnation ${incarnation} of account 1004, and there was none`
        });
    }
});
t.test('a request\'s history is everything that its identifier did, in its order, and its answer', async (t) => {
    const service = await makeService(t);
    const answered = await service.update(updateBody([{ input_id: 1004, act_balance: 1, blk_balance: 0 }, { input_id: 5 }, { input_id: 1002 }], { api_call_unique_identifier: 'a/b é' }));
    await set(service, '1002', '1', '840');
    const response = await service.read(`/operations?client_id=123&identifier=${encodeURIComponent('a/b é')}`);
    t.equal(response.statusCode, 200);
    const { operation, changes, answer } = response.json();
    t.match(operation, { source: 'paymentology', client_id: 123, identifier: 'a/b é', created_at: AT });
    t.match(changes, [
        { account_id: '1004', item_index: 0, after: balances('151', '0', '151'), operation },
        { account_id: '1002', item_index: 2, after: balances('200.00', '50.00', '150.00'), operation }
    ]);
    t.equal(changes.length, 2);
    t.equal(answer, answered.body);
});
t.test('a request that was never applied has no history', async (t) => {
    const service = await makeService(t);
    await service.app.inject({
        method: 'POST',
        url: '/ppws/api/v1/pws_update_balance?dry_run=true',
        headers: { 'x-api-key': 'key-of-123' },
        payload: updateBody()
    });
    for (const [query, client, identifier] of [
        ['client_id=123&identifier=001', '123', '001'],
        ['client_id=9999999999&identifier=x', '9999999999', 'x']
    ]) {
        const response = await service.read(`/operations?${query}`);
        t.equal(response.statusCode, 404);
        t.match(response.json(), {
            detail: `Client ${client} has sent no request with the identifier "${identifier}" that was applied`
        });
    }
    await service.update(updateBody());
    t.equal((await service.read('/operations?client_id=456&identifier=001')).statusCode, 404, 'it is another client\'s');
    for (const query of ['client_id=123', 'identifier=001', 'client_id=x&identifier=1', 'client_id=1&identifier=']) {
        t.equal((await service.read(`/operations?${query}`)).statusCode, 400, query);
    }
});
//# sourceMappingURL=history.test.js.map