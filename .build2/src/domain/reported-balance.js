import { countDecimals, decimalOfUnits, readDecimal, subtractDecimals } from './decimal.js';
/** How large a reported value may be: as many digits before the point as the greatest balance without decimals has. */
export const VALUE_WHOLE_DIGITS = 19;
export const VALUE_DECIMALS = 18;
/**
 * Finds what keeps a value from being kept as it is written. Decimals count as they are written, also the zeros at
 * their end, because they are kept.
 *
 * @param text a number as JSON writes it
 * @returns undefined when it has at most 19 digits before the point and 18 behind it
 */
export function findValueFault(text) {
    if (countDecimals(text) > VALUE_DECIMALS)
        return 'too-many-decimals';
    const { coefficient, exponent } = readDecimal(text);
    const digits = coefficient.toString().replace('-', '').length;
    return digits + exponent > VALUE_WHOLE_DIGITS ? 'out-of-range' : undefined;
}
/**
 * Finds why a report is to be rejected, the first of: its balance type is not in the list, its business unit is
 * missing or not in the list, its number was used before, its account is unknown. (AMLYZE publishes the faults
 * but not their order; that is our ruling.)
 *
 * @returns undefined when it is to be accepted
 */
export function findReportFault(report, lists, { isNumberUsed, isAccountKnown }) {
    const { balanceType, businessUnit } = report;
    if (balanceType !== undefined && !lists.balanceTypes.includes(balanceType))
        return 'balance-type-unknown';
    if (lists.businessUnits !== undefined) {
        if (businessUnit === undefined)
            return 'business-unit-missing';
        if (!lists.businessUnits.includes(businessUnit))
            return 'business-unit-unknown';
    }
    if (isNumberUsed)
        return 'communication-number-used';
    return isAccountKnown ? undefined : 'account-unknown';
}
/**
 * Tells how far a reported value is from the stand-in balance, exactly: reported − held.
 *
 * @param value in major units, a number as JSON writes it in which `findValueFault` finds no fault
 * @param heldMinorUnits the actual balance, in minor units of `currency`, which must be the value's currency as well
 */
export function driftOf(value, heldMinorUnits, currency) {
    return subtractDecimals(readDecimal(value), decimalOfUnits(heldMinorUnits, currency.minorUnitDecimals));
}
//# sourceMappingURL=reported-balance.js.map