/** What a client asks for with the `Prefer` header (RFC 7240), of what we know. */
export interface Preferences {
  /** `return=representation`: the answer shows what became of each item. */
  readonly representation: boolean
  /** `handling=strict`: one failing item and nothing is written. */
  readonly strict: boolean
}

/** What stands between two commas: strings in quotes, in which a comma is text, and all else. One without an end goes to the end. */
const PREFERENCE = /(?:"(?:[^"\\]|\\.?)*(?:"|$)|[^",])+/g

/** The name and the value of a preference, in front of its parameters. The value is a token or a string in quotes. */
const NAME_AND_VALUE = /^\s*([^\s=;"]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s=;"]*)))?\s*(?:;|$)/

const NOTHING_PREFERRED: Preferences = { representation: false, strict: false }

/**
 * Reads a `Prefer` header. Unknown preferences are ignored, as RFC 7240 says, and of one that is named twice the first counts.
 */
export function readPreferences (header: string | undefined): Preferences {
  if (header === undefined) return NOTHING_PREFERRED
  const wanted = new Map<string, string>()
  for (const [preference] of header.matchAll(PREFERENCE)) {
    const [, name = '', quoted, token = ''] = NAME_AND_VALUE.exec(preference) ?? []
    if (!wanted.has(name.toLowerCase())) wanted.set(name.toLowerCase(), (quoted ?? token).toLowerCase())
  }
  return { representation: wanted.get('return') === 'representation', strict: wanted.get('handling') === 'strict' }
}

/** Writes the `Preference-Applied` header, or undefined when none was applied. */
export function formatPreferences ({ representation, strict }: Preferences): string | undefined {
  const applied = [...representation ? ['return=representation'] : [], ...strict ? ['handling=strict'] : []]
  return applied.length === 0 ? undefined : applied.join(', ')
}
