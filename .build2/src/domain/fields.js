import { findTypedCurrency } from './currency.js';
import { readDecimal } from './decimal.js';
import { isInt64, toMinorUnits } from './money.js';
const AMOUNT_FAULTS = {
    'too-many-decimals': ({ alphaCode, minorUnitDecimals }) => `has more decimals than ${alphaCode} has (${minorUnitDecimals})`,
    'out-of-range': ({ alphaCode }) => `is outside the range of a balance in ${alphaCode} (64 bits of minor units)`
};
/** Finds a currency by a code that a person has typed, or adds the fault. */
export function readCurrency(place, code, faults) {
    const currency = findTypedCurrency(code);
    if (currency === undefined) {
        faults.add(place, `is ${code}, which is no current ISO 4217 currency with a minor unit`);
    }
    return currency;
}
/** Reads an amount in major units. A wrong amount gives 0 beside the fault. */
export function readAmount(place, text, currency, faults) {
    const amount = toMinorUnits(readDecimal(text), currency);
    if (typeof amount === 'bigint')
        return amount;
    faults.add(place, AMOUNT_FAULTS[amount](currency));
    return 0n;
}
/** Reads an account number or a token, which must be unique within its kind. */
export function readIdentifier(kind, place, digits, faults) {
    const value = readNumber(place, digits, faults);
    faults.requireUnique(kind, place, digits);
    return value;
}
/** Reads an account number or a token. */
export function readNumber(place, digits, faults) {
    const value = BigInt(digits);
    if (!isInt64(value))
        faults.add(place, 'must be at most 9223372036854775807');
    return value;
}
//# sourceMappingURL=fields.js.map