import type { TailEnd, TailPosition } from './store/port/events.js'

/** After so long no transaction is under way any more that had drawn a number. */
const GIVEN_UP_MS = 15 * 60_000

/** So many missing numbers are looked for at once, the newest. */
const MISSING_MAX = 1000

/** How numbers of a table come to be there. */
export interface TailOptions {
  /** Whether they appear in their order, so that a number that was left out never comes. */
  readonly isOrdered: boolean
}

/**
 * How far a table is read that only grows. A number that was left out may come later, because numbers are drawn before
 * their transactions commit. So it is looked for until it comes, or until no transaction can still have it.
 */
export class Tail {
  #after: bigint
  /** Since when each number is missing, milliseconds. The oldest come first. */
  readonly #missing = new Map<bigint, number>()
  readonly #isOrdered: boolean
  #hasGivenUp = false

  constructor ({ after, numbers }: TailEnd, nowMs: number, { isOrdered }: TailOptions) {
    this.#after = after
    this.#isOrdered = isOrdered
    this.take(numbers, nowMs)
    this.#hasGivenUp = false
  }

  get after (): bigint {
    return this.#after
  }

  /** Whether more numbers were missing behind the end than are looked for, so that some of them may come unseen. */
  get hasGivenUp (): boolean {
    return this.#hasGivenUp
  }

  /** Gives where the reading goes on, and forgets the numbers that no longer can come. */
  position (nowMs: number): TailPosition {
    for (const [number, sinceMs] of this.#missing) {
      if (nowMs - sinceMs >= GIVEN_UP_MS) this.#missing.delete(number)
    }
    return { after: this.#after, missing: [...this.#missing.keys()] }
  }

  /** Takes numbers that were read from a position: missing ones, and then those behind it, ascending. */
  take (numbers: readonly bigint[], nowMs: number): void {
    for (const number of numbers) {
      this.#missing.delete(number)
      if (number <= this.#after) continue
      if (!this.#isOrdered) this.#miss(this.#after + 1n, number, nowMs)
      this.#after = number
    }
    for (const number of this.#missing.keys()) {
      if (this.#missing.size <= MISSING_MAX) break
      this.#missing.delete(number)
      this.#hasGivenUp = true
    }
  }

  /** Remembers that numbers are missing, from one on and before another: the newest of them, where they are many. */
  #miss (first: bigint, end: bigint, nowMs: number): void {
    const newest = end - BigInt(MISSING_MAX)
    if (newest > first) this.#hasGivenUp = true
    for (let number = newest > first ? newest : first; number < end; number += 1n) this.#missing.set(number, nowMs)
  }
}
