import fc from 'fast-check';
import t from 'tap';
import { countDecimals, decimalOfUnits, formatDecimal, formatUnits, multiplyDecimals, ONE, parseDecimal, readDecimal, subtractDecimals, ZERO } from '../../src/domain/decimal.js';
import { decimal, digits, numberText } from '../support/arbitraries.js';
import { equalFractions, fractionOf, times } from '../support/fraction.js';
import { holds } from '../support/property.js';
t.test('a decimal has exactly the value of its text', async (t) => {
    holds(t, fc.property(numberText, (text) => {
        const { coefficient, exponent } = decimal(text);
        return equalFractions(fractionOf(`${coefficient}e${exponent}`), fractionOf(text));
    }));
});
t.test('equal numbers have equal fields, however they are written', async (t) => {
    for (const text of ['1.5', '1.50', '15e-1', '0.15E+1', '0.0015e3', '150.000e-02']) {
        t.strictSame(decimal(text), { coefficient: 15n, exponent: -1 }, text);
    }
    for (const text of ['1000', '1e3', '1000.00', '0.1e4']) {
        t.strictSame(decimal(text), { coefficient: 1n, exponent: 3 }, text);
    }
});
t.test('the coefficient has no trailing zeros', async (t) => {
    holds(t, fc.property(numberText, (text) => {
        const { coefficient, exponent } = decimal(text);
        return coefficient === 0n ? exponent === 0 : coefficient % 10n !== 0n;
    }));
});
t.test('the decimals of a number are counted as it is written', async (t) => {
    for (const [text, count] of [
        ['200', 0],
        ['200.00', 2],
        ['-0.0', 1],
        ['1.5000e1', 3],
        ['2e2', 0],
        ['1.5E+3', 0],
        ['15e-20', 20],
        ['1e-999999999', 999_999_999]
    ]) {
        t.equal(countDecimals(text), count, text);
    }
});
t.test('every zero is the same zero, without a sign and without an exponent', async (t) => {
    for (const text of ['0', '-0', '0.00', '0e5', '-0.000E-300'])
        t.strictSame(decimal(text), ZERO, text);
});
t.test('a text is a number exactly where JSON says so and its exponent is not absurd', async (t) => {
    const almostNumber = fc.string({ unit: fc.constantFrom(...'0012345.eE+-'), maxLength: 8 });
    const isAbsurd = (text) => Math.abs(Number(/e(.*)/i.exec(text)?.[1] ?? 0)) > 1000;
    holds(t, fc.property(almostNumber, (text) => (parseDecimal(text) !== undefined) === (isJsonNumber(text) && !isAbsurd(text))), { numRuns: 2000 });
});
t.test('what is not a number in the grammar of JSON is no decimal', async (t) => {
    for (const text of [
        '', '+1', '01', '-01', '.5', '5.', '1e', '1e+', '--1', ' 1', '1 ', '1\n', '1,5', '0x10', 'NaN', 'Infinity', '1_000',
        '١'
    ]) {
        t.equal(parseDecimal(text), undefined, JSON.stringify(text));
    }
});
t.test('a number whose exponent is beyond a thousand is not read, rather than as another number', async (t) => {
    t.strictSame(parseDecimal('7e1000'), { coefficient: 7n, exponent: 1000 });
    t.strictSame(parseDecimal('-7e-1000'), { coefficient: -7n, exponent: -1000 });
    for (const text of ['7e1001', '7e-1001', '0e1001', '-7e-999999999', `7e${'9'.repeat(400)}`]) {
        t.equal(parseDecimal(text), undefined, text);
    }
});
t.test('a million zeros in the middle of a number are read at once, and not in quadratic time', async (t) => {
    t.strictSame(parseDecimal(`0.${'0'.repeat(1_000_000)}1`), { coefficient: 1n, exponent: -1_000_001 });
});
t.test('a product is exact and in normal form', async (t) => {
    holds(t, fc.property(numberText, numberText, (left, right) => {
        const product = multiplyDecimals(decimal(left), decimal(right));
        const text = `${product.coefficient}e${product.exponent}`;
        const isNormal = product.coefficient === 0n ? product.exponent === 0 : product.coefficient % 10n !== 0n;
        return isNormal && equalFractions(fractionOf(text), times(fractionOf(left), fractionOf(right)));
    }));
});
t.test('the zeros that a product brings are moved into its exponent', async (t) => {
    t.strictSame(multiplyDecimals(decimal('2.5'), decimal('40')), { coefficient: 1n, exponent: 2 });
    t.strictSame(multiplyDecimals(decimal('129.05'), ZERO), ZERO);
    t.strictSame(multiplyDecimals(decimal('129.05'), ONE), decimal('129.05'));
});
t.test('a decimal is written in full, without an exponent and without needless zeros', async (t) => {
    const written = {
        '129.050': '129.05',
        '1e3': '1000',
        '-5e-3': '-0.005',
        '0.0': '0',
        '-12.50': '-12.5',
        1e21: '1000000000000000000000'
    };
    for (const [text, full] of Object.entries(written))
        t.equal(formatDecimal(decimal(text)), full, text);
    holds(t, fc.property(numberText, (text) => /^(?:0|-?(?:[1-9]\d*|(?:0|[1-9]\d*)\.\d*[1-9]))$/.test(formatDecimal(decimal(text)))));
});
t.test('what is written is read again as the same decimal', async (t) => {
    holds(t, fc.property(numberText, (text) => {
        const [first, second] = [decimal(text), decimal(formatDecimal(decimal(text)))];
        return first.coefficient === second.coefficient && first.exponent === second.exponent;
    }));
});
t.test('units are written with exactly the decimals that are asked for', async (t) => {
    t.equal(formatUnits(20000n, 2), '200.00');
    t.equal(formatUnits(5n, 0), '5');
    t.equal(formatUnits(-5n, 0), '-5');
    t.equal(formatUnits(-5n, 2), '-0.05');
    t.equal(formatUnits(0n, 3), '0.000');
    t.equal(formatUnits(1500n, 3), '1.500');
});
t.test('the units are what is left when the point is taken out', async (t) => {
    holds(t, fc.property(fc.constantFrom('', '-'), digits(1, 25), fc.integer({
        min: 1,
        max: 18
    }), (sign, text, decimals) => {
        const units = BigInt(sign + text);
        const written = formatUnits(units, decimals);
        return BigInt(written.replace('.', '')) === units && written.indexOf('.') === written.length - decimals - 1 &&
            !/^-?0\d/.test(written);
    }));
});
function isJsonNumber(text) {
    try {
        return typeof JSON.parse(text) === 'number';
    }
    catch {
        return false;
    }
}
t.test('a difference is exact, in its normal form, and leads back', async (t) => {
    holds(t, fc.property(numberText, numberText, (left, right) => {
        const difference = subtractDecimals(decimal(left), decimal(right));
        const { numerator, denominator } = fractionOf(formatDecimal(difference));
        const [minuend, subtrahend] = [fractionOf(left), fractionOf(right)];
        const wanted = {
            numerator: minuend.numerator * subtrahend.denominator - subtrahend.numerator * minuend.denominator,
            denominator: minuend.denominator * subtrahend.denominator
        };
        return equalFractions({ numerator, denominator }, wanted) &&
            (difference.coefficient === 0n ? difference.exponent === 0 : difference.coefficient % 10n !== 0n);
    }));
});
t.test('units and their decimals make the number that they are written as', async (t) => {
    holds(t, fc.property(fc.bigInt(), fc.nat(20), (units, decimals) => formatDecimal(decimalOfUnits(units, decimals)) === formatDecimal(decimal(formatUnits(units, decimals)))));
    t.strictSame(decimalOfUnits(20050n, 2), { coefficient: 2005n, exponent: -1 });
});
t.test('a text that was taken for checked and is no number is never read as one', async (t) => {
    t.strictSame(readDecimal('200.50'), { coefficient: 2005n, exponent: -1 });
    for (const text of ['', '1,5', '1e1001', 'NaN'])
        t.throws(() => readDecimal(text), RangeError);
});
//# sourceMappingURL=decimal.test.js.map