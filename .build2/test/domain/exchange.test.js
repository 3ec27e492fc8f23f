import fc from 'fast-check';
import t from 'tap';
import { convert, divideHalfToEven, findConversion, formatRate } from '../../src/domain/exchange.js';
import { anyCurrency, currency, int64, ratesFrom, rateText } from '../support/arbitraries.js';
import { equalFractions, fractionOf, inverse, nearestEven, times } from '../support/fraction.js';
import { holds } from '../support/property.js';
const KES = '404';
const JPY = '392';
const USD = '840';
/** Which rates are published, for each way from KES to JPY with USD as the pivot, and what they make of two rates. */
const WAYS = [
    ['direct', '404/392', undefined, (first) => first],
    ['inverse', '392/404', undefined, (first) => inverse(first)],
    ['cross of direct and direct', '404/840', '840/392', (first, second) => times(first, second)],
    ['cross of direct and inverse', '404/840', '392/840', (first, second) => times(first, inverse(second))],
    ['cross of inverse and direct', '840/404', '840/392', (first, second) => times(inverse(first), second)],
    ['cross of inverse and inverse', '840/404', '392/840', (first, second) => times(inverse(first), inverse(second))]
];
function published(rates, from = KES, to = JPY) {
    const conversion = findConversion(from, to, ratesFrom(rates), USD);
    if (conversion === undefined)
        throw new Error('the rates do not connect the two');
    return conversion;
}
function exactRate({ numerator, denominator }) {
    const [above, below] = [numerator, denominator].map(({ coefficient, exponent }) => fractionOf(`${coefficient}e${exponent}`));
    return times(above ?? fractionOf('0'), inverse(below ?? fractionOf('0')));
}
for (const [name, first, second, exact] of WAYS) {
    t.test(`the ${name} rate is exact and never itself rounded`, async (t) => {
        holds(t, fc.property(rateText, rateText, (one, two) => {
            const conversion = published(second === undefined ? { [first]: one } : { [first]: one, [second]: two });
            return name.startsWith(conversion.method) &&
                equalFractions(exactRate(conversion), exact(fractionOf(one), fractionOf(two)));
        }));
    });
    t.test(`an amount with the ${name} rate is rounded once, half to even, or is out of range`, async (t) => {
        holds(t, fc.property(int64, rateText, rateText, anyCurrency, anyCurrency, (amount, one, two, from, to) => {
            const conversion = published(second === undefined ? { [first]: one } : { [first]: one, [second]: two });
            const scale = fractionOf(`1e${to.minorUnitDecimals - from.minorUnitDecimals}`);
            const wanted = nearestEven(times({ numerator: amount, denominator: 1n }, times(exact(fractionOf(one), fractionOf(two)), scale)));
            return convert(amount, from, to, conversion) === (BigInt.asIntN(64, wanted) === wanted ? wanted : undefined);
        }));
    });
}
t.test('a conversion names the published pairs that it used, in its order', async (t) => {
    t.same(published({ '404/392': '2' }).pairs, [{ base: KES, quote: JPY }]);
    t.same(published({ '392/404': '2' }).pairs, [{ base: JPY, quote: KES }]);
    t.same(published({ '840/404': '2', '840/392': '3' }).pairs, [{ base: USD, quote: KES }, { base: USD, quote: JPY }]);
    t.same(published({}, KES, KES).pairs, []);
});
t.test('the direct rate goes before the inverse one, and both before a cross rate', async (t) => {
    const rates = { '404/392': '2', '392/404': '3', '404/840': '5', '840/392': '7' };
    t.equal(formatRate(published(rates)), '2');
    t.equal(formatRate(published({ ...rates, '404/392': '1.5' })), '1.5');
    const { '404/392': _direct, ...withoutDirect } = rates;
    t.equal(formatRate(published(withoutDirect)), '1/3');
    const { '392/404': _opposite, ...onlyLegs } = withoutDirect;
    t.equal(formatRate(published(onlyLegs)), '35');
});
t.test('in each leg of a cross rate, too, the direct rate goes before the inverse one', async (t) => {
    t.equal(formatRate(published({ '404/840': '5', '840/404': '11', '840/392': '7', '392/840': '13' })), '35');
});
t.test('a cross rate goes through the pivot and through no other currency', async (t) => {
    t.equal(findConversion(KES, JPY, ratesFrom({ '404/978': '2', '978/392': '3' }), USD), undefined);
    t.equal(findConversion(KES, JPY, ratesFrom({ '404/978': '2', '978/392': '3' }), '978')?.method, 'cross');
});
t.test('one leg alone connects nothing', async (t) => {
    t.equal(findConversion(KES, JPY, ratesFrom({ '404/840': '2' }), USD), undefined);
    t.equal(findConversion(KES, JPY, ratesFrom({ '840/392': '2' }), USD), undefined);
    t.equal(findConversion(KES, JPY, ratesFrom({}), USD), undefined);
});
t.test('from or to the pivot itself there is no cross rate', async (t) => {
    t.equal(findConversion(USD, JPY, ratesFrom({ '840/404': '2', '404/392': '3' }), USD), undefined);
    t.equal(published({ '392/840': '2' }, USD, JPY).method, 'inverse');
});
t.test('an amount in the account\'s own currency is left as it is, whatever rates there are', async (t) => {
    const conversion = published({ '404/404': '2' }, KES, KES);
    t.equal(conversion.method, 'none');
    holds(t, fc.property(int64, (amount) => convert(amount, currency(KES), currency(KES), conversion) === amount));
});
t.test('the way through the pivot and back gives the same amount, because no third was cut off in between', async (t) => {
    const conversion = published({ '840/404': '3', '840/392': '3' });
    holds(t, fc.property(int64, (amount) => convert(amount, currency(KES), currency(KES), conversion) === amount));
});
t.test('the decimals of both currencies count', async (t) => {
    const rate = published({ '404/392': '1' });
    t.equal(convert(12345n, currency('404'), currency('048'), rate), 123450n);
    t.equal(convert(12345n, currency('404'), currency('392'), rate), 123n);
    t.equal(convert(1n, currency('392'), currency('990'), rate), 10000n);
});
t.test('a converted tie goes to the even neighbour, also below zero', async (t) => {
    const rate = published({ '404/392': '1' });
    const ties = {
        50: 0n,
        150: 2n,
        250: 2n,
        350: 4n,
        '-50': 0n,
        '-150': -2n,
        '-250': -2n,
        '-350': -4n,
        251: 3n,
        '-249': -2n
    };
    for (const [cents, yen] of Object.entries(ties)) {
        t.equal(convert(BigInt(cents), currency('404'), currency('392'), rate), yen, cents);
    }
});
t.test('what does not fit into 64 bits after the conversion is no amount', async (t) => {
    const kes = currency(KES);
    const double = published({ '404/392': '2' });
    t.equal(convert(4611686018427387903n, kes, kes, double), 9223372036854775806n);
    t.equal(convert(4611686018427387904n, kes, kes, double), undefined);
    t.equal(convert(-4611686018427387904n, kes, kes, double), -9223372036854775808n);
    t.equal(convert(-4611686018427387905n, kes, kes, double), undefined);
});
t.test('a quotient is rounded to the nearest whole number, and a tie to the even one', async (t) => {
    const divisor = fc.bigInt({ min: 1n, max: 10n ** 12n });
    holds(t, fc.property(fc.bigInt(), divisor, (dividend, divisor) => divideHalfToEven(dividend, divisor) === nearestEven({ numerator: dividend, denominator: divisor })));
    holds(t, fc.property(fc.bigInt(), divisor, (half, divisor) => {
        const tie = { numerator: (2n * half + 1n) * divisor, denominator: 2n * divisor };
        const rounded = divideHalfToEven(tie.numerator, tie.denominator);
        return rounded % 2n === 0n && (rounded === half || rounded === half + 1n);
    }));
});
t.test('a rate is written as the decimal it is, and as a fraction where an inverse is in it', async (t) => {
    t.equal(formatRate(published({}, KES, KES)), '1');
    t.equal(formatRate(published({ '404/392': '129.050' })), '129.05');
    t.equal(formatRate(published({ '392/404': '129.05' })), '1/129.05');
    t.equal(formatRate(published({ '840/404': '129.05', '840/392': '0.92' })), '0.92/129.05');
    t.equal(formatRate(published({ '404/840': '0.5', '840/392': '151.37' })), '75.685');
    t.equal(formatRate(published({ '840/404': '129.05', '392/840': '0.0066' })), '1/0.85173');
});
t.test('a conversion is as old as the oldest of its rates', async (t) => {
    t.equal(published({ '404/840': '1', '404/392': '2' }).effectiveAtMs, 2);
    t.equal(published({ '404/840': '1', '392/404': '2' }).effectiveAtMs, 2);
    t.equal(published({ '404/840': '1', '840/392': '2' }).effectiveAtMs, 1);
    t.equal(published({ '392/840': '1', '404/840': '2' }).effectiveAtMs, 1);
    t.equal(published({}, KES, KES).effectiveAtMs, undefined);
});
//# sourceMappingURL=exchange.test.js.map