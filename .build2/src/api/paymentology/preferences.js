/**
 * What stands between two commas: strings in quotes, in which a comma is text, and all else. One without an end goes to
 * the end.
 */
const PREFERENCE = /(?:"(?:[^"\\]|\\.?)*(?:"|$)|[^",])+/g;
/** The name of a preference, and all behind it. */
const NAME = /^([^\s=;"]+)(.*)$/s;
/** A value, which is a string in quotes or a token, and may be empty. */
const VALUE = /^(?:"((?:[^"\\]|\\.)*)"|([^\s=;"]*))/;
const NOTHING_PREFERRED = { representation: false, strict: false };
/**
 * Reads a `Prefer` header. Unknown preferences are ignored, as RFC 7240 says, and of one that is named twice the first
 * counts.
 */
export function readPreferences(header) {
    if (header === undefined)
        return NOTHING_PREFERRED;
    const wanted = new Map();
    for (const [preference] of header.matchAll(PREFERENCE)) {
        const [name, value] = readPreference(preference);
        if (!wanted.has(name))
            wanted.set(name, value);
    }
    return { representation: wanted.get('return') === 'representation', strict: wanted.get('handling') === 'strict' };
}
/**
 * Reads the name and the value of a preference, in front of its parameters; both are empty where it has another form.
 * Each step looks at a character once: one pattern for all would look at spaces again and again.
 */
function readPreference(preference) {
    const [, name = '', behind = ''] = NAME.exec(preference.trim()) ?? [];
    const rest = behind.trimStart();
    if (rest === '' || rest.startsWith(';'))
        return [name.toLowerCase(), ''];
    const text = rest.startsWith('=') ? rest.slice(1).trimStart() : rest;
    const [whole, quoted, token = ''] = VALUE.exec(text);
    const end = text.slice(whole.length).trimStart();
    const isRight = text !== rest && (end === '' || end.startsWith(';'));
    return isRight ? [name.toLowerCase(), (quoted ?? token).toLowerCase()] : ['', ''];
}
/** Writes the `Preference-Applied` header, or undefined when none was applied. */
export function formatPreferences({ representation, strict }) {
    const applied = [...representation ? ['return=representation'] : [], ...strict ? ['handling=strict'] : []];
    return applied.length === 0 ? undefined : applied.join(', ');
}
//# sourceMappingURL=preferences.js.map