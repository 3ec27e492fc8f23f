import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import { containedAsOf, onceMore, setBeside, unawareAfter, type Hold, type SetBeside } from '../../src/domain/holds.js'
import { holds } from '../support/property.js'

const HOLDS: readonly Hold[] = [
  { tid: 1n, remaining: 100n, counted: true, known: false, rid: 10n },
  { tid: 2n, remaining: 30n, counted: false, known: false, rid: 20n }
]
const SENT = { actual: 1000n, blocked: 5n }

t.test('balances that do not know of holds wipe them, and say so once', async (t) => {
  t.strictSame(setBeside(SENT, { holds: HOLDS, setting: 'overwrite' }, containedAsOf(undefined)), {
    next: SENT,
    lost: [1n],
    apart: 0,
    holds: [
      { tid: 1n, remaining: 100n, counted: false, rid: 10n, known: false },
      { tid: 2n, remaining: 30n, counted: false, rid: 20n, known: false }
    ]
  })
})

t.test('keep_holds adds all of them to what was sent', async (t) => {
  const kept = setBeside(SENT, { holds: HOLDS, setting: 'keep_holds' }, containedAsOf(undefined)) as SetBeside
  t.match(kept, { next: { actual: 1000n, blocked: 135n }, lost: [] })
  t.ok(kept.holds.every(({ counted, known }) => counted && !known))
})

t.test('balances as of a message contain the holds up to it', async (t) => {
  const overwritten = setBeside(SENT, { holds: HOLDS, setting: 'overwrite' }, containedAsOf(10n)) as SetBeside
  t.match(overwritten, {
    next: SENT, lost: [], holds: [{ counted: true, known: true }, { counted: false, known: false }]
  })
  const kept = setBeside(SENT, { holds: HOLDS, setting: 'keep_holds' }, containedAsOf(10n)) as SetBeside
  t.match(kept, { next: { blocked: 35n }, holds: [{ known: true }, { counted: true, known: false }] })
})

t.test('a hold that was lost, and that the issuer knows of by now, is contained in what it sends', async (t) => {
  const lost = { tid: 1n, remaining: 100n, counted: false, known: true, rid: 10n }
  for (const setting of ['overwrite', 'keep_holds'] as const) {
    t.strictSame(setBeside(SENT, { holds: [lost], setting }, containedAsOf(undefined)), {
      next: SENT, lost: [], apart: -1, holds: [{ ...lost, counted: true }]
    })
  }
})

t.test('holds that would leave the range of 64 bits are not added', async (t) => {
  const sent = { ...SENT, blocked: 2n ** 63n - 1n }
  t.equal(setBeside(sent, { holds: HOLDS, setting: 'keep_holds' }, containedAsOf(undefined)), 'out-of-range')
})

const anyHolds = fc.uniqueArray(fc.record({
  tid: fc.bigInt({ min: 1n, max: 50n }),
  remaining: fc.bigInt({ min: 1n, max: 100n }),
  counted: fc.boolean(),
  known: fc.boolean(),
  rid: fc.bigInt({ min: 1n, max: 50n })
}), { selector: ({ tid }) => tid, maxLength: 5 })

t.test('what is blocked always contains the holds that count and that the sender does not know', async (t) => {
  const anySetting = fc.constantFrom('overwrite' as const, 'keep_holds' as const)
  holds(t, fc.property(anyHolds, anySetting, fc.option(fc.bigInt({ min: 1n, max: 50n })),
    (list, setting, asOf) => {
      const set = setBeside(SENT, { holds: list, setting }, containedAsOf(asOf ?? undefined)) as SetBeside
      const isContained = ({ rid, known }: Hold, index: number): boolean =>
        asOf === null ? list[index]?.known === true && known : rid <= asOf
      const counted = set.holds.filter((hold, index) => hold.counted && !isContained(hold, index))
      return set.next.blocked - SENT.blocked === counted.reduce((sum, { remaining }) => sum + remaining, 0n)
    }))
})

t.test('the same balances once more lose nothing, and leave no fewer holds to be told of', async (t) => {
  const anySetting = fc.constantFrom('overwrite' as const, 'keep_holds' as const)
  holds(t, fc.property(anyHolds, anySetting, fc.option(fc.bigInt({ min: 1n, max: 50n }), { nil: undefined }),
    (list, setting, asOf) => {
      const unaware = { holds: list, setting }
      const beside = setBeside(SENT, unaware, containedAsOf(asOf)) as SetBeside
      const left = unawareAfter(unaware, beside)
      const again = left && setBeside(SENT, left, containedAsOf(asOf))
      return isDeepStrictEqual(onceMore(beside), again)
    }))
  t.equal(unawareAfter(undefined, undefined), undefined)
  t.equal(unawareAfter({ holds: HOLDS, setting: 'overwrite' }, undefined), undefined)
})
