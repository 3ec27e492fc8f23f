import { hash } from 'node:crypto';
import { ValueBytes } from './value-bytes.js';
const meaning = new ValueBytes();
/**
 * Hashes what a balance update means, so that a repeated identifier can be told from a reused one.
 *
 * Numbers count by their value (200 and 200.00 are the same), the order of the items counts, and whatever
 * the contract does not know was left out before.
 *
 * The hashed text is equal for two updates exactly when they mean the same. A decimal has one normal form a value; and
 * the values can be read back in one way only, because each shows where it ends, and the number of items, which stands
 * in front of them, says what each is.
 *
 * @returns a SHA-256
 */
export function fingerprintOf({ items, userId, remarks }) {
    meaning.clear();
    meaning.text(userId);
    meaning.text(remarks);
    meaning.int32(items.length);
    for (const item of items) {
        meaning.byte(item.inputType === 'account' ? 0 : 1);
        meaning.int64(item.inputId);
        meaning.decimal(item.actual);
        meaning.decimal(item.blocked);
        meaning.text(item.currency);
        meaning.text(item.externalReference);
    }
    return hash('sha256', meaning.end(), 'buffer');
}
//# sourceMappingURL=fingerprint.js.map