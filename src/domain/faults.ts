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
}
