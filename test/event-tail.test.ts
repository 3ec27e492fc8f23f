import fc from 'fast-check'
import t from 'tap'
import { Tail } from '../src/event-tail.js'
import { holds } from './support/property.js'

const MINUTE = 60_000
const UNORDERED = { isOrdered: false }
const EMPTY = { after: 0n, numbers: [] }

t.test('every number that is committed is read once, in whatever order commits come', async (t) => {
  const commits = fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 40 })
  const steps = fc.array(fc.integer({ min: 1, max: 8 }))
  holds(t, fc.property(commits, fc.nat(40), fc.bigInt(0n, 9n), steps, (order, begun, after, steps) => {
    const committed = order.slice(0, begun).map(BigInt).sort((left, right) => Number(left - right))
    const tail = new Tail({ after, numbers: committed.filter((number) => number > after) }, 0, UNORDERED)
    const wanted = order.slice(begun).map(BigInt).filter((number) => number > after)
    const waiting = order.slice(begun).map(BigInt)
    const read: bigint[] = []
    for (const step of [...steps, waiting.length]) {
      committed.push(...waiting.splice(0, step))
      const { after, missing } = tail.position(0)
      const behind = committed.filter((number) => number > after).sort((left, right) => Number(left - right))
      const found = [...missing.filter((number) => committed.includes(number)), ...behind.slice(0, 5)]
      tail.take(found, 0)
      read.push(...found)
    }
    for (;;) {
      const { after } = tail.position(0)
      const behind = committed.filter((number) => number > after).sort((left, right) => Number(left - right))
      if (behind.length === 0) break
      tail.take(behind, 0)
      read.push(...behind)
    }
    return new Set(read).size === read.length && wanted.every((number) => read.includes(number))
  }), { numRuns: 300 })
})

t.test('a number before the first that is there is missing as well', async (t) => {
  const tail = new Tail({ after: 3n, numbers: [6n, 8n] }, 0, UNORDERED)
  t.same(tail.position(0), { after: 8n, missing: [4n, 5n, 7n] })
  t.same(new Tail({ after: 3n, numbers: [] }, 0, UNORDERED).position(0), { after: 3n, missing: [] })
})

t.test('a number that no transaction can have any more is not looked for', async (t) => {
  const tail = new Tail(EMPTY, 0, UNORDERED)
  tail.take([3n], 0)
  tail.take([5n], 10 * MINUTE)
  t.same(tail.position(14 * MINUTE), { after: 5n, missing: [1n, 2n, 4n] })
  t.same(tail.position(15 * MINUTE), { after: 5n, missing: [4n] })
  tail.take([4n], 15 * MINUTE)
  t.same(tail.position(15 * MINUTE).missing, [])
})

t.test('the newest 1000 missing numbers are looked for, and the tail says that it has given up others', async (t) => {
  const tail = new Tail(EMPTY, 0, UNORDERED)
  tail.take([1001n], 0)
  t.notOk(tail.hasGivenUp)
  t.equal(tail.position(0).missing.length, 1000)
  tail.take([1n, 1003n], 0)
  t.notOk(tail.hasGivenUp, 'one has come')
  tail.take([1005n], 0)
  t.ok(tail.hasGivenUp)
  const { missing } = tail.position(0)
  t.same([missing.length, missing[0], missing.at(-1)], [1000, 3n, 1004n])
  const leaping = new Tail(EMPTY, 0, UNORDERED)
  leaping.take([1002n], 0)
  t.ok(leaping.hasGivenUp)
  t.same([leaping.position(0).missing.length, leaping.position(0).missing[0]], [1000, 2n])
  const late = new Tail(EMPTY, 0, UNORDERED)
  late.take([3n], 0)
  late.position(15 * MINUTE)
  t.notOk(late.hasGivenUp, 'what no transaction can have is no loss')
})

t.test('a tail that begins looks for the newest missing numbers, and has given up none yet', async (t) => {
  const tail = new Tail({ after: 0n, numbers: [1n, 5000n] }, 0, UNORDERED)
  t.notOk(tail.hasGivenUp)
  t.same([tail.position(0).missing.length, tail.position(0).missing[0]], [1000, 4000n])
  tail.take([5002n], 0)
  t.ok(tail.hasGivenUp)
})

t.test('where numbers come in their order, none is missing', async (t) => {
  const tail = new Tail({ after: 0n, numbers: [2n, 5n] }, 0, { isOrdered: true })
  tail.take([5000n], 0)
  t.same([tail.position(0), tail.hasGivenUp], [{ after: 5000n, missing: [] }, false])
})
