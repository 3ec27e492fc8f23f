/** So many faults are told of an input that has more. */
const TOLD_FAULTS = 20

/** Gives the first faults, and how many more there are. */
export function firstOf (found: readonly string[]): readonly string[] {
  const others = found.length - TOLD_FAULTS
  return others > 0 ? [...found.slice(0, TOLD_FAULTS), `and ${others} more faults`] : found
}

/**
 * Thrown for an input that a schema has accepted and that cannot be carried out. Each fault names its place and what
 * would be right.
 */
export class InputError extends Error {
  override readonly name = 'InputError'
  readonly faults: readonly string[]

  constructor (found: readonly string[]) {
    const faults = firstOf(found)
    super(faults.join('; '))
    this.faults = faults
  }
}

/** Collects what is wrong with a document, and remembers where each value that must be unique stood first. */
export class Faults {
  /** Each fault begins with its place, for example `accounts[3].currency`. */
  readonly found: string[] = []
  readonly #firstPlaces = new Map<string, string>()

  add (place: string, text: string): void {
    this.found.push(`${place} ${text}`)
  }

  /** The values themselves may be secret and are not shown. */
  requireUnique (kind: string, place: string, value: string): void {
    const key = JSON.stringify([kind, value])
    const first = this.#firstPlaces.get(key)
    if (first === undefined) this.#firstPlaces.set(key, place)
    else this.add(place, `is the same as ${first}, and must be unique`)
  }

  /** @throws InputError when there is any fault */
  refuse (): void {
    if (this.found.length > 0) throw new InputError(this.found)
  }
}
