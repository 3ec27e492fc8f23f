export const ZERO = { coefficient: 0n, exponent: 0 };
export const ONE = { coefficient: 1n, exponent: 0 };
/** The grammar of a number in JSON (RFC 8259, section 6), which is also the one of our decimal strings. */
const NUMBER = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;
/**
 * No number of ours is written with an exponent beyond this, up or down. One that is (`1e999999999`) is not read at
 * all, so that adding to an exponent stays exact and nobody is tempted to expand it into digits.
 */
export const EXPONENT_LIMIT = 1000;
/**
 * Reads a decimal number from its text, exactly.
 *
 * @param text a number as JSON writes it, for example `-12.50` or `1e3`
 * @returns the number, or undefined when the text is not a number in that grammar, or its exponent is beyond
 *   {@link EXPONENT_LIMIT}
 */
export function parseDecimal(text) {
    const match = NUMBER.exec(text);
    if (match === null)
        return undefined;
    const [, sign, whole, fraction = '', exponentText = '0'] = match;
    const givenExponent = Number(exponentText);
    if (Math.abs(givenExponent) > EXPONENT_LIMIT)
        return undefined;
    const digits = `${whole}${fraction}`;
    const significant = withoutTrailingZeros(digits);
    if (significant === '')
        return ZERO;
    return {
        coefficient: BigInt(`${sign}${significant}`),
        exponent: givenExponent - fraction.length + (digits.length - significant.length)
    };
}
/**
 * Reads a decimal number from a text that was checked before, or that this program has written.
 *
 * @param text a number in the grammar of JSON, with an exponent within {@link EXPONENT_LIMIT}
 * @throws RangeError for any other text
 */
export function readDecimal(text) {
    const decimal = parseDecimal(text);
    if (decimal === undefined)
        throw new RangeError(`${JSON.stringify(text)} is no decimal number`);
    return decimal;
}
/**
 * Counts the decimals that a number is written with: 2 in `200.00`, 3 in `1.5000e1`, none in `2e2`. (Java's BigDecimal
 * calls this the scale, and keeps it.)
 *
 * @param text a number as JSON writes it
 */
export function countDecimals(text) {
    const [, , , fraction = '', exponent = '0'] = NUMBER.exec(text);
    return Math.max(0, fraction.length - Number(exponent));
}
/**
 * Makes a decimal of whole units.
 *
 * @param units a safe integer
 * @param exponent of ten, by which the units are multiplied
 */
export function decimalOf(units, exponent) {
    if (units === 0)
        return ZERO;
    while (units % 10 === 0) {
        units /= 10;
        exponent += 1;
    }
    return { coefficient: BigInt(units), exponent };
}
/** Multiplies two decimals, exactly. */
export function multiplyDecimals(left, right) {
    return normalise(left.coefficient * right.coefficient, left.exponent + right.exponent);
}
/**
 * Subtracts one decimal from another, exactly. Both are written out to their common exponent, so that neither may
 * come unchecked from outside.
 */
export function subtractDecimals(left, right) {
    const exponent = Math.min(left.exponent, right.exponent);
    return normalise(expand(left, exponent) - expand(right, exponent), exponent);
}
/** Gives `units × 10^-decimals`: 20050 with 2 is 200.5. */
export function decimalOfUnits(units, decimals) {
    return normalise(units, -decimals);
}
/**
 * Writes `units × 10^-decimals` with exactly that many decimals: 20000 with 2 is `200.00`, 5 with 0 is `5`.
 *
 * @param units the number of smallest units
 * @param decimals how many digits stand behind the point, ≥ 0
 */
export function formatUnits(units, decimals) {
    const sign = units < 0n ? '-' : '';
    const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0');
    if (decimals === 0)
        return `${sign}${digits}`;
    return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
/** Writes a decimal in full, without an exponent and without needless zeros: `129.05`, `1000`. */
export function formatDecimal(decimal) {
    return decimal.exponent >= 0
        ? expand(decimal, 0).toString()
        : formatUnits(decimal.coefficient, -decimal.exponent);
}
/** A loop, because the pattern `0+$` takes quadratic time for a long run of zeros that is not the end. */
function withoutTrailingZeros(digits) {
    let end = digits.length;
    while (digits[end - 1] === '0')
        end -= 1;
    return digits.slice(0, end);
}
/** Those that amounts and rates are usually shifted by, because to work one out costs more than to multiply with it. */
const POWERS_OF_TEN = Array.from({ length: 20 }, (_, exponent) => 10n ** BigInt(exponent));
/**
 * Gives `value × 10^places`.
 *
 * @param places ≥ 0, and small enough for the result to be written out
 */
export function shiftLeft(value, places) {
    if (places === 0)
        return value;
    return value * (POWERS_OF_TEN[places] ?? 10n ** BigInt(places));
}
/** Gives the number of units of `10^exponent`, which must not be above the decimal's own exponent. */
function expand(decimal, exponent) {
    return shiftLeft(decimal.coefficient, decimal.exponent - exponent);
}
function normalise(coefficient, exponent) {
    if (coefficient === 0n)
        return ZERO;
    while (coefficient % 10n === 0n) {
        coefficient /= 10n;
        exponent += 1;
    }
    return { coefficient, exponent };
}
//# sourceMappingURL=decimal.js.map