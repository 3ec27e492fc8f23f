import { allCurrencies, findCurrency } from '../../domain/currency.js';
import { all, eachRun, first, int8, sql, statement, text } from '../sql.js';
const REMEMBER = statement `INSERT INTO currencies (numeric_code, alpha_code, minor_unit_decimals)
  VALUES (${text}, ${text}, ${int8})
  ON CONFLICT (numeric_code) DO UPDATE SET minor_unit_decimals = excluded.minor_unit_decimals`;
/**
 * Lets the database remember how many decimals the minor unit of each currency has, so that the amounts in it keep
 * their value whatever a later ISO 4217 says. For the opening of a store.
 *
 * @returns the first currency that amounts are stored in and that has other decimals now; then nothing is written
 */
export function* rememberCurrencies() {
    const remembered = yield* readRemembered();
    const changed = [];
    for (const known of allCurrencies) {
        const earlier = remembered.get(known.numericCode);
        if (earlier?.minorUnitDecimals === known.minorUnitDecimals)
            continue;
        if (earlier !== undefined && (yield* isUsed(known.numericCode)))
            return { remembered: earlier, known };
        changed.push(known);
    }
    yield* eachRun(REMEMBER, changed.map(({ numericCode, alphaCode, minorUnitDecimals }) => [numericCode, alphaCode, BigInt(minorUnitDecimals)]));
    return undefined;
}
function* isUsed(code) {
    const found = yield* first(sql `SELECT 1 AS used WHERE EXISTS (SELECT 1 FROM accounts WHERE currency = ${code})
    OR EXISTS (SELECT 1 FROM deleted_accounts WHERE currency = ${code})
    OR EXISTS (SELECT 1 FROM snapshot_balances WHERE currency = ${code})
    OR EXISTS (SELECT 1 FROM balance_changes WHERE ${code} IN (currency, sent_currency))`);
    return found !== undefined;
}
/**
 * Reads the currencies that the database remembers. One that ISO 4217 has withdrawn since is among them, with the
 * decimals that its amounts were stored with.
 */
export function* readCurrencies() {
    const remembered = yield* readRemembered();
    return (numericCode) => {
        const currency = remembered.get(numericCode);
        if (currency !== undefined)
            return currency;
        throw new Error(`the database holds amounts in currency ${numericCode}, whose decimals it does not remember`);
    };
}
function* readRemembered() {
    const rows = yield* all(sql `SELECT numeric_code, alpha_code, minor_unit_decimals FROM currencies`);
    return new Map(rows.map((row) => [row.numeric_code, currencyOfRow(row)]));
}
/** What ISO 4217 has withdrawn has no name here any more but its letters. */
function currencyOfRow({ numeric_code: numericCode, alpha_code: alphaCode, minor_unit_decimals: decimals }) {
    const name = findCurrency(numericCode)?.name ?? alphaCode;
    return { numericCode, alphaCode, name, minorUnitDecimals: Number(decimals) };
}
/**
 * Says why a database whose amounts have other decimals is refused.
 *
 * @param database what it is called
 * @param setting the setting that names it
 */
export function describeChanged({ remembered, known }, database, setting) {
    return `${database} holds amounts in ${remembered.alphaCode} with ${remembered.minorUnitDecimals} decimals, ` +
        `and this version knows ${known.alphaCode} with ${known.minorUnitDecimals}: they would be shown with another ` +
        `value. Install the version of stip-sandbox that wrote them, or use another ${setting}`;
}
//# sourceMappingURL=currencies.js.map