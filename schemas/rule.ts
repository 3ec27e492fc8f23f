/** A text's pattern, and the same in words. */
export interface Rule {
  readonly pattern: string
  /** Follows the name of the value in a message, for example `must be 1 to 19 digits`. The document shows it, too. */
  readonly 'x-rule': string
}

/**
 * Makes the rule of a text: people read the words, and never the pattern.
 *
 * @param words what would be right, to follow "must be"
 */
export function ruled (pattern: string, words: string): Rule {
  return { pattern, 'x-rule': `must be ${words}` }
}
