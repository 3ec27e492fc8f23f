import { MIMEType } from 'node:util';
/** Thrown for a body whose bytes are not plain UTF-8 by its own headers: 415, as for every other kind of body. */
class EncodingError extends Error {
    name = 'EncodingError';
    statusCode = 415;
}
/** Longer than any right one. Node's reader of types takes quadratic time for spaces in a parameter. */
const TYPE_LENGTH_MAX = 256;
/**
 * Refuses a body that is declared to be in another charset than UTF-8 (the one of JSON: RFC 8259, section 8.1), or to
 * be compressed: it would be read as what it is not. For the parser of each kind of body.
 *
 * @throws an error with the HTTP status 415 and what would be right
 */
export function requirePlainUtf8({ headers }) {
    // Most declare no more than this, and need no reading.
    if (headers['content-type'] === 'application/json' && headers['content-encoding'] === undefined)
        return;
    if (headers['content-type'].length > TYPE_LENGTH_MAX) {
        throw new EncodingError(`The Content-Type must not have more than ${TYPE_LENGTH_MAX} characters`);
    }
    const charset = new MIMEType(headers['content-type']).params.get('charset') ?? 'utf-8';
    if (!/^utf-?8$/i.test(charset)) {
        throw new EncodingError('The body must be in UTF-8, and its Content-Type must name no other charset');
    }
    const encoding = headers['content-encoding'] ?? 'identity';
    if (!/^identity$/i.test(encoding)) {
        throw new EncodingError('The body must be sent as it is, without a Content-Encoding');
    }
}
//# sourceMappingURL=content-encoding.js.map