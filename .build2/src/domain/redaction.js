/**
 * Masks numbers of accounts and tokens in what clients sent and were answered, for journals on shared hosts. It works
 * on the text, so it also masks invalid JSON. Each row of eight digits is masked as well: rather too much than too
 * little.
 */
/** The fields that name accounts and tokens, in both dialects. */
const NAMING_FIELD = /("(?:input_id|account_id|account_ext_ref|accountExtId)"\s*:\s*)("(?:[^"\\]|\\.)*"?|[^\s,}\]]+)/g;
/** How answers name an item that failed. */
const NAMED_ITEM = /\b(Account|Token)(:? )(\d+)/g;
/** Also in groups, as on a card. */
const LONG_NUMBER = /\d(?:[ -]?\d){7,}/g;
/** Letters and digits written as escapes could hide a number, or the name of its field. */
const HIDING_ESCAPE = /\\u00[2-7]/i;
/** What a masked number shows of its end, when it is long enough to hide the rest. */
const SHOWN_END = 4;
/**
 * Masks the numbers in a text.
 *
 * @returns undefined for a text that could hide some
 */
export function redact(text) {
    if (HIDING_ESCAPE.test(text))
        return undefined;
    return text
        .replace(NAMING_FIELD, (_whole, name, value) => `${name}"${mask(value.replaceAll('"', ''))}"`)
        .replace(NAMED_ITEM, (_whole, kind, between, number) => `${kind}${between}${mask(number)}`)
        .replace(LONG_NUMBER, mask);
}
function mask(number) {
    return `****${number.length > 2 * SHOWN_END ? number.slice(-SHOWN_END) : ''}`;
}
//# sourceMappingURL=redaction.js.map