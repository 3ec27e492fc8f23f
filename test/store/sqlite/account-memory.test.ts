import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import { allCurrencies } from '../../../src/domain/currency.js'
import { makeAccountMemory, type RememberedAccount } from '../../../src/store/sqlite/account-memory.js'
import { int64 } from '../../support/arbitraries.js'

const PLAIN = { noNullPrototype: true }

const balances = fc.record({ actual: int64, blocked: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }) }, PLAIN)
const changeId = fc.bigInt({ min: 1n, max: 2n ** 63n - 1n })
const time = fc.nat(2 ** 45)

const remembered: fc.Arbitrary<RememberedAccount> = fc.record({
  account: fc.record({
    accountId: fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }),
    currency: fc.constantFrom(...allCurrencies),
    externalReference: fc.option(fc.string(), { nil: undefined }),
    balances
  }, PLAIN),
  clientId: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  lastChangeId: changeId,
  updatedAtMs: time
}, PLAIN)

/** More than the memory has room for at first, and than when it has grown once. */
const COUNT = 2500

const sampleAccounts = (): RememberedAccount[] => fc.sample(fc.uniqueArray(remembered, { minLength: COUNT, maxLength: COUNT, selector: ({ account }) => account.accountId }), 1).flat()

t.test('every account is remembered as it was added and then changed, however many come after it', (t) => {
  const memory = makeAccountMemory()
  const changes = fc.sample(fc.record({ balances, changeId, time }), COUNT)
  const wanted = sampleAccounts().map((one, index) => {
    const slot = memory.add(one)
    memory.addToken(BigInt(-index), slot)
    if (index % 3 === 0) memory.setBehind(slot, true)
    const change = changes[index]
    if (change === undefined || index % 2 === 0) return one
    if (memory.change(slot, change.balances, change.changeId, change.time) !== one.lastChangeId) t.fail('the newest change before is another one')
    return { ...one, account: { ...one.account, balances: change.balances }, lastChangeId: change.changeId, updatedAtMs: change.time }
  })
  const differs = (one: RememberedAccount, index: number): boolean => {
    const slot = memory.slotOfAccount(one.account.accountId) as number
    const found = [memory.slotOfToken(BigInt(-index)), memory.read(slot), memory.accountAt(slot), memory.clientAt(slot), memory.isBehind(slot)]
    return !isDeepStrictEqual(found, [slot, one, one.account, one.clientId, index % 3 === 0])
  }
  t.equal(wanted.find(differs), undefined)
  t.equal(memory.size(), 2 * COUNT)
  t.end()
})

t.test('what is cleared is gone, and whoever comes next is not behind because another was', (t) => {
  const memory = makeAccountMemory()
  const [first, second] = sampleAccounts() as [RememberedAccount, RememberedAccount]
  const slot = memory.add(first)
  memory.addToken(7n, slot)
  memory.setBehind(slot, true)
  memory.clear()
  t.same([memory.size(), memory.slotOfAccount(first.account.accountId), memory.slotOfToken(7n)], [0, undefined, undefined])
  t.equal(memory.add(second), slot)
  t.notOk(memory.isBehind(slot))
  t.end()
})
