import { DEFAULT_PAGE_LIMIT } from '../../../schemas/address.js';
import { isInt64 } from '../../domain/money.js';
/**
 * Reads an account number or a token from an address.
 *
 * @param digits 1 to 19 of them
 * @returns undefined beyond 9223372036854775807, where there are none
 */
export function readInt64(digits) {
    const value = BigInt(digits);
    return isInt64(value) ? value : undefined;
}
/** Account numbers and tokens begin at 1. */
const NO_NUMBER = 0n;
/**
 * Reads the number of an account or a token that is looked for.
 *
 * @param digits 1 to 19 of them
 * @returns 0 beyond 9223372036854775807: nothing has such a number
 */
export function readSoughtNumber(digits) {
    return readInt64(digits) ?? NO_NUMBER;
}
/** Writes a cursor. The number in it is wrapped, so that nobody is tempted to count with it. */
export function writeCursor(next) {
    return next === undefined ? null : Buffer.from(next.toString()).toString('base64url');
}
/** Tells a sender whose cursor leads nowhere what would be right. */
export const CURSOR_FAULT = 'cursor is none that a page of this list has given. Leave it out to begin anew';
/** Reads how many items a page may have. */
export function readLimit({ limit }) {
    return limit === undefined ? DEFAULT_PAGE_LIMIT : Number(limit);
}
/**
 * Reads which part of a list is wanted.
 *
 * @returns undefined for a cursor that we have not written
 */
export function readPage(query) {
    const { cursor } = query;
    const page = { limit: readLimit(query) };
    if (cursor === undefined)
        return { ...page, from: undefined };
    const digits = Buffer.from(cursor, 'base64url').toString();
    const from = /^[1-9]\d{0,18}$/.test(digits) ? readInt64(digits) : undefined;
    return from === undefined ? undefined : { ...page, from };
}
//# sourceMappingURL=parameters.js.map