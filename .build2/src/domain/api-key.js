import { hash } from 'node:crypto';
/**
 * Hashes an API key for keeping and for looking up: SHA-256 of its UTF-8 bytes. A key is compared only as its hash, so
 * that the time of the comparison tells nothing about the key: an index that is searched for a hash may show how many
 * of its first bits are those of a kept one, but an attacker who tries keys can neither choose the bits that theirs
 * hash to, nor work back from bits to a random key.
 */
export function hashApiKey(key) {
    return Buffer.from(hash('sha256', key), 'hex'); // To ask for the bytes themselves takes longer.
}
//# sourceMappingURL=api-key.js.map