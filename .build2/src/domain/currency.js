import { currencies } from 'countries-list/currencies';
/**
 * Codes that ISO 4217 lists with the minor unit "N.A.": precious metals, bond market units, units of
 * account, and the codes for tests and for "no currency". No balance is kept in them. (The package gives
 * them zero decimals, which would make them look like the yen.)
 */
const WITHOUT_MINOR_UNIT = new Set([
    'XAG', 'XAU', 'XBA', 'XBB', 'XBC', 'XBD', 'XDR', 'XPD', 'XPT', 'XSU', 'XTS', 'XUA', 'XXX'
]);
const byNumericCode = new Map(Object.entries(currencies)
    .filter(([alphaCode, entry]) => entry.withdrawn !== true && !WITHOUT_MINOR_UNIT.has(alphaCode))
    .map(([alphaCode, { numeric, decimals, name }]) => [numeric, { numericCode: numeric, alphaCode, minorUnitDecimals: decimals, name }]));
/** Every currency that an account can be kept in: current in ISO 4217 and with a minor unit. */
export const allCurrencies = [...byNumericCode.values()];
const byAlphaCode = new Map(allCurrencies.map((currency) => [currency.alphaCode, currency]));
/**
 * Finds a currency by its ISO 4217 numeric code.
 *
 * @param numericCode three digits, leading zeros kept
 * @returns the currency, or undefined for an unknown or withdrawn code and for one without a minor unit
 */
export function findCurrency(numericCode) {
    return byNumericCode.get(numericCode);
}
/**
 * Finds a currency by a code that a person has typed. This is the one place that says which codes stand for it.
 *
 * @param code numeric with its leading zeros (`048`), or alphabetic in any case (`BHD`, `bhd`)
 * @returns undefined for a code that {@link findCurrency} would not find either
 */
export function findTypedCurrency(code) {
    return byNumericCode.get(code) ?? byAlphaCode.get(code.toUpperCase());
}
/** Gives the numeric code of a currency that a person has typed. A code of no currency stays as it is. */
export function numericCodeOf(code) {
    return findTypedCurrency(code)?.numericCode ?? code;
}
/**
 * Finds a currency by its ISO 4217 alphabetic code.
 *
 * @param alphaCode three capital letters
 * @returns undefined for a code that {@link findCurrency} would not find either
 */
export function findCurrencyByAlphaCode(alphaCode) {
    return byAlphaCode.get(alphaCode);
}
//# sourceMappingURL=currency.js.map