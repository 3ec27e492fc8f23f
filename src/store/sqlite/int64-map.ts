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
  const key64 = new BigInt64Array(1)
  const key32 = new Int32Array(key64.buffer)
  let keys = new BigInt64Array(FIRST_CAPACITY)
  let values = new Int32Array(FIRST_CAPACITY).fill(FREE)
  let size = 0

  /** Finds where a key is, or where it would be put. */
  function find (key: bigint): number {
    key64[0] = key
    const mixed = Math.imul(key32[0] as number, LOW_FACTOR) ^ Math.imul(key32[1] as number, HIGH_FACTOR)
    const mask = values.length - 1
    let at = (mixed ^ mixed >>> 15) & mask
    while (values[at] !== FREE && keys[at] !== key) at = (at + 1) & mask
    return at
  }

  function grow (): void {
    const [oldKeys, oldValues] = [keys, values]
    keys = new BigInt64Array(oldKeys.length * 2)
    values = new Int32Array(oldKeys.length * 2).fill(FREE)
    oldValues.forEach((value, index) => {
      if (value !== FREE) put(find(oldKeys[index] as bigint), oldKeys[index] as bigint, value)
    })
  }

  function put (at: number, key: bigint, value: number): void {
    keys[at] = key
    values[at] = value
  }

  return {
    size: () => size,
    get: (key) => {
      const value = values[find(key)] as number
      return value === FREE ? undefined : value
    },
    set: (key, value) => {
      const at = find(key)
      if (values[at] === FREE) size += 1
      put(at, key, value)
      if (size * 2 > values.length) grow()
    },
    clear: () => {
      keys = new BigInt64Array(FIRST_CAPACITY)
      values = new Int32Array(FIRST_CAPACITY).fill(FREE)
      size = 0
    }
  }
}
