import Database from 'better-sqlite3';
import t from 'tap';
import { makeService, updateBody } from '../../support/service.js';
const item = (fields) => updateBody([fields]);
const repeat = (count) => updateBody(Array.from({ length: count }, () => ({})));
/** Each bound of the published page, just inside and just outside. */
const REFUSED = [
    [
        'an empty identifier',
        updateBody([{}], { api_call_unique_identifier: '' }),
        'api_call_unique_identifier must NOT have fewer than 1 characters'
    ],
    [
        'an identifier of 41 characters',
        updateBody([{}], { api_call_unique_identifier: 'x'.repeat(41) }),
        'api_call_unique_identifier must NOT have more than 40 characters'
    ],
    [
        'no identifier',
        updateBody([{}], { api_call_unique_identifier: undefined }),
        'api_call_unique_identifier is required'
    ],
    ['client 0', updateBody([{}], { client_id: 0 }), 'client_id must be from 1 to 2147483647'],
    ['a client beyond 32 bits', updateBody([{}], { client_id: 2147483648 }), 'client_id must be from 1 to 2147483647'],
    ['no item', repeat(0), 'balance_list must NOT have fewer than 1 items'],
    ['26 items', repeat(26), 'balance_list must NOT have more than 25 items'],
    [
        'an input type of neither kind',
        item({ input_type: 'c' }),
        'balance_list[0].input_type must be equal to one of the allowed values: ["a","t"]'
    ],
    ['account 0', item({ input_id: 0 }), 'balance_list[0].input_id must be from 1 to 9223372036854775807'],
    ['half an account', item({ input_id: 1.5 }), 'balance_list[0].input_id must be a whole number'],
    [
        'an account as a string',
        item({ input_id: '1002' }),
        'balance_list[0].input_id must be a whole number, not a string'
    ],
    ['an amount as a string', item({ act_balance: '200' }), 'balance_list[0].act_balance must be a number, not a string'],
    ['no blocked balance', item({ blk_balance: undefined }), 'balance_list[0].blk_balance is required'],
    ['a null amount', item({ blk_balance: null }), 'balance_list[0].blk_balance must be a number'],
    ['a currency as a number', item({ bill_ccy: 840 }), 'balance_list[0].bill_ccy must be string'],
    [
        'an alphabetic currency',
        item({ bill_ccy: 'USD' }),
        'balance_list[0].bill_ccy must be an ISO 4217 numeric code of three digits, such as 404'
    ],
    [
        'a currency without its leading zero',
        item({ bill_ccy: '48' }),
        'balance_list[0].bill_ccy must be an ISO 4217 numeric code of three digits, such as 404'
    ],
    [
        'an external reference of 51 characters',
        item({ account_ext_ref: 'x'.repeat(51) }),
        'balance_list[0].account_ext_ref must NOT have more than 50 characters'
    ],
    [
        'a user id of 51 characters',
        updateBody([{}], { user_id: 'x'.repeat(51) }),
        'user_id must NOT have more than 50 characters'
    ],
    [
        'remarks of 201 characters',
        updateBody([{}], { remarks: 'x'.repeat(201) }),
        'remarks must NOT have more than 200 characters'
    ],
    [
        'an item in fourth place',
        updateBody([{}, {}, {}, { bill_ccy: '4' }]),
        'balance_list[3].bill_ccy must be an ISO 4217 numeric code of three digits, such as 404'
    ],
    ['a list in place of the body', [], 'the body must be object']
];
/** Serves all tests that change nothing. */
const service = await makeService(t);
for (const [what, body, description] of REFUSED) {
    t.test(`the contract refuses ${what} and names the place`, async (t) => {
        const { update, read } = service;
        const response = await update(body);
        t.equal(response.statusCode, 400);
        t.same(response.json(), { header: { error_id: 90400, error_desc: description }, body: {} });
        t.match((await read('/accounts/1002')).json(), { actual_balance: '0.00' }, 'nothing is written');
    });
}
const LONGEST_REFERENCE = 'x'.repeat(50);
const ACCEPTED = [
    [
        'an identifier of 40 characters, counted as characters and not as bytes',
        updateBody([{}], { api_call_unique_identifier: '€'.repeat(40) })
    ],
    ['25 items', repeat(25)],
    [
        'optional texts of the greatest length',
        updateBody([{ account_ext_ref: LONGEST_REFERENCE }], { user_id: 'x'.repeat(50), remarks: 'x'.repeat(200) })
    ],
    ['optional texts that are empty', updateBody([{ account_ext_ref: '' }], { user_id: '', remarks: '' })],
    ['unknown fields', updateBody([{ note: 'mine' }], { trace: { id: 1 } })]
];
for (const [what, body] of ACCEPTED) {
    t.test(`the contract takes ${what}`, async (t) => {
        const { update, read, databasePath } = await makeService(t);
        // No other way leads to an external reference of the greatest length.
        const database = new Database(databasePath);
        database.prepare('UPDATE accounts SET external_reference = ? WHERE account_id = 1002').run(LONGEST_REFERENCE);
        database.close();
        t.match((await update(body)).json(), { header: { error_id: 0 }, body: { total_failed: 0 } });
        t.match((await read('/accounts/1002')).json(), { actual_balance: '200.00' });
    });
}
t.test('the greatest client, account and token reach their own', async (t) => {
    const lastClient = { client_id: 2147483647, name: 'Last Bank', api_key: '~'.repeat(32) };
    const accountOf = (accountId, token) => ({
        client_id: 2147483647,
        account_id: accountId,
        currency: '840',
        actual_balance: '0.00',
        blocked_balance: '0.00',
        tokens: [token]
    });
    const [last, lastButOne] = ['9223372036854775807', '9223372036854775806'];
    const { update, read } = await makeService(t, {
        clients: [lastClient],
        accounts: [accountOf(last, lastButOne), accountOf(lastButOne, last)]
    });
    for (const [type, accountId, actual] of [['a', last, '11.00'], ['t', lastButOne, '22.00']]) {
        const item = `{"input_type":"${type}","input_id":${last},"act_balance":${actual},"blk_balance":0,"bill_ccy":"840"}`;
        const response = await update(`{"client_id":2147483647,"api_call_unique_identifier":"${type}","balance_list":[${item}]}`, { 'x-api-key': lastClient.api_key });
        t.match(response.json(), { header: { error_id: 0 }, body: { total_failed: 0 } });
        t.match((await read(`/accounts/${accountId}`)).json(), { actual_balance: actual });
    }
});
t.test('what is not JSON is refused with what is wrong and where', async (t) => {
    const { update } = service;
    const response = await update('{"client_id":}');
    t.equal(response.statusCode, 400);
    t.same(response.json(), {
        header: { error_id: 90400, error_desc: 'the body is not valid JSON: a value must stand at position 13, not "}"' },
        body: {}
    });
});
t.test('a body of another content type is refused', async (t) => {
    const { update } = service;
    const response = await update(updateBody(), { 'content-type': 'text/plain' });
    t.equal(response.statusCode, 415);
    t.same(response.json(), {
        header: {
            error_id: 90415,
            error_desc: 'The Content-Type must be application/json in UTF-8, without a Content-Encoding'
        },
        body: {}
    });
});
t.test('a body that is too large is refused', async (t) => {
    const { update } = service;
    const response = await update(updateBody([{}], { unknown: 'x'.repeat(65536) }));
    t.equal(response.statusCode, 413);
    t.same(response.json(), { header: { error_id: 90413, error_desc: 'The request body is too large' }, body: {} });
});
t.test('a body whose length is not the declared one is refused', async (t) => {
    const { update } = service;
    const response = await update(updateBody(), { 'content-length': '5' });
    t.equal(response.statusCode, 400);
    t.same(response.json(), {
        header: { error_id: 90400, error_desc: 'Request body size did not match Content-Length' },
        body: {}
    });
});
for (const headers of [{ 'x-api-key': '' }, { 'x-api-key': 'key-of-12' }, { 'x-api-key': 'x'.repeat(33) }]) {
    t.test(`an API key that is not known (${JSON.stringify(headers)}) is refused before the body is read`, async (t) => {
        const { update } = service;
        const response = await update('not even JSON', headers);
        t.equal(response.statusCode, 401);
        t.same(response.json(), {
            header: { error_id: 90401, error_desc: 'The X-API-KEY header is missing, or its key is unknown' },
            body: {}
        });
    });
}
t.test('a request without an API key is refused', async (t) => {
    const { app } = service;
    const response = await app.inject({ method: 'POST', url: '/ppws/api/v1/pws_update_balance', payload: updateBody() });
    t.equal(response.statusCode, 401);
    t.match(response.json(), { header: { error_id: 90401 } });
});
t.test('an address that cannot be decoded leads nowhere', async (t) => {
    const { app } = service;
    const response = await app.inject('/ppws/%zz');
    t.equal(response.statusCode, 404);
    t.match(response.json(), { header: { error_id: 90404 } });
});
for (const url of ['/ppws', '/ppws/', '/ppws/api', '/ppws/api/v1/pws_update_balance/more']) {
    t.test(`${url} leads nowhere, and says so in the envelope`, async (t) => {
        const { app } = service;
        const response = await app.inject({ method: 'POST', url });
        t.equal(response.statusCode, 404);
        t.same(response.json(), { header: { error_id: 90404, error_desc: 'Webservices does not exist' }, body: {} });
    });
}
t.test('another method than POST leads nowhere', async (t) => {
    const { app } = service;
    const response = await app.inject({ method: 'GET', url: '/ppws/api/v1/pws_update_balance' });
    t.equal(response.statusCode, 404);
    t.match(response.json(), { header: { error_id: 90404 } });
});
//# sourceMappingURL=contract.test.js.map