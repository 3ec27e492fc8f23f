import { formatUnits, shiftLeft } from './decimal.js';
const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
/** The digits of the greatest int64. An amount with more digits is out of range before it is expanded. */
const INT64_DIGITS = 19;
/** Tells whether a whole number fits into 64 bits with sign, the range of a stored balance. */
export function isInt64(value) {
    return value >= INT64_MIN && value <= INT64_MAX;
}
/**
 * Turns an amount in major units into minor units, exactly; nothing is ever rounded.
 *
 * @param amount in major units: 200 is 200.00
 * @param currency decides how many decimals are allowed
 * @returns the minor units, or the fault: more decimals than the currency has (trailing zeros do not
 *   count), or a value outside int64
 */
export function toMinorUnits(amount, currency) {
    const shift = amount.exponent + currency.minorUnitDecimals;
    if (shift < 0)
        return 'too-many-decimals';
    if (shift > INT64_DIGITS)
        return 'out-of-range';
    const units = shiftLeft(amount.coefficient, shift);
    return isInt64(units) ? units : 'out-of-range';
}
/** Writes minor units as an amount in major units with exactly the currency's decimals: `200.00`, `1.500`, `5`. */
export function formatAmount(minorUnits, currency) {
    return formatUnits(minorUnits, currency.minorUnitDecimals);
}
/** What stand-in processing may spend: actual − blocked (Paymentology). Negative when more is blocked than there is. */
export function availableBalance(balances) {
    return balances.actual - balances.blocked;
}
//# sourceMappingURL=money.js.map