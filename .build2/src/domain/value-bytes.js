import { setInt64 } from './int64.js';
import { isInt64 } from './money.js';
/** More than most updates need. */
const START_BYTES = 4096;
/**
 * Writes a row of values as bytes, from which they could be read back in one way only: every value shows where it ends.
 * Two rows that are written by the same rules are therefore equal exactly when their bytes are.
 *
 * Numbers are written at once, and the texts behind all of them, because joining texts and writing them together costs
 * a quarter of writing each. What stands in for a text among the numbers is its length. The buffer is used again, and
 * grows.
 */
export class ValueBytes {
    bytes = Buffer.alloc(START_BYTES);
    numbers = new DataView(this.bytes.buffer, this.bytes.byteOffset, START_BYTES);
    length = 0;
    texts = '';
    /** Forgets what was written. */
    clear() {
        this.length = 0;
        this.texts = '';
    }
    /** Ends the row, and gives its bytes. They stand only until the next row is written. */
    end() {
        const textsAt = this.grow(2 * this.texts.length);
        this.bytes.write(this.texts, textsAt, 'utf16le'); // Keeps every code unit, half a surrogate pair, too.
        return this.bytes.subarray(0, this.length);
    }
    /** @param value 0 to 255 */
    byte(value) {
        const at = this.grow(1);
        this.numbers.setUint8(at, value);
    }
    /** @param value a whole number of 32 bits with sign */
    int32(value) {
        const at = this.grow(4);
        this.numbers.setInt32(at, value);
    }
    /** @param value a whole number of 64 bits with sign */
    int64(value) {
        const at = this.grow(8);
        setInt64(this.numbers, at, value);
    }
    /** @param value undefined is another value than the empty text */
    text(value) {
        this.int32(value?.length ?? -1);
        if (value !== undefined)
            this.texts += value;
    }
    /**
     * Writes the exponent, and the coefficient either as a number of 64 bits or, where it is longer, as the text of its
     * digits.
     */
    decimal({ coefficient, exponent }) {
        const isShort = isInt64(coefficient);
        this.byte(isShort ? 1 : 0);
        this.int32(exponent);
        if (isShort)
            this.int64(coefficient);
        else
            this.text(coefficient.toString());
    }
    /** Makes room for this many more bytes, and gives the place of the first. */
    grow(count) {
        const at = this.length;
        this.length += count;
        if (this.length > this.bytes.length) {
            this.bytes = Buffer.concat([this.bytes], 2 * this.length);
            this.numbers = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.length);
        }
        return at;
    }
}
//# sourceMappingURL=value-bytes.js.map