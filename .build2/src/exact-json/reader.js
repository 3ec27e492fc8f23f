import { isUtf8 } from 'node:buffer';
import { EXPONENT_LIMIT, parseDecimal } from '../domain/decimal.js';
import { excerptOf } from '../domain/excerpt.js';
/** Thrown for a text that we do not take as JSON. The message names the fault and its place. */
export class JsonError extends Error {
    name = 'JsonError';
}
/** Thrown for a text with more parts than it may have. */
export class JsonPartsError extends JsonError {
}
/** A number as it was written, where a double cannot hold it or its text is wanted. */
export class WrittenNumber {
    value;
    constructor(value) {
        this.value = value;
    }
}
/** No message of ours is nested deeper. The bound lets the reader recurse safely. */
export const MAX_DEPTH = 32;
/** Longer numbers are refused unread: megabytes of digits would delay every other request for seconds. */
const MAX_NUMBER_LENGTH = 1000;
/** Every number of this many significant digits survives a double unchanged (IEEE 754 binary64). */
const DOUBLE_DIGITS = 15;
/** Within this decimal exponent a double of 15 digits neither overflows nor loses precision near zero. */
const DOUBLE_EXPONENT = 270;
const POWERS_OF_TEN = Array.from({ length: DOUBLE_DIGITS + 1 }, (_, exponent) => Number(`1e${exponent}`));
const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const QUOTATION_MARK = 0x22;
const PLUS = 0x2b;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const CAPITAL_E = 0x45;
const OPENING_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSING_BRACKET = 0x5d;
const SMALL_E = 0x65;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
const ASCII_MAX = 0x7f;
/** JSON's numbers that have an exponent. */
const WITH_EXPONENT = /^-?(?:0|[1-9]\d*)(?:\.\d+)?[eE][+-]?\d+$/;
const LITERALS = [
    ['true', true],
    ['false', false],
    ['null', null]
];
const BYTE_ORDER_MARK = Buffer.from('\ufeff');
/** How many bytes a character of UTF-8 has at most. */
const CHARACTER_BYTES = 4;
/**
 * Reads one JSON text (RFC 8259) in one pass. Its work and its memory grow as the text does, because each character is
 * read once, and nesting, numbers and parts are bounded on the way.
 */
export class JsonReader {
    #at;
    #depth = 0;
    #parts = 0;
    #bytes;
    /** One character a byte, so that places are the same in both. */
    #latin1;
    #keepNumberTexts;
    #partsMax;
    /** @throws JsonError when the bytes are not UTF-8 */
    constructor(bytes, { keepNumberTexts, partsMax }) {
        if (!isUtf8(bytes))
            throw new JsonError('is not valid UTF-8');
        this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        this.#latin1 = this.#bytes.toString('latin1');
        this.#at = this.#bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
        this.#keepNumberTexts = keepNumberTexts;
        this.#partsMax = partsMax;
    }
    /** @throws JsonError for whatever `parseExactJson` does not take */
    read() {
        const value = this.#readValue();
        this.#passGap();
        if (this.#at < this.#bytes.length)
            this.#refuse('the end');
        return value;
    }
    /** Gives 0 behind the end, which stands in no JSON. */
    #byteAt(at) {
        return at < this.#bytes.length ? this.#bytes[at] : 0;
    }
    #readValue() {
        const byte = this.#passGap();
        if (byte === QUOTATION_MARK)
            return this.#readString();
        if (byte === OPENING_BRACE)
            return this.#readObject();
        if (byte === OPENING_BRACKET)
            return this.#readArray();
        if (byte === MINUS || (byte >= ZERO && byte <= NINE))
            return this.#readNumber(byte);
        for (const [literal, value] of LITERALS) {
            if (!this.#latin1.startsWith(literal, this.#at))
                continue;
            this.#at += literal.length;
            return value;
        }
        return this.#refuse('a value');
    }
    #readObject() {
        const object = {};
        this.#open();
        let byte = this.#passGap();
        for (let first = true; first ? byte !== CLOSING_BRACE : byte === COMMA; byte = this.#passGap()) {
            if (!first) {
                this.#passPart();
                byte = this.#passGap();
            }
            first = false;
            if (byte !== QUOTATION_MARK)
                this.#refuse('a name in quotation marks');
            const name = this.#readString();
            if (name === '__proto__')
                throw new JsonError('holds the name "__proto__", which is not allowed');
            if (object[name] !== undefined && Object.hasOwn(object, name)) {
                throw new JsonError(`holds the name ${excerptOf(name)} twice in one object`);
            }
            if (this.#passGap() !== COLON)
                this.#refuse('a colon');
            this.#passPart();
            object[name] = this.#readValue();
        }
        if (byte !== CLOSING_BRACE)
            this.#refuse('a comma or "}"');
        this.#close();
        return object;
    }
    #readArray() {
        const list = [];
        this.#open();
        let byte = this.#passGap();
        for (let first = true; first ? byte !== CLOSING_BRACKET : byte === COMMA; byte = this.#passGap()) {
            if (!first)
                this.#passPart();
            first = false;
            list.push(this.#readValue());
        }
        if (byte !== CLOSING_BRACKET)
            this.#refuse('a comma or "]"');
        this.#close();
        return list;
    }
    #open() {
        this.#depth += 1;
        if (this.#depth > MAX_DEPTH)
            throw new JsonError(`is nested more than ${MAX_DEPTH} levels deep`);
        this.#passPart();
    }
    #close() {
        this.#depth -= 1;
        this.#at += 1;
    }
    /** Passes over one of the characters that are counted. */
    #passPart() {
        this.#at += 1;
        this.#parts += 1;
        if (this.#parts > this.#partsMax) {
            throw new JsonPartsError(`holds more than ${this.#partsMax} of the characters { [ : , outside its strings`);
        }
    }
    /** Passes over white space, and gives the byte behind it, which is still to be read. */
    #passGap() {
        let byte = this.#byteAt(this.#at);
        while (byte === SPACE || byte === LINE_FEED || byte === CARRIAGE_RETURN || byte === TAB) {
            byte = this.#byteAt(++this.#at);
        }
        return byte;
    }
    #readString() {
        const start = this.#at + 1;
        let at = start;
        let seen = 0;
        let byte = this.#byteAt(at);
        for (; byte >= SPACE && byte !== QUOTATION_MARK && byte !== BACKSLASH; byte = this.#byteAt(++at))
            seen |= byte;
        if (byte !== QUOTATION_MARK)
            return this.#readEscapes(at);
        this.#at = at + 1;
        return seen <= ASCII_MAX ? this.#latin1.slice(start, at) : this.#bytes.toString('utf8', start, at);
    }
    /** Reads a string that has an escape or a fault at some place. */
    #readEscapes(from) {
        let at = from;
        let byte = this.#byteAt(at);
        for (; byte >= SPACE && byte !== QUOTATION_MARK; byte = this.#byteAt(++at))
            if (byte === BACKSLASH)
                at += 1;
        if (byte !== QUOTATION_MARK)
            this.#refuse('the rest of a string', at);
        const string = this.#unescape(this.#bytes.toString('utf8', this.#at, at + 1));
        if (!string.isWellFormed()) {
            throw new JsonError('holds half a surrogate pair (\\ud800 to \\udfff), which is no character');
        }
        if (string.includes('\0'))
            throw new JsonError('holds the character U+0000 (\\u0000), which stands in no text');
        this.#at = at + 1;
        return string;
    }
    #unescape(quoted) {
        try {
            return JSON.parse(quoted);
        }
        catch {
            return this.#refuse('a string with valid escapes');
        }
    }
    #readNumber(first) {
        if (this.#keepNumberTexts)
            return this.#readNumberText();
        let at = this.#at;
        let byte = first === MINUS ? this.#byteAt(++at) : first;
        const start = at;
        let units = 0;
        for (; byte >= ZERO && byte <= NINE; byte = this.#byteAt(++at))
            units = units * 10 + (byte - ZERO);
        const wholeDigits = at - start;
        let decimals = 0;
        if (byte === POINT) {
            byte = this.#byteAt(++at);
            for (; byte >= ZERO && byte <= NINE; byte = this.#byteAt(++at))
                units = units * 10 + (byte - ZERO);
            decimals = at - start - wholeDigits - 1;
            if (decimals === 0)
                return this.#readNumberText();
        }
        const hasZero = wholeDigits > 1 && this.#byteAt(start) === ZERO;
        if (wholeDigits === 0 || hasZero || wholeDigits + decimals > DOUBLE_DIGITS || isOfNumber(byte)) {
            return this.#readNumberText();
        }
        this.#at = at;
        // Both are exact in a double, and IEEE 754 rounds their quotient to the nearest one, as `JSON.parse` does.
        const value = units / POWERS_OF_TEN[decimals];
        return first === MINUS ? -value : value;
    }
    /** Reads any number, from its text. */
    #readNumberText() {
        const start = this.#at;
        let at = start;
        while (isOfNumber(this.#byteAt(at)))
            at += 1;
        if (at - start > MAX_NUMBER_LENGTH) {
            throw new JsonError(`holds a number of more than ${MAX_NUMBER_LENGTH} characters`);
        }
        const text = this.#latin1.slice(start, at);
        const decimal = parseDecimal(text);
        if (decimal === undefined) {
            if (!WITH_EXPONENT.test(text))
                this.#refuse('a number as JSON writes it');
            throw new JsonError(`holds a number whose exponent is beyond ${EXPONENT_LIMIT}`);
        }
        this.#at = at;
        if (this.#keepNumberTexts)
            return new WrittenNumber(text);
        const { coefficient, exponent } = decimal;
        const digits = coefficient.toString().replace('-', '').length;
        return digits <= DOUBLE_DIGITS && Math.abs(exponent) <= DOUBLE_EXPONENT ? Number(text) : new WrittenNumber(text);
    }
    #refuse(expected, at = this.#at) {
        const character = this.#bytes.toString('utf8', at, at + CHARACTER_BYTES);
        const found = character === ''
            ? 'the end'
            : JSON.stringify(String.fromCodePoint(character.codePointAt(0)));
        const position = this.#bytes.toString('utf8', 0, at).length;
        throw new JsonError(`is not valid JSON: ${expected} must stand at position ${position}, not ${found}`);
    }
}
function isOfNumber(byte) {
    return (byte >= ZERO && byte <= NINE) || byte === MINUS || byte === PLUS || byte === POINT || byte === SMALL_E ||
        byte === CAPITAL_E;
}
//# sourceMappingURL=reader.js.map