import fc from 'fast-check';
import t from 'tap';
import { availableBalance, formatAmount, isInt64, toMinorUnits } from '../../src/domain/money.js';
import { amountText, anyCurrency, currency, decimal, int64, numberText } from '../support/arbitraries.js';
import { fractionOf, times, wholeOf } from '../support/fraction.js';
import { holds } from '../support/property.js';
const GREATEST = 9223372036854775807n;
const LEAST = -9223372036854775808n;
const minorUnits = (text, numericCode) => toMinorUnits(decimal(text), currency(numericCode));
t.test('an amount in major units becomes exactly its minor units, or tells what is wrong', async (t) => {
    holds(t, fc.property(fc.oneof(amountText, numberText), anyCurrency, (text, currency) => toMinorUnits(decimal(text), currency) === expectedMinorUnits(text, currency)), { numRuns: 2000 });
});
t.test('200 is 200.00: major units and not cents', async (t) => {
    t.equal(minorUnits('200', '404'), 20000n);
    t.equal(minorUnits('200', '392'), 200n);
    t.equal(minorUnits('200', '048'), 200000n);
    t.equal(minorUnits('200', '990'), 2000000n);
    t.equal(minorUnits('-0.01', '404'), -1n);
});
t.test('an amount with more decimals than the currency has is refused and never rounded', async (t) => {
    t.equal(minorUnits('0.001', '404'), 'too-many-decimals');
    t.equal(minorUnits('0.001', '048'), 1n);
    t.equal(minorUnits('0.0001', '048'), 'too-many-decimals');
    t.equal(minorUnits('0.5', '392'), 'too-many-decimals');
    t.equal(minorUnits('1e-400', '404'), 'too-many-decimals');
});
t.test('trailing zeros are no decimals', async (t) => {
    t.equal(minorUnits('5.000', '392'), 5n);
    t.equal(minorUnits('1.500000', '404'), 150n);
    t.equal(minorUnits('0.000000', '404'), 0n);
});
t.test('a balance goes up to the greatest and down to the least whole number of 64 bits', async (t) => {
    t.equal(minorUnits('92233720368547758.07', '404'), GREATEST);
    t.equal(minorUnits('92233720368547758.08', '404'), 'out-of-range');
    t.equal(minorUnits('-92233720368547758.08', '404'), LEAST);
    t.equal(minorUnits('-92233720368547758.09', '404'), 'out-of-range');
    t.equal(minorUnits('9e16', '404'), 9000000000000000000n);
    t.equal(minorUnits('1e17', '404'), 'out-of-range');
});
t.test('an absurd exponent is out of range and is not written out in digits', async (t) => {
    t.equal(minorUnits('1e1000', '404'), 'out-of-range');
    t.equal(minorUnits('-1e1000', '404'), 'out-of-range');
    t.equal(minorUnits('1e-1000', '404'), 'too-many-decimals');
});
t.test('too many decimals are told before the range', async (t) => {
    t.equal(minorUnits('99999999999999999999.999', '404'), 'too-many-decimals');
});
t.test('64 bits with sign hold what is between both bounds, and the bounds', async (t) => {
    t.ok(isInt64(GREATEST));
    t.notOk(isInt64(GREATEST + 1n));
    t.ok(isInt64(LEAST));
    t.notOk(isInt64(LEAST - 1n));
    holds(t, fc.property(fc.bigInt(), (value) => isInt64(value) === (BigInt.asIntN(64, value) === value)));
});
t.test('an amount is written with exactly the decimals of its currency', async (t) => {
    t.equal(formatAmount(20000n, currency('404')), '200.00');
    t.equal(formatAmount(1500n, currency('048')), '1.500');
    t.equal(formatAmount(5n, currency('392')), '5');
    t.equal(formatAmount(-1n, currency('990')), '-0.0001');
});
t.test('a written amount is read again as the same minor units', async (t) => {
    holds(t, fc.property(int64, anyCurrency, (units, currency) => toMinorUnits(decimal(formatAmount(units, currency)), currency) === units));
});
t.test('available is actual less blocked, also beyond 64 bits', async (t) => {
    t.equal(availableBalance({ actual: 20000n, blocked: 5000n }), 15000n);
    t.equal(availableBalance({ actual: 100n, blocked: 300n }), -200n);
    t.equal(availableBalance({ actual: LEAST, blocked: GREATEST }), -18446744073709551615n);
});
function expectedMinorUnits(text, { minorUnitDecimals }) {
    const units = wholeOf(times(fractionOf(text), fractionOf(`1e${minorUnitDecimals}`)));
    if (units === undefined)
        return 'too-many-decimals';
    return units >= LEAST && units <= GREATEST ? units : 'out-of-range';
}
//# sourceMappingURL=money.test.js.map