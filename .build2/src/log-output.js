import { constants, openSync, writeSync } from 'node:fs';
/** The cause of a drop when more lines wait than may wait. */
export const SLOW_READER = 'SLOW_READER';
/** How long a full pipe is left alone before the next try. */
const RETRY_MS = 50;
/**
 * Makes an output that cannot stop the service. Writing never waits: lines for a slow reader (EAGAIN) wait in memory up
 * to a limit. A line is dropped when the limit is reached, or when the system refuses it (a full disk, a closed pipe).
 * The next line is tried again, so that the log goes on as soon as there is room, with a line that counts the dropped
 * ones.
 *
 * Pino's own output, sonic-boom, blocks on a full pipe, and tries a refused line again for ever.
 */
export function makeLogOutput({ descriptor, waitingBytesMax, onDropped, describeGap }) {
    let waiting = [];
    let waitingBytes = 0;
    /** Whether the first entry is written in part. Its rest comes before everything else. */
    let isBegun = false;
    /** The dropped lines of which no entry tells yet. */
    let gap = { lines: 0, cause: '' };
    let retry;
    function add(entry) {
        waiting.push(entry);
        waitingBytes += entry.bytes.length;
    }
    function tellOfGap() {
        add({ bytes: Buffer.from(describeGap(gap.lines, gap.cause)), gapLines: gap.lines });
        gap = { lines: 0, cause: '' };
    }
    function drop(entries, cause) {
        for (const { gapLines } of entries) {
            gap = { lines: gap.lines + (gapLines || 1), cause };
            if (gapLines === 0)
                onDropped(cause);
        }
    }
    function writeWaiting() {
        for (let entry = waiting[0]; entry !== undefined; entry = waiting[0]) {
            const written = writeSync(descriptor, entry.bytes);
            waitingBytes -= written;
            isBegun = written < entry.bytes.length;
            entry.bytes = entry.bytes.subarray(written);
            if (!isBegun)
                waiting.shift();
        }
    }
    function flush() {
        clearTimeout(retry);
        retry = undefined;
        try {
            writeWaiting();
        }
        catch (error) {
            const { code = String(error) } = error;
            if (code === 'EAGAIN')
                retry = setTimeout(flush, RETRY_MS).unref();
            else
                dropWaiting(code);
        }
    }
    function dropWaiting(cause) {
        const kept = isBegun ? waiting.slice(0, 1) : [];
        drop(waiting.slice(kept.length), cause);
        waiting = kept;
        waitingBytes = kept.reduce((bytes, entry) => bytes + entry.bytes.length, 0);
    }
    return {
        write: (text) => {
            const entry = { bytes: Buffer.from(text), gapLines: 0 };
            if (waitingBytes + entry.bytes.length > waitingBytesMax) {
                drop([entry], SLOW_READER);
            }
            else {
                if (gap.lines > 0)
                    tellOfGap();
                add(entry);
            }
            if (retry === undefined)
                flush();
        },
        end: flush
    };
}
/**
 * Gives the descriptor of a standard stream on which writing does not block. Node.js puts a pipe into non-blocking mode
 * by itself when the stream is used. A terminal can be stopped (Ctrl+S, a connection that hangs), and is opened once
 * more.
 */
export function logDescriptor({ fd, isTTY }) {
    if (isTTY !== true)
        return fd;
    try {
        return openSync(`/dev/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    }
    catch {
        return fd; // The terminal belongs to another user, as after "su".
    }
}
//# sourceMappingURL=log-output.js.map