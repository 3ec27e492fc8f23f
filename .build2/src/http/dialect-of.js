/** What stands in an address before its path, where it is a whole one (RFC 9112, section 3.2.2). */
const ORIGIN = /^https?:\/\/[^/]*/;
/** Finds the dialect to which an address belongs: it owns everything below its prefix, and nothing beside it. */
export function dialectOf(dialects, url) {
    const [path = ''] = url.replace(ORIGIN, '').split(/[?#]/);
    return dialects.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`));
}
//# sourceMappingURL=dialect-of.js.map