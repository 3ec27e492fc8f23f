/** Reads the text of a JSON number. */
export function fractionOf(text) {
    const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
    const [whole = '', decimals = ''] = mantissa.split('.');
    const power = BigInt(exponent.replace('+', '')) - BigInt(decimals.length);
    const digits = BigInt(whole + decimals);
    return power < 0n
        ? { numerator: digits, denominator: 10n ** -power }
        : { numerator: digits * 10n ** power, denominator: 1n };
}
export function times(left, right) {
    return { numerator: left.numerator * right.numerator, denominator: left.denominator * right.denominator };
}
/** The fraction must be above zero. */
export function inverse({ numerator, denominator }) {
    return { numerator: denominator, denominator: numerator };
}
export function equalFractions(left, right) {
    return left.numerator * right.denominator === right.numerator * left.denominator;
}
/** Gives the whole number that a fraction is, or undefined when it is none. */
export function wholeOf({ numerator, denominator }) {
    return numerator % denominator === 0n ? numerator / denominator : undefined;
}
/** Rounds to the nearest whole number and a tie to the even one, going up from the floor. */
export function nearestEven({ numerator, denominator }) {
    const beyondWhole = ((numerator % denominator) + denominator) % denominator;
    const floor = (numerator - beyondWhole) / denominator;
    const rest = denominator - beyondWhole;
    if (beyondWhole < rest)
        return floor;
    if (beyondWhole > rest)
        return floor + 1n;
    return BigInt.asUintN(1, floor) === 0n ? floor : floor + 1n;
}
//# sourceMappingURL=fraction.js.map