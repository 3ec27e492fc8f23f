import fc from 'fast-check';
import t from 'tap';
import { identifierColumnOf, readBalanceFileRow } from '../../src/domain/balance-file.js';
import { findCurrency } from '../../src/domain/currency.js';
import { toMinorUnits } from '../../src/domain/money.js';
import { holds } from '../support/property.js';
/** A row of the published form; what is given takes the place of what it has. */
function row(cells = {}) {
    const { record = 'rec-1', account = '12345', currency = '826', actual = '5000', blocked = '2000', token = '' } = cells;
    return [record, account, currency, actual, blocked, token];
}
function read(cells) {
    const record = readBalanceFileRow(cells, 'account_id');
    if (typeof record === 'string')
        throw new Error(record);
    return record;
}
t.test('the published rows are read as they stand', async (t) => {
    for (const line of [
        '2a58261f-a7e0-4bc2-a21e-692309f8fe80,12345,826,5000,2000,', 'my_card_1234567890_balance,34567,826,6000,1800,'
    ]) {
        const [recordId, account] = line.split(',');
        t.match(read(line.split(',')), {
            recordId,
            item: { inputType: 'account', inputId: BigInt(account ?? ''), currency: '826' }
        });
    }
});
t.test('amounts are minor units of the row\'s currency, exactly', async (t) => {
    holds(t, fc.property(fc.constantFrom('826', '48', '392', '990'), fc.bigInt({
        min: -(2n ** 63n),
        max: 2n ** 63n - 1n
    }), fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }), (code, actual, blocked) => {
        const currency = findCurrency(code.padStart(3, '0'));
        if (currency === undefined)
            return false;
        const { item } = read(row({ currency: code, actual: String(actual), blocked: String(blocked) }));
        return item.currency === currency.numericCode && toMinorUnits(item.actual, currency) === actual &&
            toMinorUnits(item.blocked, currency) === blocked;
    }));
});
t.test('a currency is an integer, so that 48 means 048', async (t) => {
    t.equal(read(row({ currency: '48' })).item.currency, '048');
    t.equal(read(row({ currency: '8' })).item.currency, '008');
    t.equal(read(row({ currency: '048' })).item.currency, '048');
});
t.test('a row means the same however its numbers are written', async (t) => {
    t.same(read(row({ currency: '048', actual: '05000', account: '012345' })).fingerprint, read(row({ currency: '48' })).fingerprint);
    for (const other of [
        row({ actual: '5001' }),
        row({ blocked: '2001' }),
        row({ currency: '840' }),
        row({ account: '12346' })
    ]) {
        t.notSame(read(other).fingerprint, read(row()).fingerprint);
    }
    t.notSame(readBalanceFileRow(row({ account: '', token: '12345' }), 'token'), read(row()), 'a token is no account');
});
const FAULTS = [
    ['too few columns', row().slice(1), /^the row has 5 columns and must have 6$/],
    ['too many columns', [...row(), ''], /^the row has 7 columns/],
    ['no record_id', row({ record: '' }), /^record_id must be 1 to 40/],
    ['a record_id of 41 characters', row({ record: 'x'.repeat(41) }), /^record_id/],
    ['a record_id with another character', row({ record: 'rec.1' }), /^record_id/],
    ['neither account nor token', row({ account: '' }), /^exactly one of account_id and token/],
    ['both account and token', row({ token: '1' }), /^exactly one of account_id and token/],
    ['the other kind of number', row({ account: '', token: '1' }), /^the file names its accounts by account_id/],
    ['a negative account', row({ account: '-1' }), /^account_id must be a whole number from 0/],
    ['an account beyond 64 bits', row({ account: '9223372036854775808' }), /^account_id must be a whole number from 0/],
    ['an account of letters', row({ account: 'A1' }), /^account_id/],
    ['an alphabetic currency', row({ currency: 'GBP' }), /^bill_ccy/],
    ['a currency of four digits', row({ currency: '0826' }), /^bill_ccy/],
    ['major units', row({ actual: '50.00' }), /^act_balance must be a whole number of minor units$/],
    ['no actual balance', row({ actual: '' }), /^act_balance/],
    ['an exponent', row({ blocked: '2e3' }), /^blk_balance must be a whole number of minor units$/]
];
for (const [what, cells, fault] of FAULTS) {
    t.test(`a row with ${what} is no record`, async (t) => {
        t.match(readBalanceFileRow(cells, 'account_id'), fault);
    });
}
t.test('a row tells how its file names accounts when it has all of its cells, a record_id and one number', async (t) => {
    t.equal(identifierColumnOf(row()), 'account_id');
    t.equal(identifierColumnOf(row({ account: '', token: '1' })), 'token');
    t.equal(identifierColumnOf(row({ currency: 'GBP' })), 'account_id', 'whatever else is wrong with it');
    for (const cells of [
        row({ token: '1' }),
        row({ account: '' }),
        row({ record: 'rec.1' }),
        row({ account: 'A1' }),
        [...row(), ''],
        row().slice(0, 5),
        []
    ]) {
        t.equal(identifierColumnOf(cells), undefined, cells.join());
    }
});
t.test('while no row has decided, a row may name its account either way', async (t) => {
    t.match(readBalanceFileRow(row(), undefined), { item: { inputType: 'account' } });
    t.match(readBalanceFileRow(row({ account: '', token: '1' }), undefined), { item: { inputType: 'token' } });
});
//# sourceMappingURL=balance-file.test.js.map