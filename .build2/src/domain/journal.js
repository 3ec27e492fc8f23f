/** What an entry takes beside its texts and its body, roughly. */
const ENTRY_BYTES = 256;
/** Gives what an entry counts for the bound in bytes. */
export function keptBytesOf({ body, answer }) {
    return ENTRY_BYTES + (body?.length ?? 0) + (answer?.length ?? 0);
}
/**
 * Gives the newest entries within both bounds.
 *
 * @param entries oldest first
 */
export function newestWithin({ requests, bytes }, entries) {
    const oldest = Math.max(0, entries.length - requests);
    let first = entries.length;
    for (let left = bytes; first > oldest; first -= 1) {
        left -= keptBytesOf(entries[first - 1]);
        if (left < 0)
            break;
    }
    return entries.slice(first);
}
//# sourceMappingURL=journal.js.map