import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { allCurrencies, findCurrency, type Currency } from '../../../src/domain/currency.js'
import { openDatabase } from '../../../src/store/sqlite/database.js'
import { prepareHistory } from '../../../src/store/sqlite/history.js'
import { packChanges, PACKED_MAX, unpackChanges, withoutPrevious, type PackableChange } from '../../../src/store/sqlite/packed-changes.js'
import { int64 } from '../../support/arbitraries.js'
import { makeFolder } from '../../support/folder.js'
import { holds } from '../../support/property.js'

const currencyOf = (numericCode: string): Currency => findCurrency(numericCode) as Currency

const edge = fc.oneof(int64, fc.constantFrom(-(2n ** 63n), 2n ** 63n - 1n, -1n, 0n, 2n ** 32n - 1n, 2n ** 31n))
const number = fc.bigInt({ min: 1n, max: 2n ** 63n - 1n })

const change: fc.Arbitrary<PackableChange> = fc.record({
  accountId: number,
  currency: fc.constantFrom(...allCurrencies),
  itemIndex: fc.nat(65_535),
  previousChangeId: fc.option(number, { nil: undefined }),
  previous: fc.record({ actual: edge, blocked: edge }),
  next: fc.record({ actual: edge, blocked: edge })
})

t.test('changes come out as they were put in, from the code as from the view', (t) => {
  const database = openDatabase(join(makeFolder(t), 'test.sqlite'))
  t.teardown(() => { database.close() })
  database.exec('INSERT INTO operations (operation_id, source, created_at_ms) VALUES (1, \'sandbox\', 0)')
  const insert = database.prepare<[Buffer]>('INSERT INTO packed_changes VALUES (100, 1, ?)')
  const remove = database.prepare('DELETE FROM packed_changes')
  const read = database.prepare('SELECT * FROM balance_changes ORDER BY change_id')
  holds(t, fc.property(fc.array(change, { minLength: 1, maxLength: 25 }), (changes) => {
    const packed = packChanges(changes)
    remove.run()
    insert.run(packed)
    t.same(unpackChanges(packed, currencyOf), changes)
    t.same(read.all(), changes.map(({ accountId, currency, itemIndex, previousChangeId, previous, next }, place) => ({
      change_id: 100n + BigInt(place),
      account_id: accountId,
      currency: currency.numericCode,
      previous_change_id: previousChangeId ?? null,
      operation_id: 1n,
      item_index: BigInt(itemIndex),
      record_id: null,
      previous_actual: previous.actual,
      previous_blocked: previous.blocked,
      actual: next.actual,
      blocked: next.blocked,
      sent_actual: next.actual,
      sent_blocked: next.blocked,
      sent_currency: currency.numericCode,
      rate: '1'
    })))
  }), { numRuns: 40 })
  t.end()
})

t.test('as many as are packed at most all have a place', (t) => {
  const database = openDatabase(join(makeFolder(t), 'test.sqlite'))
  t.teardown(() => { database.close() })
  const [one] = fc.sample(change, 1) as [PackableChange]
  database.exec('INSERT INTO operations (operation_id, source, created_at_ms) VALUES (1, \'sandbox\', 0)')
  const insert = database.prepare<[Buffer]>('INSERT INTO packed_changes VALUES (1, 1, ?)')
  t.throws(() => insert.run(packChanges(Array.from({ length: PACKED_MAX + 1 }, () => one))), { code: 'SQLITE_CONSTRAINT_CHECK' })
  t.throws(() => insert.run(packChanges([])), { code: 'SQLITE_CONSTRAINT_CHECK' })
  insert.run(packChanges(Array.from({ length: PACKED_MAX }, () => one)))
  t.equal(database.prepare('SELECT count(*) FROM balance_changes').pluck().get(), BigInt(PACKED_MAX))
  t.end()
})

t.test('changes that are too many to be packed, or too far down their list, have rows of their own', (t) => {
  const database = openDatabase(join(makeFolder(t), 'test.sqlite'))
  t.teardown(() => { database.close() })
  const history = prepareHistory(database)
  const countRows = database.prepare('SELECT (SELECT count(*) FROM single_changes), (SELECT count(*) FROM packed_changes)').raw()
  const findLast = database.prepare('SELECT item_index FROM balance_changes ORDER BY change_id DESC LIMIT 1').pluck()
  const [{ currency, next }] = fc.sample(change, 1) as [PackableChange]
  const appendFrom = (firstIndex: number, count: number): unknown => {
    const first = history.newestChange() + 1n
    history.appendChanges(history.insertOperation({ source: 'sandbox', createdAtMs: 0 }), Array.from({ length: count }, (_, place) => ({
      changeId: first + BigInt(place), accountId: 1n, currency, itemIndex: firstIndex + place, previousChangeId: 1n, previous: next, next, sent: next, sentCurrency: currency, rate: '1'
    })))
    return [...countRows.get() as bigint[], findLast.get()]
  }
  t.same(appendFrom(0, PACKED_MAX), [0n, 1n, 255n])
  t.same(appendFrom(0, PACKED_MAX + 1), [257n, 1n, 256n])
  t.same(appendFrom(65_534, 2), [257n, 2n, 65_535n])
  t.same(appendFrom(65_535, 2), [259n, 2n, 65_536n])
  t.end()
})

t.test('previous changes that are gone are taken off, and nothing else', (t) => {
  holds(t, fc.property(fc.array(change, { minLength: 1, maxLength: 25 }), number, (changes, firstKept) => {
    const wanted = changes.map((change) => change.previousChangeId !== undefined && change.previousChangeId < firstKept ? { ...change, previousChangeId: undefined } : change)
    const packed = packChanges(changes)
    const cut = withoutPrevious(packed, firstKept)
    t.same(unpackChanges(packed, currencyOf), changes, 'what was given stays as it is')
    t.same(cut === undefined ? changes : unpackChanges(cut, currencyOf), wanted)
    t.equal(cut === undefined, wanted.every((change, place) => change === changes[place]))
  }), { numRuns: 100 })
  t.end()
})
