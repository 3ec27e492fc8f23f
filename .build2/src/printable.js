/** Shows control characters as escapes: what stands in a remark must not steer the terminal of its reader. */
export function printable(text) {
    return text.replace(/\p{Cc}/gu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
//# sourceMappingURL=printable.js.map