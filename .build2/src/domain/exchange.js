import { formatDecimal, multiplyDecimals, ONE, shiftLeft } from './decimal.js';
import { isInt64 } from './money.js';
const NO_CONVERSION = {
    numerator: ONE,
    denominator: ONE,
    method: 'none',
    pairs: [],
    effectiveAtMs: undefined
};
/**
 * Finds the rate between two currencies: the direct one, else the inverse of the opposite one, else across
 * the pivot currency, where each of the two legs is again direct or inverse.
 *
 * @param from ISO 4217 numeric code of the amount
 * @param to ISO 4217 numeric code of the account
 * @param pivot ISO 4217 numeric code of the one currency that may stand between them
 * @returns undefined when the published rates do not connect the two
 */
export function findConversion(from, to, rates, pivot) {
    if (from === to)
        return NO_CONVERSION;
    const leg = findLeg(from, to, rates);
    if (leg !== undefined)
        return leg;
    const toPivot = findLeg(from, pivot, rates);
    const fromPivot = findLeg(pivot, to, rates);
    if (toPivot === undefined || fromPivot === undefined)
        return undefined;
    return {
        numerator: multiplyDecimals(toPivot.numerator, fromPivot.numerator),
        denominator: multiplyDecimals(toPivot.denominator, fromPivot.denominator),
        method: 'cross',
        pairs: [...toPivot.pairs, ...fromPivot.pairs],
        effectiveAtMs: Math.min(toPivot.effectiveAtMs, fromPivot.effectiveAtMs)
    };
}
/** Names the published pairs that {@link findConversion} may look up between two currencies. */
export function pairsBetween(from, to, pivot) {
    if (from === to)
        return [];
    return [[from, to], [from, pivot], [pivot, to]].flatMap(([base = '', quote = '']) => [{ base, quote }, { base: quote, quote: base }]);
}
function findLeg(from, to, rates) {
    const direct = rates(from, to);
    if (direct !== undefined) {
        const { effectiveAtMs } = direct;
        return { numerator: direct, denominator: ONE, method: 'direct', pairs: [{ base: from, quote: to }], effectiveAtMs };
    }
    const opposite = rates(to, from);
    if (opposite === undefined)
        return undefined;
    const { effectiveAtMs } = opposite;
    return { numerator: ONE, denominator: opposite, method: 'inverse', pairs: [{ base: to, quote: from }], effectiveAtMs };
}
/**
 * Converts an amount with an exact rate and rounds once, half to even, to the target's minor unit.
 *
 * @param minorUnits the amount, in minor units of `from`
 * @returns minor units of `to`, or undefined when the result is outside int64
 */
export function convert(minorUnits, from, to, conversion) {
    if (conversion.method === 'none')
        return minorUnits;
    const { numerator, denominator } = conversion;
    const shift = numerator.exponent - denominator.exponent + to.minorUnitDecimals - from.minorUnitDecimals;
    const dividend = shiftLeft(minorUnits * numerator.coefficient, Math.max(0, shift));
    const divisor = shiftLeft(denominator.coefficient, Math.max(0, -shift));
    const converted = divideHalfToEven(dividend, divisor);
    return isInt64(converted) ? converted : undefined;
}
/**
 * Writes the exact rate: a decimal (`129.05`) where it is one as published, and a fraction of decimals
 * (`1/129.05`, `0.92/129.05`) where an inverse is in it, because such a rate has no finite decimal form.
 */
export function formatRate({ numerator, denominator, method }) {
    if (method === 'none')
        return '1';
    const divisor = formatDecimal(denominator);
    return divisor === '1' ? formatDecimal(numerator) : `${formatDecimal(numerator)}/${divisor}`;
}
/** Writes from when on the oldest rate of a conversion holds (RFC 3339, UTC); null without a conversion. */
export function formatEffectiveAt({ effectiveAtMs }) {
    return effectiveAtMs === undefined ? null : new Date(effectiveAtMs).toISOString();
}
/** Divides and rounds to the nearest whole number, a tie to the even one. The divisor is above zero. */
export function divideHalfToEven(dividend, divisor) {
    const quotient = dividend / divisor;
    const remainder = dividend % divisor;
    const twice = 2n * (remainder < 0n ? -remainder : remainder);
    const away = dividend < 0n ? -1n : 1n;
    if (twice > divisor)
        return quotient + away;
    if (twice < divisor)
        return quotient;
    return quotient % 2n === 0n ? quotient : quotient + away;
}
//# sourceMappingURL=exchange.js.map