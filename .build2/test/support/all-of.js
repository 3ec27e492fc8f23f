/** Reads all that comes, in its order. */
export async function allOf(items) {
    const read = [];
    for await (const item of items)
        read.push(item);
    return read;
}
//# sourceMappingURL=all-of.js.map