import { highHalf, lowHalf } from '../../domain/int64.js'

/**
 * A map from whole numbers of 64 bits with sign to small whole numbers from 0 on. It holds millions of them in one flat
 * array, where a `Map` would hold two objects for each that the garbage collector had to visit again and again.
 */
export interface Int64Map {
  readonly size: () => number
  /** @returns undefined for a key that is not there */
  readonly get: (key: bigint) => number | undefined
  readonly set: (key: bigint, value: number) => void
  readonly clear: () => void
}

/** What an entry has: the two halves of its key, and its value and one, so that 0 says that the entry is free. */
const [LOW, HIGH, NEXT_TO_VALUE] = [0, 1, 2]

/** Entries of 16 bytes each lie on one line of the processor's cache. */
const ENTRY_SHIFT = 2
const ENTRY_LENGTH = 1 << ENTRY_SHIFT

/** A power of two, as every capacity is. */
const FIRST_CAPACITY = 1024

/** Two odd numbers without a pattern in their bits, so that neighbouring keys do not crowd together. */
const [LOW_FACTOR, HIGH_FACTOR] = [0x9E3779B1, 0x85EBCA6B]

/** Makes an empty map. A key is kept in the first free entry from its own one on; at most half of all entries are taken. */
export function makeInt64Map (): Int64Map {
  let entries = new Int32Array(FIRST_CAPACITY * ENTRY_LENGTH)
  let taken = 0

  /** Finds where the entry of a key is, or where it would be. */
  function find (low: number, high: number): number {
    const mixed = Math.imul(low, LOW_FACTOR) ^ Math.imul(high, HIGH_FACTOR)
    const mask = entries.length - 1
    let at = ((mixed ^ mixed >>> 15) << ENTRY_SHIFT) & mask
    while (entries[at + NEXT_TO_VALUE] !== 0 && (entries[at + LOW] !== low || entries[at + HIGH] !== high)) at = (at + ENTRY_LENGTH) & mask
    return at
  }

  function makeRoom (capacity: number): void {
    entries = new Int32Array(capacity * ENTRY_LENGTH)
    taken = 0
  }

  function grow (): void {
    const old = entries
    makeRoom(old.length / ENTRY_LENGTH * 2)
    for (let at = 0; at < old.length; at += ENTRY_LENGTH) {
      const nextToValue = old[at + NEXT_TO_VALUE] as number
      if (nextToValue !== 0) put(old[at + LOW] as number, old[at + HIGH] as number, nextToValue)
    }
  }

  function put (low: number, high: number, nextToValue: number): void {
    const at = find(low, high)
    if (entries[at + NEXT_TO_VALUE] === 0) taken += 1
    entries[at + LOW] = low
    entries[at + HIGH] = high
    entries[at + NEXT_TO_VALUE] = nextToValue
  }

  return {
    size: () => taken,
    get: (key) => {
      const nextToValue = entries[find(lowHalf(key), highHalf(key)) + NEXT_TO_VALUE] as number
      return nextToValue === 0 ? undefined : nextToValue - 1
    },
    set: (key, value) => {
      put(lowHalf(key), highHalf(key), value + 1)
      if (taken * 2 > entries.length / ENTRY_LENGTH) grow()
    },
    clear: () => { makeRoom(FIRST_CAPACITY) }
  }
}
