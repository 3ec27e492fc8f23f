/**
 * Makes the rule of a text: people read the words, and never the pattern.
 *
 * @param words what would be right, to follow "must be"
 */
export function ruled(pattern, words) {
    return { pattern, 'x-rule': `must be ${words}` };
}
//# sourceMappingURL=rule.js.map