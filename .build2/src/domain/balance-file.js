import { createHash } from 'node:crypto';
import { findCurrency } from './currency.js';
import { readDecimal } from './decimal.js';
import { isInt64 } from './money.js';
/**
 * The columns of the processor's daily balance file (Paymentology, Bulk Balance Download), in their order.
 */
export const BALANCE_FILE_COLUMNS = [
    'record_id', 'account_id', 'bill_ccy', 'act_balance', 'blk_balance', 'token'
];
const RECORD_ID = /^[A-Za-z0-9_-]{1,40}$/;
const NON_NEGATIVE_INTEGER = /^\d{1,19}$/;
const CURRENCY_INTEGER = /^\d{1,3}$/;
/** More digits than int64 has are taken as a number, so that the rules of balances can name their fault. */
const INTEGER = /^-?\d{1,30}$/;
function readNaming(cells) {
    if (cells.length !== BALANCE_FILE_COLUMNS.length) {
        return `the row has ${cells.length} columns and must have ${BALANCE_FILE_COLUMNS.length}`;
    }
    const [recordId, accountId, , , , token] = cells;
    if (!RECORD_ID.test(recordId))
        return 'record_id must be 1 to 40 of the characters A-Z, a-z, 0-9, _ and -';
    if ((accountId === '') === (token === ''))
        return 'exactly one of account_id and token must be given';
    const [column, digits] = token === '' ? ['account_id', accountId] : ['token', token];
    if (!NON_NEGATIVE_INTEGER.test(digits) || !isInt64(BigInt(digits))) {
        return `${column} must be a whole number from 0 to 9223372036854775807`;
    }
    return { recordId, column, identifier: BigInt(digits) };
}
/**
 * Tells which kind of number a row names its account by. The first row for which that can be told decides for its file.
 *
 * @returns undefined unless the row has all of its cells, a `record_id`, and one number
 */
export function identifierColumnOf(cells) {
    const naming = readNaming(cells);
    return typeof naming === 'string' ? undefined : naming.column;
}
/**
 * Reads a row of a balance file.
 *
 * @param cells the row's cells, as they stand between the commas
 * @param expected the kind of number that the file uses; undefined while no row has decided
 * @returns the record, or its fault in words
 */
export function readBalanceFileRow(cells, expected) {
    const naming = readNaming(cells);
    if (typeof naming === 'string')
        return naming;
    const { recordId, column, identifier } = naming;
    if (expected !== undefined && column !== expected) {
        return `the file names its accounts by ${expected}, and only one of account_id and token may be used in one file`;
    }
    const [, , billCurrency, actual, blocked] = cells;
    if (!CURRENCY_INTEGER.test(billCurrency)) {
        return 'bill_ccy must be the ISO 4217 numeric code, a whole number such as 48 or 826';
    }
    if (!INTEGER.test(actual))
        return 'act_balance must be a whole number of minor units';
    if (!INTEGER.test(blocked))
        return 'blk_balance must be a whole number of minor units';
    const currency = billCurrency.padStart(3, '0');
    const meaning = [column, identifier, currency, BigInt(actual), BigInt(blocked)].join(',');
    return {
        recordId,
        fingerprint: createHash('sha256').update(meaning).digest(),
        item: {
            inputType: column === 'account_id' ? 'account' : 'token',
            inputId: identifier,
            currency,
            actual: majorUnits(actual, currency),
            blocked: majorUnits(blocked, currency)
        }
    };
}
/** The planning of an update takes major units. Of a code that is no currency it never looks at the amounts. */
function majorUnits(minorUnits, currency) {
    const decimals = findCurrency(currency)?.minorUnitDecimals ?? 0;
    return readDecimal(`${BigInt(minorUnits)}e-${decimals}`);
}
/** How many failed records the message names. The feedback file has all of them. */
export const NAMED_FAILURES_MAX = 20;
//# sourceMappingURL=balance-file.js.map