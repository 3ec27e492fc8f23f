import { Transform } from 'node:stream';
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/**
 * Hands a file on until one of its lines is too long, and then that line as one long cell, which the reader of CSV
 * refuses in its turn. The reader itself bounds the characters of cells, but not how many empty cells a row has.
 *
 * @param lengthMax in bytes
 */
export function boundLines(lengthMax) {
    const longCell = Buffer.alloc(2 * lengthMax, 'x');
    let length = 0;
    return new Transform({
        transform(chunk, _encoding, done) {
            for (let at = 0; at < chunk.length; at += 1) {
                length = chunk[at] === LINE_FEED || chunk[at] === CARRIAGE_RETURN ? 0 : length + 1;
                if (length > lengthMax) {
                    done(null, Buffer.concat([chunk.subarray(0, at), longCell]));
                    return;
                }
            }
            done(null, chunk);
        }
    });
}
//# sourceMappingURL=bounded-lines.js.map