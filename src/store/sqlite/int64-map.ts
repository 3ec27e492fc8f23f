import { highHalf, lowHalf } from '../../domain/int64.js'

/**
 * A map from whole numbers of 64 bits with sign to small whole numbers from 0 on. It holds millions of them in a few flat
 * arrays, where a `Map` would hold two objects for each that the garbage collector had to visit again and again.
 */
export interface Int64Map {
  readonly size: () => number
  /** @returns undefined for a key that is not there */
  readonly get: (key: bigint) => number | undefined
  readonly set: (key: bigint, value: number) => void
  readonly clear: () => void
}

const FREE = -1

/** A power of two, as every capacity is. */
const FIRST_CAPACITY = 1024

/** Two odd numbers without a pattern in their bits, so that neighbouring keys do not crowd together. */
const [LOW_FACTOR, HIGH_FACTOR] = [0x9E3779B1, 0x85EBCA6B]

/** Makes an empty map. A key is kept at the first free place from its own one on; at most half of all places are taken. */
export function makeInt64Map (): Int64Map {
  let [lows, highs] = [new Int32Array(FIRST_CAPACITY), new Int32Array(FIRST_CAPACITY)]
  let values = new Int32Array(FIRST_CAPACITY).fill(FREE)
  let taken = 0

  /** Finds where a key is, or where it would be put. */
  function find (low: number, high: number): number {
    const mixed = Math.imul(low, LOW_FACTOR) ^ Math.imul(high, HIGH_FACTOR)
    const mask = values.length - 1
    let at = (mixed ^ mixed >>> 15) & mask
    while (values[at] !== FREE && (lows[at] !== low || highs[at] !== high)) at = (at + 1) & mask
    return at
  }

  function makeRoom (capacity: number): void {
    lows = new Int32Array(capacity)
    highs = new Int32Array(capacity)
    values = new Int32Array(capacity).fill(FREE)
    taken = 0
  }

  function grow (): void {
    const [oldLows, oldHighs, oldValues] = [lows, highs, values]
    makeRoom(oldValues.length * 2)
    oldValues.forEach((value, index) => {
      if (value !== FREE) put(oldLows[index] as number, oldHighs[index] as number, value)
    })
  }

  function put (low: number, high: number, value: number): void {
    const at = find(low, high)
    if (values[at] === FREE) taken += 1
    lows[at] = low
    highs[at] = high
    values[at] = value
  }

  return {
    size: () => taken,
    get: (key) => {
      const value = values[find(lowHalf(key), highHalf(key))] as number
      return value === FREE ? undefined : value
    },
    set: (key, value) => {
      put(lowHalf(key), highHalf(key), value)
      if (taken * 2 > values.length) grow()
    },
    clear: () => {
      makeRoom(FIRST_CAPACITY)
    }
  }
}
