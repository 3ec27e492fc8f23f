/** What a client asks for with the `Prefer` header (RFC 7240), of what we know. */
export interface Preferences {
  /** `return=representation`: the answer shows what became of each item. */
  readonly representation: boolean
  /** `handling=strict`: one failing item and nothing is written. */
  readonly strict: boolean
}

/**
 * Reads a `Prefer` header. Unknown preferences are ignored, as RFC 7240 says, and of one that is named twice the first counts.
 */
export function readPreferences (header: string | undefined): Preferences {
  const wanted = new Map<string, string>()
  for (const preference of (header ?? '').split(',')) {
    const [name = '', value = ''] = preference.replace(/;.*/s, '').split('=').map((part) => part.trim())
    if (!wanted.has(name.toLowerCase())) wanted.set(name.toLowerCase(), value.replace(/^"(.*)"$/, '$1').toLowerCase())
  }
  return { representation: wanted.get('return') === 'representation', strict: wanted.get('handling') === 'strict' }
}

/** Writes the `Preference-Applied` header, or undefined when none was applied. */
export function formatPreferences ({ representation, strict }: Preferences): string | undefined {
  const applied = [...representation ? ['return=representation'] : [], ...strict ? ['handling=strict'] : []]
  return applied.length === 0 ? undefined : applied.join(', ')
}
