import type { TailPosition } from './store/port/events.js'

/** After so long no transaction is under way any more that had drawn a number. */
const GIVEN_UP_MS = 15 * 60_000

/** So many missing numbers are looked for at once, the newest. */
const MISSING_MAX = 1000

/**
 * How far a table is read that only grows. A number that was left out may come later, because numbers are drawn before
 * their transactions commit. So it is looked for until it comes, or until no transaction can still have it.
 */
export class Tail {
  #after: bigint
  /** Since when each number is missing, milliseconds. The oldest come first. */
  readonly #missing = new Map<bigint, number>()

  /** @param end the newest numbers that are there, ascending. What is missing among them may still come */
  constructor (end: readonly bigint[], nowMs: number) {
    const [first = 1n] = end
    this.#after = first - 1n
    this.take(end, nowMs)
  }

  get after (): bigint {
    return this.#after
  }

  /** Gives where the reading goes on, and forgets the numbers that no longer can come. */
  position (nowMs: number): TailPosition {
    for (const [number, sinceMs] of this.#missing) {
      if (nowMs - sinceMs >= GIVEN_UP_MS || this.#missing.size > MISSING_MAX) this.#missing.delete(number)
    }
    return { after: this.#after, missing: [...this.#missing.keys()] }
  }

  /** Takes numbers that were read from a position: missing ones, and then those behind it, ascending. */
  take (numbers: readonly bigint[], nowMs: number): void {
    for (const number of numbers) {
      this.#missing.delete(number)
      if (number <= this.#after) continue
      const from = number - BigInt(MISSING_MAX) > this.#after ? number - BigInt(MISSING_MAX) : this.#after + 1n
      for (let gap = from; gap < number; gap += 1n) this.#missing.set(gap, nowMs)
      this.#after = number
    }
  }
}
