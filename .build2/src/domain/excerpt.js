/** A message quotes at most this many characters of what somebody sent. */
const QUOTED_MAX = 60;
/** Quotes a text for a message, as JSON has it. A long one is cut off, so that no message grows with its input. */
export function excerptOf(text) {
    return text.length <= QUOTED_MAX
        ? JSON.stringify(text)
        : `${JSON.stringify(text.slice(0, QUOTED_MAX).toWellFormed())}…`;
}
//# sourceMappingURL=excerpt.js.map