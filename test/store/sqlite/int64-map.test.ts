import fc from 'fast-check'
import t from 'tap'
import { makeInt64Map } from '../../../src/store/sqlite/int64-map.js'
import { holds } from '../../support/property.js'

/** Few of them, so that keys come again; neighbours, keys that differ in the high half only, and both ends of the range. */
const key = fc.oneof(
  fc.bigInt({ min: -3n, max: 3n }),
  fc.bigInt({ min: 2n ** 53n - 2n, max: 2n ** 53n + 2n }),
  fc.bigInt({ min: 0n, max: 4n }).map((high) => high << 32n),
  fc.constantFrom(-(2n ** 63n), 2n ** 63n - 1n)
)

t.test('it holds what a map holds', async (t) => {
  const step = fc.oneof(
    { weight: 50, arbitrary: fc.record({ kind: fc.constant('set' as const), key, value: fc.nat(3) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('clear' as const), key, value: fc.nat(3) }) }
  )
  holds(t, fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
    const [map, model] = [makeInt64Map(), new Map<bigint, number>()]
    for (const { kind, key, value } of steps) {
      if (kind === 'set') {
        map.set(key, value)
        model.set(key, value)
      } else {
        map.clear()
        model.clear()
      }
      if (map.size() !== model.size || steps.some(({ key }) => map.get(key) !== model.get(key))) return false
    }
    return true
  }))
})

t.test('it grows, and finds every one of many keys and none besides', async (t) => {
  const map = makeInt64Map()
  const keyOf = [(index: number) => BigInt(index), (index: number) => 2n ** 63n - 1n - BigInt(index), (index: number) => BigInt(index) << 32n]
  for (const [turn, makeKey] of keyOf.entries()) for (let index = 1; index <= 5000; index += 1) map.set(makeKey(index), turn * 10_000 + index)
  t.equal(map.size(), 15_000)
  for (const [turn, makeKey] of keyOf.entries()) {
    t.ok(Array.from({ length: 5000 }, (_, index) => map.get(makeKey(index + 1))).every((value, index) => value === turn * 10_000 + index + 1))
    t.equal(map.get(makeKey(5001)), undefined)
  }
  t.equal(map.get(0n), undefined)
})
