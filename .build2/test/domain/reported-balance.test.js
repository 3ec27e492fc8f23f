import fc from 'fast-check';
import t from 'tap';
import { formatDecimal } from '../../src/domain/decimal.js';
import { formatAmount } from '../../src/domain/money.js';
import { driftOf, findReportFault, findValueFault } from '../../src/domain/reported-balance.js';
import { anyCurrency, currency, digits, int64, wholePart } from '../support/arbitraries.js';
import { equalFractions, fractionOf } from '../support/fraction.js';
import { holds } from '../support/property.js';
const LISTS = { balanceTypes: ['STATEMENT_BALANCE', 'DAILY_BALANCE'], businessUnits: undefined };
const WITH_UNITS = { ...LISTS, businessUnits: ['retail'] };
const GOOD = { isNumberUsed: false, isAccountKnown: true };
const report = (more = {}) => ({
    communicationNumber: 'COM217',
    requester: 'core',
    externalReference: 'WALLET-1',
    balanceType: 'STATEMENT_BALANCE',
    businessUnit: undefined,
    balanceAt: '2023-09-05T08:07:34.605000000Z',
    value: '1',
    equivalentValue: undefined,
    ...more
});
t.test('a value has up to 19 digits before the point and 18 behind it, as it is written', async (t) => {
    for (const text of [
        '0', '-0.0', '9999999999999999999.999999999999999999', '-9999999999999999999', '0.000000000000000001', '1e18',
        '1.500000000000000000', '1.50000000000000000000E2', '100000.5665'
    ]) {
        t.equal(findValueFault(text), undefined, text);
    }
    for (const text of ['0.0000000000000000001', '1e-19', '1.5000000000000000000', '0.0000000000000000000', '1.0e-18']) {
        t.equal(findValueFault(text), 'too-many-decimals', text);
    }
    for (const text of ['10000000000000000000', '-1e19', '1e999'])
        t.equal(findValueFault(text), 'out-of-range', text);
});
t.test('any value within the bounds is taken, and its drift from nothing is the value itself', async (t) => {
    holds(t, fc.property(fc.constantFrom('', '-'), wholePart(19), digits(1, 18), (sign, whole, decimals) => {
        const text = `${sign}${whole}.${decimals}`;
        return findValueFault(text) === undefined &&
            equalFractions(fractionOf(formatDecimal(driftOf(text, 0n, currency('404')))), fractionOf(text));
    }));
});
t.test('the faults of a report have an order', async (t) => {
    const wrong = report({ balanceType: 'WEEKLY', businessUnit: 'unknown' });
    const circumstances = { isNumberUsed: true, isAccountKnown: false };
    t.equal(findReportFault(wrong, WITH_UNITS, circumstances), 'balance-type-unknown');
    t.equal(findReportFault({ ...wrong, balanceType: 'DAILY_BALANCE' }, WITH_UNITS, circumstances), 'business-unit-unknown');
    t.equal(findReportFault(report(), WITH_UNITS, circumstances), 'business-unit-missing');
    t.equal(findReportFault(report({ businessUnit: 'retail' }), WITH_UNITS, circumstances), 'communication-number-used');
    t.equal(findReportFault(report({ businessUnit: 'retail' }), WITH_UNITS, { ...circumstances, isNumberUsed: false }), 'account-unknown');
    t.equal(findReportFault(report({ businessUnit: 'retail' }), WITH_UNITS, GOOD), undefined);
});
t.test('without a list of business units any or none will do, and a balance type may be left out', async (t) => {
    for (const businessUnit of [undefined, 'sandbox']) {
        t.equal(findReportFault(report({ businessUnit, balanceType: undefined }), LISTS, GOOD), undefined);
    }
});
t.test('the drift is what was reported less what is held, to the last digit', async (t) => {
    const drift = (value, held, code) => formatDecimal(driftOf(value, held, currency(code)));
    t.equal(drift('1250.5665', 125075n, '404'), '-0.1835');
    t.equal(drift('5.00', 5n, '392'), '0');
    t.equal(drift('9999999999999999999.999999999999999999', -(2n ** 63n), '048'), '10009223372036854775.807999999999999999');
    holds(t, fc.property(int64, anyCurrency, (held, of) => driftOf(formatAmount(held, of), held, of).coefficient === 0n));
});
//# sourceMappingURL=reported-balance.test.js.map