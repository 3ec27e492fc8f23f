/** Of an input with more faults, this many are named. The others are counted. */
const NAMED_FAULTS = 20

/** At this many faults the reading of an input ends: it is another kind of document, or all of it is wrong. */
const COUNTED_FAULTS = 1000

/** Gives the first faults in words, and how many more there are. */
export function firstOf<Fault> (found: readonly Fault[], describe: (fault: Fault) => string): readonly string[] {
  return withCount(found.slice(0, NAMED_FAULTS).map(describe), found.length, '')
}

function withCount (named: readonly string[], count: number, bound: 'at least ' | ''): readonly string[] {
  const others = count - named.length
  return others > 0 ? [...named, `and ${bound}${others} more faults`] : named
}

/**
 * Thrown for an input that a schema has accepted and that cannot be carried out. Each fault names its place and what
 * would be right.
 */
export class InputError extends Error {
  override readonly name: string = 'InputError'

  constructor (readonly faults: readonly string[]) {
    super(faults.join('; '))
  }
}

/**
 * Collects what is wrong with a document, and remembers where each value that must be unique stood first. It keeps the
 * first 20 faults and counts the others, and ends the reading at the 1000th, so that no list grows with its input.
 */
export class Faults {
  readonly #named: string[] = []
  #count = 0
  readonly #firstPlaces = new Map<string, string>()

  /** @param Refusal what is thrown for the faults */
  constructor (readonly Refusal: new (faults: readonly string[]) => Error = InputError) {}

  /** The first faults. Each begins with its place, for example `accounts[3].currency`. */
  get found (): readonly string[] {
    return withCount(this.#named, this.#count, this.#count === COUNTED_FAULTS ? 'at least ' : '')
  }

  /** @throws the refusal when there are so many faults that reading on tells nobody anything */
  add (place: string, text: string): void {
    if (this.#count < NAMED_FAULTS) this.#named.push(`${place} ${text}`)
    this.#count += 1
    if (this.#count === COUNTED_FAULTS) this.refuse()
  }

  /** The values themselves may be secret and are not shown. */
  requireUnique (kind: string, place: string, value: string): void {
    const key = JSON.stringify([kind, value])
    const first = this.#firstPlaces.get(key)
    if (first === undefined) this.#firstPlaces.set(key, place)
    else this.add(place, `is the same as ${first}, and must be unique`)
  }

  /** @throws the refusal when there is any fault */
  refuse (): void {
    if (this.#count > 0) throw new this.Refusal(this.found)
  }
}
