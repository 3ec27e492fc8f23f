/** Longer texts are not opened. It is what most routes take at most. */
const LENGTH_MAX = 64 * 1024;
const WORD = 4;
/**
 * The text that is being read, with a zero byte behind it that no rule takes, so that nobody has to look for the end.
 * There is one for all texts, because none waits while it is read, and one that never moves is read much faster.
 */
const bytes = Buffer.alloc(LENGTH_MAX + WORD);
const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
/** The most digits that are exact in a double (IEEE 754 binary64), whatever they are. */
const DIGITS_MAX = 15;
const POWERS_OF_TEN = Array.from({ length: DIGITS_MAX + 1 }, (_, exponent) => Number(`1e${exponent}`));
const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const QUOTATION_MARK = 0x22;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const BACKSLASH = 0x5c;
/** Every ASCII character that may stand in a JSON string, but for the quotation mark and the backslash. */
export const ANY_CHARACTER = { from: SPACE, to: 0x7f };
/**
 * Opens a text for the readers of this file, until the next one is opened. None of them takes a byte beyond ASCII, so
 * that it need not be decoded.
 *
 * @returns undefined for one that is longer than 64 KiB
 */
export function openText(body) {
    if (body.length > LENGTH_MAX)
        return undefined;
    bytes.set(body);
    bytes[body.length] = 0;
    return { text: body.toString('latin1'), at: 0 };
}
/** Passes over white space, and gives the byte behind it, which is still to be read. */
export function passGap(cursor) {
    let byte = view.getUint8(cursor.at);
    if (byte > SPACE)
        return byte;
    while (byte === SPACE || byte === LINE_FEED || byte === CARRIAGE_RETURN || byte === TAB) {
        byte = view.getUint8(++cursor.at);
    }
    return byte;
}
/** Makes the token of a name that is written without escapes. */
export function nameToken(name) {
    const token = Buffer.from(`"${name}":`, 'latin1');
    const words = Array.from({ length: Math.ceil(token.length / WORD) }, (_, index) => token.readInt32BE(Math.min(index * WORD, token.length - WORD)));
    return { length: token.length, words };
}
/** Tells whether a name stands at the place. */
export function hasName({ at }, { length, words }) {
    const last = words.length - 1;
    for (let index = 0; index < last; index += 1)
        if (view.getInt32(at + index * WORD) !== words[index])
            return false;
    return view.getInt32(at + length - WORD) === words[last];
}
/** Reads a string without escapes, or gives undefined where there is none, or it breaks the rules. */
export function readString(cursor, { lengthMin, lengthMax, from, to }) {
    if (passGap(cursor) !== QUOTATION_MARK)
        return undefined;
    const start = cursor.at + 1;
    let at = start;
    let byte = view.getUint8(at);
    while (byte >= from && byte <= to && byte !== QUOTATION_MARK && byte !== BACKSLASH)
        byte = view.getUint8(++at);
    const length = at - start;
    if (byte !== QUOTATION_MARK || length < lengthMin || length > lengthMax)
        return undefined;
    cursor.at = at + 1;
    return cursor.text.slice(start, at);
}
/**
 * Reads a number of at most 15 digits without an exponent, or gives undefined where there is none.
 *
 * Its digits as a whole number are exact in a double, and so is the power of ten. IEEE 754 rounds their quotient to the
 * nearest double, and that is what `JSON.parse` makes of the text.
 */
export function readNumber(cursor) {
    let byte = passGap(cursor);
    let at = cursor.at;
    const negative = byte === MINUS;
    if (negative)
        byte = view.getUint8(++at);
    const start = at;
    let units = 0;
    for (; byte >= ZERO && byte <= NINE; byte = view.getUint8(++at))
        units = units * 10 + (byte - ZERO);
    const wholeDigits = at - start;
    if (wholeDigits === 0 || (wholeDigits > 1 && view.getUint8(start) === ZERO))
        return undefined;
    let decimals = 0;
    if (byte === POINT) {
        byte = view.getUint8(++at);
        for (; byte >= ZERO && byte <= NINE; byte = view.getUint8(++at))
            units = units * 10 + (byte - ZERO);
        decimals = at - start - wholeDigits - 1;
        if (decimals === 0)
            return undefined;
    }
    if (wholeDigits + decimals > DIGITS_MAX)
        return undefined;
    cursor.at = at;
    const value = units / POWERS_OF_TEN[decimals];
    return negative ? -value : value;
}
//# sourceMappingURL=quick-text.js.map