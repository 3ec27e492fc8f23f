import t from 'tap';
import { makeService, updateBody } from '../../support/service.js';
t.test('each call of the sandbox takes either code of a currency, and means the same', async (t) => {
    const { call, read } = await makeService(t);
    const account = { client_id: 123, account_id: '5001', currency: 'Kes', actual_balance: '1.00', blocked_balance: '0' };
    t.match((await call('POST', '/accounts', { accounts: [account] })).json(), {
        created: 1,
        results: [{ account: { currency: '404', currency_alpha: 'KES' } }]
    });
    t.match((await call('POST', '/accounts', { accounts: [{ ...account, currency: '404' }] })).json(), { unchanged: 1 }, 'the same account');
    t.equal((await read('/accounts?currency=kes')).body, (await read('/accounts?currency=404')).body);
    const balances = { actual_balance: '2', blocked_balance: '0', currency: 'USD', reason: 'by its letters' };
    t.match((await call('PUT', '/accounts/5001/balances', balances)).json(), {
        sent: { currency: '840' },
        rate: '129.05'
    });
    t.match((await call('PUT', '/rates', { rates: [{ base: 'EUR', quote: 'kes', rate: '151' }] })).json(), {
        rates: [{ base: '978', quote: '404' }]
    });
    t.equal((await read('/rates?base=eur&quote=KES')).body, (await read('/rates?base=978&quote=404')).body);
    const converted = (await read('/conversions?from=EUR&to=kes&amount=1.00')).json();
    t.match(converted, { from: '978', to: '404', converted_amount: '151.00' });
});
t.test('two codes of one currency are one currency', async (t) => {
    const { call } = await makeService(t);
    for (const [rates, detail] of [
        [[{ base: 'USD', quote: '840', rate: '1' }], 'rates[0] has the same base and quote'],
        [
            [{ base: 'EUR', quote: '404', rate: '1' }, { base: '978', quote: 'KES', rate: '2' }],
            'rates[1] is the same as rates[0], and must be unique'
        ]
    ]) {
        t.match((await call('PUT', '/rates', { rates })).json(), { status: 422, detail });
    }
});
t.test('what is no currency is named as it was typed', async (t) => {
    const { call, read } = await makeService(t);
    const balances = { actual_balance: '2', blocked_balance: '0', currency: 'HRK', reason: 'withdrawn' };
    t.match((await call('PUT', '/accounts/1002/balances', balances)).json(), {
        status: 422,
        detail: 'currency HRK is not a current ISO 4217 currency with a minor unit'
    });
    t.match((await call('PUT', '/accounts/1002/balances', { ...balances, currency: 'euro' })).json(), {
        status: 400,
        detail: 'currency must be an ISO 4217 code of three letters or three digits, such as EUR or 978'
    });
    t.match((await read('/accounts?currency=HRK')).json(), { accounts: [] });
    t.match((await read('/conversions?from=XAU&to=kes&amount=1.00')).json(), {
        status: 422,
        detail: 'from is XAU, which is no current ISO 4217 currency with a minor unit'
    });
});
t.test('a scenario may name currencies by their letters', async (t) => {
    const { read, update } = await makeService(t, {
        clients: [{ client_id: 123, name: 'Bank', api_key: 'key-of-123' }],
        accounts: [
            { client_id: 123, account_id: '1002', currency: 'usd', actual_balance: '1', blocked_balance: '0' }
        ],
        rates: [{ base: 'EUR', quote: 'USD', rate: '2' }]
    });
    t.match((await read('/scenario')).json(), {
        accounts: [{ currency: '840' }],
        rates: [{ base: '978', quote: '840' }]
    });
    await update(updateBody([{ input_id: 1002, bill_ccy: '978', act_balance: 3 }]));
    t.match((await read('/accounts/1002')).json(), { actual_balance: '6.00' });
    t.equal((await update(updateBody([{ input_id: 1002, bill_ccy: 'EUR' }], { api_call_unique_identifier: '2' }))).statusCode, 400, 'Paymentology\'s call has numeric codes, as its document says');
});
//# sourceMappingURL=typed-currencies.test.js.map