/**
 * What would be on a disk after a power cut, from a recording of what a process has written: of each file all that was
 * synced, and of what was written later any pieces, because a disk writes in any order and a sector at a time.
 */
const SECTOR_BYTES = 512;
const CALL = /^\d+\s+(\w+)\((\d+)<([^>]*)>(?:, "((?:\\x[0-9a-f]{2})*)", \d+)?(?:, (\d+))?\)\s+= (-?\d+)/;
/**
 * Reads what `strace -f -y -xx` has recorded of the files in a folder, and of standard output.
 *
 * @throws when a call that matters cannot be read
 */
export function readRecording(text, folder) {
    return joinCalls(text).flatMap((line) => {
        const [, name = '', descriptor, path = '', hex = '', number = '0', result] = CALL.exec(line) ?? [];
        const file = decode(path);
        const isOurs = file.startsWith(folder);
        const bytes = Buffer.from(hex.replaceAll('\\x', ''), 'hex');
        if (name === 'write' && descriptor === '1')
            return [{ kind: 'tell', line: bytes.toString().trim() }];
        if (!isOurs) {
            if (/pwrite|sync|truncate/.test(line) && decode(line).includes(folder))
                throw unreadable(line);
            return [];
        }
        if (Number(result) < 0)
            throw unreadable(line);
        switch (name) {
            case 'pwrite64': return [{ kind: 'write', file, at: Number(number), bytes }];
            case 'ftruncate': return [{ kind: 'truncate', file, size: Number(number) }];
            case 'fsync':
            case 'fdatasync': return [{ kind: 'sync', file }];
            default: return [];
        }
    });
}
function unreadable(line) {
    return new Error(`this call has failed, or cannot be read: ${line.slice(0, 200)}`);
}
/** A call that another thread has interrupted is recorded in two parts. It counts from its end on. */
function joinCalls(text) {
    const begun = new Map();
    return text.split('\n').flatMap((line) => {
        const [, thread = ''] = /^(\d+)/.exec(line) ?? [];
        if (line.endsWith(' <unfinished ...>')) {
            begun.set(thread, line.slice(0, -' <unfinished ...>'.length));
            return [];
        }
        const [resumed] = /<\.\.\. \w+ resumed>/.exec(line) ?? [];
        if (resumed === undefined)
            return [line];
        return [`${begun.get(thread)}${line.slice(line.indexOf(resumed) + resumed.length)}`];
    });
}
function decode(path) {
    return path.replace(/\\x([0-9a-f]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
}
/**
 * Gives the files as a power cut behind a step would leave them.
 *
 * @param isKept decides for each sector that was written and not synced whether it is on the disk
 */
export function cutPower(steps, isKept) {
    const synced = new Map();
    const pending = new Map();
    for (const step of steps) {
        if (step.kind === 'tell')
            continue;
        if (step.kind === 'sync') {
            synced.set(step.file, apply(synced.get(step.file), pending.get(step.file) ?? [], () => true));
            pending.delete(step.file);
        }
        else
            pending.set(step.file, [...pending.get(step.file) ?? [], step]);
    }
    for (const [file, steps] of pending)
        synced.set(file, apply(synced.get(file), steps, isKept));
    return synced;
}
function apply(before = Buffer.alloc(0), steps, isKept) {
    const ends = steps.map((step) => step.kind === 'write' ? step.at + step.bytes.length : step.kind === 'truncate' ? step.size : 0);
    const bytes = Buffer.alloc(Math.max(before.length, ...ends));
    before.copy(bytes);
    let size = before.length;
    for (const step of steps) {
        if (step.kind === 'truncate' && isKept()) {
            bytes.fill(0, step.size);
            size = step.size;
        }
        if (step.kind !== 'write')
            continue;
        for (let from = 0; from < step.bytes.length;) {
            const to = Math.min(step.bytes.length, from + SECTOR_BYTES - (step.at + from) % SECTOR_BYTES);
            if (isKept()) {
                step.bytes.copy(bytes, step.at + from, from, to);
                size = Math.max(size, step.at + to);
            }
            from = to;
        }
    }
    return bytes.subarray(0, size);
}
//# sourceMappingURL=power-cut.js.map