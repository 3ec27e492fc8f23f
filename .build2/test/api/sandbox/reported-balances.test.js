import t from 'tap';
import { balance, BATCH, batch, makeAmlyzeService, SINGLE } from '../../support/amlyze.js';
import { NOW, updateBody } from '../../support/service.js';
const WALLET = '/accounts/9007199254740993/reported-balances';
/** Reads all pages of one item each. */
async function readThrough(read, path) {
    const found = [];
    let cursor = '';
    for (;;) {
        const page = (await read(`${path}&limit=1${cursor}`)).json();
        found.push(...page.reported_balances);
        if (page.next_cursor === null)
            return found;
        cursor = `&cursor=${page.next_cursor}`;
    }
}
/** Serves all tests that change nothing. */
const service = await makeAmlyzeService(t);
t.test('a report is read to the last digit and nanosecond, beside the stand-in balance', async (t) => {
    const { call, read } = await makeAmlyzeService(t);
    const sent = JSON.stringify(balance({
        balanceType: 'DAILY_BALANCE',
        businessUnit: 'sandbox',
        balanceAt: '2024-05-26T16:49:50.123456789+03:00'
    }))
        .replace('"value":1', '"value":1234567890123456789.012345678901234567,"equivalentValue":1.5000e1');
    await call(SINGLE, sent);
    t.same((await read(WALLET)).json(), {
        account_id: '9007199254740993',
        incarnation: 1,
        deleted_at: null,
        currency: '404',
        stand_in_balance: '1000.00',
        reported_balances: [{
                communication_number: 'COM1',
                requester: 'core',
                balance_type: 'DAILY_BALANCE',
                business_unit: 'sandbox',
                balance_at: '2024-05-26T13:49:50.123456789Z',
                value: '1234567890123456789.012345678901234567',
                equivalent_value: '1.5000e1',
                reported_at: NOW.toISOString(),
                difference: '1234567890123455789.012345678901234567'
            }],
        next_cursor: null
    });
});
t.test('numbers come back as they were written', async (t) => {
    const { call, read } = await makeAmlyzeService(t);
    const written = [
        '200', '200.00', '-0.0', '1.500', '2E+2', '0.000000000000000000', '9007199254740993', '1234567890.10'
    ];
    const items = written.map((value, index) => JSON.stringify(balance({ communicationNumber: String(index), businessUnit: String(index) }))
        .replace('"value":1', `"value":${value},"equivalentValue":${value}`));
    await call(BATCH, `{"accountBalances":[${items.join()}]}`);
    const { reported_balances: found } = (await read(WALLET)).json();
    t.match(found, written.map((value) => ({ value, equivalent_value: value })));
    t.match(found, ['-800', '-800', '-1000', '-998.5', '-800', '-1000'].map((difference) => ({ difference })));
});
t.test('a report never changes the stand-in balance, and the difference follows it', async (t) => {
    const { call, read, update } = await makeAmlyzeService(t);
    await call(SINGLE, balance({ accountExtId: 'DOLLAR', value: 200.0055 }));
    const path = '/accounts/1002/reported-balances';
    t.match((await read('/accounts/1002')).json(), { actual_balance: '0.00', updated_at: NOW.toISOString() });
    t.match((await read(path)).json(), { stand_in_balance: '0.00', reported_balances: [{ difference: '200.0055' }] });
    await update(updateBody());
    t.match((await read(path)).json(), {
        stand_in_balance: '200.00',
        reported_balances: [{ value: '200.0055', difference: '0.0055' }]
    });
});
t.test('the latest view has the newest balance of each type and unit, by its moment and then by its arrival', async (t) => {
    const { call, read } = await makeAmlyzeService(t);
    await call(BATCH, batch([
        { communicationNumber: 'newest', balanceType: 'DAILY_BALANCE', balanceAt: '2024-01-03T00:00:00+02:00' },
        { communicationNumber: 'late', balanceType: 'DAILY_BALANCE', balanceAt: '2024-01-02T21:59:59Z' },
        { communicationNumber: 'first', balanceAt: '2024-01-01T00:00:00Z' },
        { communicationNumber: 'correction', balanceAt: '2024-01-01T00:00:00.000' },
        { communicationNumber: 'unit', businessUnit: 'retail', balanceAt: '2023-12-31T00:00:00Z' },
        { communicationNumber: 'elsewhere', accountExtId: 'DOLLAR' }
    ]));
    const numbersOf = async (path) => (await read(path)).json().reported_balances.map((entry) => entry.communication_number);
    const latest = ['correction', 'unit', 'newest'];
    t.same(await numbersOf(WALLET), latest, 'in the order of types and units, none before any');
    t.same(await numbersOf(`${WALLET}?view=latest`), latest);
    t.same(await numbersOf(`${WALLET}?view=series`), ['newest', 'late', 'correction', 'first', 'unit']);
    t.notMatch((await read(`${WALLET}?view=series`)).body, /difference/);
});
for (const view of ['latest', 'series']) {
    t.test(`the pages of the view ${view} give everything once and in order`, async (t) => {
        const { call, read } = await makeAmlyzeService(t);
        await call(BATCH, batch(Array.from({ length: 150 }, (_, index) => ({
            businessUnit: `unit ${index}`,
            balanceAt: `2024-01-${String(index % 5 + 10)}T00:00:00Z`
        }))));
        const whole = (await read(`${WALLET}?view=${view}&limit=1000`)).json();
        t.equal(whole.reported_balances.length, 150);
        t.equal(whole.next_cursor, null);
        t.equal((await read(`${WALLET}?view=${view}`)).json().reported_balances.length, 100, 'a page has 100 without a limit');
        const found = [];
        let cursor = '';
        while (cursor !== null) {
            const page = (await read(`${WALLET}?view=${view}&limit=50${cursor === '' ? '' : `&cursor=${cursor}`}`)).json();
            t.equal(page.reported_balances.length, 50);
            found.push(...page.reported_balances);
            cursor = page.next_cursor;
        }
        t.same(found, whole.reported_balances);
    });
}
t.test('a page stays where it is while new balances come', async (t) => {
    const { call, read } = await makeAmlyzeService(t);
    await call(BATCH, batch([{ balanceAt: '2024-01-02T00:00:00Z' }, { balanceAt: '2024-01-01T00:00:00Z' }]));
    const { next_cursor: cursor } = (await read(`${WALLET}?view=series&limit=1`)).json();
    await call(SINGLE, balance({ communicationNumber: 'new', balanceAt: '2024-01-03T00:00:00Z' }));
    t.match((await read(`${WALLET}?view=series&limit=1&cursor=${String(cursor)}`)).json(), {
        reported_balances: [{ communication_number: 'COM1' }],
        next_cursor: null
    });
});
t.test('the reports of a deleted account stay readable, and are never those of an account that gets its number', async (t) => {
    const { call, read, act } = await makeAmlyzeService(t);
    const path = '/accounts/1002/reported-balances';
    await call(BATCH, batch(Array.from({ length: 3 }, () => ({ accountExtId: 'DOLLAR', value: 5 }))));
    const whole = (await read(`${path}?view=series`)).json();
    const { next_cursor: cursor } = (await read(`${path}?view=series&limit=1`)).json();
    await act('DELETE', '/accounts/1002');
    const deleted = { incarnation: 1, deleted_at: NOW.toISOString(), currency: '840', stand_in_balance: null };
    t.match((await read(path)).json(), { ...deleted, reported_balances: [{ value: '5', difference: null }] });
    t.match((await call(SINGLE, balance({ accountExtId: 'DOLLAR', communicationNumber: 'late' }))).json(), {
        errorCode: '404'
    });
    await act('POST', '/accounts', {
        accounts: [{
                client_id: 123,
                account_id: '1002',
                currency: '978',
                external_reference: 'DOLLAR',
                actual_balance: '7.00',
                blocked_balance: '0'
            }]
    });
    t.match((await read(path)).json(), {
        incarnation: 2,
        deleted_at: null,
        currency: '978',
        stand_in_balance: '7.00',
        next_cursor: null
    });
    t.same((await read(path)).json().reported_balances, []);
    await call(SINGLE, balance({ accountExtId: 'DOLLAR', communicationNumber: 'anew', value: 8 }));
    t.match((await read(path)).json(), { reported_balances: [{ communication_number: 'anew', difference: '1' }] });
    t.match((await read(`${path}?incarnation=1&view=series`)).json(), {
        ...deleted,
        reported_balances: whole.reported_balances
    });
    t.match((await read(`${path}?view=series&cursor=${String(cursor)}`)).json(), { ...deleted, reported_balances: whole.reported_balances.slice(1) }, 'a reader who was on the way is led to the end');
    for (const view of ['latest', 'series']) {
        t.equal((await readThrough(read, `${path}?incarnation=1&view=${view}`)).length, view === 'series' ? 3 : 1);
        t.equal((await read(`${path}?incarnation=2&view=${view}&cursor=${String(cursor)}`)).statusCode, 400, 'a page is of one account only');
    }
    t.match((await read(`${path}?incarnation=3`)).json(), {
        status: 404,
        detail: 'There is no incarnation 3 of account 1002, and there was none'
    });
});
t.test('reports about one account are never those about another', async (t) => {
    const { call, read } = await makeAmlyzeService(t);
    await call(BATCH, batch([
        { accountExtId: 'DOLLAR' },
        {},
        { balanceType: 'DAILY_BALANCE' },
        { accountExtId: 'DOLLAR', balanceType: 'DAILY_BALANCE' },
        { accountExtId: 'ORG20231117550' }
    ]));
    for (const view of ['latest', 'series']) {
        t.match((await read(`/accounts/550/reported-balances?view=${view}`)).json(), {
            reported_balances: [{ communication_number: 'COM4' }],
            next_cursor: null
        });
        t.same((await read(`/accounts/2001/reported-balances?view=${view}`)).json().reported_balances, []);
        const { next_cursor: cursor } = (await read(`/accounts/1002/reported-balances?view=${view}&limit=1`)).json();
        t.equal((await read(`${WALLET}?view=${view}&cursor=${String(cursor)}`)).statusCode, 400, 'a cursor of another account is refused');
        t.equal((await readThrough(read, `/accounts/1002/reported-balances?view=${view}`)).length, 2);
    }
});
for (const account of ['987654321', '9223372036854775808']) {
    t.test(`account ${account} is not there`, async (t) => {
        const { read } = service;
        const response = await read(`/accounts/${account}/reported-balances`);
        t.equal(response.statusCode, 404);
        t.match(response.json(), { title: 'Not Found', detail: `There is no account ${account}, and there was none` });
    });
}
for (const [query, detail] of [
    ['view=all', 'view must be equal to one of the allowed values: ["latest","series"]'],
    ['limit=0', 'limit must be a whole number from 1 to 1000'],
    ['limit=1001', 'limit must be a whole number from 1 to 1000'],
    ['cursor=5', 'cursor is none that a page of this list has given'],
    ['incarnation=0', 'incarnation must be a whole number from 1 to'],
    ['page=2', 'page is not a known field']
]) {
    t.test(`${query} is refused by name`, async (t) => {
        const { read } = service;
        const response = await read(`${WALLET}?${query}`);
        t.equal(response.statusCode, 400);
        t.ok(response.json().detail.startsWith(detail), response.body);
    });
}
t.test('it asks for the admin token', async (t) => {
    const { app } = await makeAmlyzeService(t);
    t.equal((await app.inject({
        url: `/sandbox/v1${WALLET}`,
        headers: { authorization: 'Bearer amlyze-token-of-123' }
    })).statusCode, 401);
});
//# sourceMappingURL=reported-balances.test.js.map