import t from 'tap';
import { balance, makeAmlyzeService, PUBLISHED, SINGLE } from '../../support/amlyze.js';
/** Serves all tests that change nothing. */
const service = await makeAmlyzeService(t);
t.test('the published example is accepted as it stands', async (t) => {
    const { call, read } = await makeAmlyzeService(t);
    const response = await call(SINGLE, PUBLISHED);
    t.equal(response.statusCode, 200);
    t.equal(response.headers['content-type'], 'application/json; charset=utf-8');
    t.equal(response.body, '{"resultType":"REQUEST_ACCEPTED"}');
    t.match((await read('/accounts/550/reported-balances')).json(), {
        reported_balances: [{
                communication_number: 'COM217',
                business_unit: 'sandbox',
                value: '11111111111',
                equivalent_value: '33333'
            }]
    });
});
t.test('a used communicationNumber is rejected with the published code, whatever it comes with', async (t) => {
    const { call } = await makeAmlyzeService(t);
    await call(SINGLE, balance());
    for (const more of [{}, { value: 2 }, { accountExtId: 'nobody' }]) {
        const again = await call(SINGLE, balance(more));
        t.equal(again.statusCode, 400);
        t.equal(again.body, '{"resultType":"REQUEST_REJECTED","errorCode":"O005","errorDescription":"CommunicationNumber already used in ' +
            'amlyze"}');
    }
});
t.test('a number is used within its client, and not by what was rejected', async (t) => {
    const { call } = await makeAmlyzeService(t);
    t.equal((await call(SINGLE, balance({ accountExtId: 'nobody' }))).statusCode, 400);
    t.equal((await call(SINGLE, balance())).statusCode, 200);
    t.equal((await call(SINGLE, balance({ businessUnit: 'retail' }), {
        authorization: 'Bearer amlyze-token-of-456'
    })).statusCode, 200);
});
const NOT_SENT = [undefined, null, '', ' \t\n\u00a0'];
/**
 * The contract from field to field, in the order of precedence: each row's fault comes before those of the rows below.
 */
const FAULTS = [
    ...NOT_SENT.map((value) => ['requester', value, '001', 'Requester is mandatory']),
    ['requester', 'x'.repeat(101), 'S002', 'requester must NOT have more than 100 characters'],
    ['requester', 7, 'S002', 'requester must be string'],
    ['requester', 'core\u0001', 'S002', 'requester must not have control characters in it'],
    ...NOT_SENT.map((value) => ['communicationNumber', value, '001', 'CommunicationNumber is mandatory']),
    ['communicationNumber', 'x'.repeat(256), 'S003', 'communicationNumber must NOT have more than 255 characters'],
    ['communicationNumber', 'COM\n217', 'S003', 'communicationNumber must not have control characters in it'],
    ...NOT_SENT.map((value) => ['accountExtId', value, 'O001', 'extId is mandatory']),
    ['accountExtId', ['WALLET-1'], 'S004', 'accountExtId must be string'],
    ['accountExtId', 'WALLET-1\u007f', 'S004', 'accountExtId must not have control characters in it'],
    ...NOT_SENT.map((value) => ['balanceAt', value, '001', 'BalanceAt is mandatory']),
    [
        'balanceAt',
        '2024-02-30T00:00:00Z',
        'S005',
        'balanceAt must be a date and time that exist, such as 2023-09-05T08:07:34.605Z, with at most nine decimals of a ' +
            'second'
    ],
    ['balanceAt', 1716742190237, 'S005', 'balanceAt must be string'],
    ...NOT_SENT.map((value) => ['value', value, '001', 'Value is mandatory']),
    ['value', '1.5', 'S006', 'value must be a number, not a string'],
    ['value', 1e19, 'S006', 'value must have at most 19 digits before the point'],
    ['value', 1e-19, 'S006', 'value must have at most 18 digits behind the point'],
    ['equivalentValue', true, 'S007', 'equivalentValue must be a number'],
    ['equivalentValue', 1e300, 'S007', 'equivalentValue must have at most 19 digits before the point'],
    ['balanceType', 5, 'S008', 'balanceType must be string'],
    ['balanceType', 'DAILY\u0085BALANCE', 'S008', 'balanceType must not have control characters in it'],
    ['businessUnit', 'x'.repeat(256), 'S009', 'businessUnit must NOT have more than 255 characters'],
    ['businessUnit', 'a\u0001b', 'S009', 'businessUnit must not have control characters in it'],
    ['balanceType', 'WEEKLY_BALANCE', 'S008', 'balanceType is not one of the configured ones'],
    ['communicationNumber', 'USED', 'O005', 'CommunicationNumber already used in amlyze'],
    ['accountExtId', 'SOMEBODY-ELSE', '404', 'BusinessEntity with given extId does not exist in amlyze']
];
t.test('each fault has its code and names what is wrong', async (t) => {
    const { call, read } = await makeAmlyzeService(t);
    await call(SINGLE, balance({ communicationNumber: 'USED', accountExtId: 'DOLLAR' }));
    for (const [field, value, errorCode, errorDescription] of FAULTS) {
        const response = await call(SINGLE, balance({ [field]: value }));
        t.equal(response.statusCode, 400);
        t.same(response.json(), { resultType: 'REQUEST_REJECTED', errorCode, errorDescription }, `${field} ${value}`);
    }
    t.same((await read('/accounts/9007199254740993/reported-balances')).json().reported_balances, [], 'nothing is kept');
});
t.test('of two faults, the one that comes first in the order of precedence is named', async (t) => {
    const { call } = await makeAmlyzeService(t);
    await call(SINGLE, balance({ communicationNumber: 'USED' }));
    for (const [index, [field, value, errorCode, errorDescription]] of FAULTS.entries()) {
        const next = FAULTS.slice(index + 1).find(([other]) => other !== field);
        if (next === undefined)
            continue;
        const response = await call(SINGLE, balance({ [field]: value, [next[0]]: next[1] }));
        t.match(response.json(), { errorCode, errorDescription }, `${field} before ${next[0]}`);
    }
});
t.test('the account of another client is not there', async (t) => {
    const { call } = await makeAmlyzeService(t);
    t.match((await call(SINGLE, balance({ accountExtId: 'DOLLAR', businessUnit: 'retail' }), {
        authorization: 'Bearer amlyze-token-of-456'
    })).json(), { errorCode: '404' });
});
t.test('a client with business units must send one of them', async (t) => {
    const { call } = await makeAmlyzeService(t);
    const send = async (businessUnit) => (await call(SINGLE, balance({ businessUnit }), { authorization: 'Bearer amlyze-token-of-456' })).json();
    for (const businessUnit of NOT_SENT) {
        t.match(await send(businessUnit), { errorCode: '001', errorDescription: 'BusinessUnit is mandatory' });
    }
    t.match(await send('sandbox'), { errorCode: 'S009', errorDescription: 'businessUnit is not one of the client\'s' });
    t.match(await send('corporate'), { resultType: 'REQUEST_ACCEPTED' });
});
t.test('unknown fields and empty optional ones are passed over, and texts may be as long as the contract says', async (t) => {
    const { call } = await makeAmlyzeService(t);
    t.equal((await call(SINGLE, balance({ trace: { id: 1 }, balanceType: ' ', businessUnit: null, equivalentValue: null }))).statusCode, 200);
    t.equal((await call(SINGLE, balance({ communicationNumber: '€'.repeat(255), requester: 'x'.repeat(100), businessUnit: 'x'.repeat(255) }))).statusCode, 200);
});
for (const body of ['[]', 'null', '"text"', '7', '9007199254740993']) {
    t.test(`a body that is ${body} is rejected`, async (t) => {
        const { call } = service;
        const response = await call(SINGLE, body);
        t.equal(response.statusCode, 400);
        t.same(response.json(), {
            resultType: 'REQUEST_REJECTED',
            errorCode: 'S001',
            errorDescription: 'The body must be a JSON object'
        });
    });
}
t.test('zeros behind the 18th decimal are not taken, because they would have to be kept', async (t) => {
    const { call } = await makeAmlyzeService(t);
    const withValue = (value) => JSON.stringify(balance()).replace('"value":1', `"value":${value}`);
    t.match((await call(SINGLE, withValue(`1.${'0'.repeat(21)}`))).json(), {
        errorCode: 'S006',
        errorDescription: 'value must have at most 18 digits behind the point'
    });
    t.equal((await call(SINGLE, withValue(`1.${'0'.repeat(18)}`))).statusCode, 200);
});
t.test('texts are kept with the spaces that they were sent with', async (t) => {
    const { call, read } = await makeAmlyzeService(t);
    await call(SINGLE, balance({ communicationNumber: ' 1 ' }));
    await call(SINGLE, balance({ communicationNumber: '1', balanceType: 'DAILY_BALANCE' }));
    t.match((await read('/accounts/9007199254740993/reported-balances')).json(), {
        reported_balances: [{ communication_number: ' 1 ' }, { communication_number: '1' }]
    });
});
t.test('a balance of the greatest length is taken, each character written as two escapes', async (t) => {
    const { call } = await makeAmlyzeService(t);
    const wide = (count) => '#'.repeat(count);
    const body = JSON.stringify(balance({
        communicationNumber: wide(255),
        requester: wide(100),
        businessUnit: wide(255),
        accountExtId: wide(255),
        balanceType: wide(255)
    })).replaceAll('#', '\\ud83d\\ude00');
    t.match((await call(SINGLE, body)).json(), {
        errorCode: 'S008',
        errorDescription: 'balanceType is not one of the configured ones'
    });
});
//# sourceMappingURL=account-balance.test.js.map