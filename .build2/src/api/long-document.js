/**
 * Writes a JSON document whose last members are long arrays, piece by piece, one item a line.
 *
 * @param head the members before them
 * @param names the names of the arrays, in their order
 * @param parts each with some items of the arrays. No item of an array comes behind one of a later array
 */
export async function* writeLongDocument(head, names, parts) {
    /** Which array is being written. */
    let current = -1;
    function goTo(place) {
        const opened = names.slice(current + 1, place + 1).map((name) => `"${name}":[`);
        const closed = current < 0 ? '' : '\n],';
        current = place;
        return `${closed}${opened.join('],')}`;
    }
    const start = JSON.stringify(head).slice(0, -1);
    yield start === '{' ? start : `${start},`;
    for await (const part of parts) {
        for (const [place, name] of names.entries()) {
            const lines = part[name]?.map((item) => JSON.stringify(item)) ?? [];
            if (lines.length > 0)
                yield `${place === current ? ',' : goTo(place)}\n${lines.join(',\n')}`;
        }
    }
    yield `${current < names.length - 1 ? goTo(names.length - 1) : ''}\n]}\n`;
}
//# sourceMappingURL=long-document.js.map