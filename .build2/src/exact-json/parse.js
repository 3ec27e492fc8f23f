import { decimalOf, readDecimal } from '../domain/decimal.js';
import { JsonError, JsonReader, WrittenNumber } from './reader.js';
export { JsonError, JsonPartsError, MAX_DEPTH, WrittenNumber } from './reader.js';
/**
 * Parses JSON without changing any number.
 *
 * Stricter than `JSON.parse` where that would decide silently: a name that stands twice in one object, the
 * name `__proto__`, text that is not valid UTF-8 or holds half a surrogate pair or U+0000, nesting deeper than 32
 * levels, numbers of more than 1000 characters, and exponents beyond 1000 are refused.
 *
 * @param bytes the body, UTF-8; a byte order mark is skipped
 * @param options by default numbers keep their texts only where a double cannot hold them, and nothing bounds the parts
 * @returns the value; numbers in it are of type {@link ExactNumber}
 * @throws JsonError with a message for the sender that follows on the name of the text: "the body" + " is not valid
 *   JSON"
 */
export function parseExactJson(bytes, options = {}) {
    return new JsonReader(bytes, { keepNumberTexts: false, partsMax: Infinity, ...options }).read();
}
/** Tells whether a parsed value is a number, be it one that kept its text. */
export function isExactNumber(value) {
    return typeof value === 'number' || value instanceof WrittenNumber;
}
/** Gives the text of a number: as it was sent, where it was parsed for that, and else one of the same value. */
export function numberText(number) {
    return typeof number === 'number' ? String(number) : number.value;
}
/** Below it, whole numbers have at most 15 digits, which a double holds whatever they are. */
const QUICK_LIMIT = 1e15;
/** Amounts have few decimals. Numbers with more of them than this are read from their text. */
const QUICK_DECIMALS = 3;
/** Gives the exact value of a number. */
export function exactDecimal(number) {
    if (typeof number === 'number') {
        for (let decimals = 0, scale = 1; decimals <= QUICK_DECIMALS; decimals += 1, scale *= 10) {
            // A division is rounded to the nearest double, as the reading of a text is. So this number would have
            // been read from `units / scale`, and no other number of at most 15 digits would.
            const units = Math.round(number * scale);
            if (units / scale === number && Math.abs(units) < QUICK_LIMIT)
                return decimalOf(units, 0 - decimals);
        }
    }
    return readDecimal(numberText(number));
}
/** No whole number of 64 bits has more digits. */
const INT64_DIGITS = 19;
/**
 * Gives the exact value of a whole number.
 *
 * @returns undefined for a number with a fraction. Numbers far outside int64 come back as some number outside
 *   int64, so that `1e1000` is never expanded into its digits
 */
export function exactInteger(number) {
    // Beyond the safe integers BigInt would show the double and not the number that was sent: 123456789012345000
    // would become 123456789012344992.
    if (typeof number === 'number' && Number.isSafeInteger(number))
        return BigInt(number);
    const { coefficient, exponent } = exactDecimal(number);
    return exponent < 0 ? undefined : coefficient * 10n ** BigInt(Math.min(exponent, INT64_DIGITS));
}
const utf8 = new TextDecoder('utf-8', { fatal: true });
/**
 * Gives the text of UTF-8 bytes; a byte order mark is skipped.
 *
 * @throws JsonError when they are none
 */
export function decodeUtf8(bytes) {
    try {
        return utf8.decode(bytes);
    }
    catch {
        throw new JsonError('is not valid UTF-8');
    }
}
//# sourceMappingURL=parse.js.map