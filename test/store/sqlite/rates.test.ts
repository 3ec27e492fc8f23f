import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { openDatabase } from '../../../src/store/sqlite/database.js'
import { prepareListRates, preparePublishRates, prepareRateLookup } from '../../../src/store/sqlite/rates.js'
import { decimal } from '../../support/arbitraries.js'
import { makeFolder } from '../../support/folder.js'
import { holds } from '../../support/property.js'

const time = fc.integer({ min: 0, max: 5 })
const rate = fc.record({
  base: fc.constantFrom('840', '978'),
  quote: fc.constantFrom('404', '392'),
  rate: fc.constantFrom('1', '2.5', '129.05'),
  effectiveAtMs: fc.option(time, { nil: undefined })
})

t.test('of a pair that rate counts which is the newest by then, and of one time the one that was published last', async (t) => {
  const database = openDatabase(join(makeFolder(t), 'test.sqlite'))
  t.teardown(() => { database.close() })
  const publish = preparePublishRates(database)
  const lookup = prepareRateLookup(database)
  const list = prepareListRates(database)
  holds(t, fc.property(fc.array(rate), time, time, (rates, nowMs, atMs) => {
    database.exec('DELETE FROM rates')
    publish(rates, nowMs)
    const effective = rates.map((one) => ({ ...one, effectiveAtMs: one.effectiveAtMs ?? nowMs }))
    return ['840', '978'].every((base) => ['404', '392'].every((quote) => {
      const known = effective.filter((one) => one.base === base && one.quote === quote && one.effectiveAtMs <= atMs)
      const newest = Math.max(...known.map(({ effectiveAtMs }) => effectiveAtMs))
      const wanted = known.filter(({ effectiveAtMs }) => effectiveAtMs === newest).at(-1)?.rate
      const found = lookup(atMs)(base, quote)
      const [listed] = list({ base, quote, currentOnly: true }, undefined, 2, atMs)
      return listed?.rate === wanted && (wanted === undefined ? found === undefined : JSON.stringify([String(found?.coefficient), found?.exponent]) === JSON.stringify([String(decimal(wanted).coefficient), decimal(wanted).exponent]))
    }))
  }))
})

t.test('a rate is one look-up of the primary key', async (t) => {
  const database = openDatabase(join(makeFolder(t), 'test.sqlite'))
  t.teardown(() => { database.close() })
  const statements: string[] = []
  const prepare = database.prepare.bind(database)
  database.prepare = ((sql: string) => {
    statements.push(sql)
    return prepare(sql)
  }) as typeof database.prepare
  prepareRateLookup(database)
  t.equal(statements.length, 1)
  const plan = prepare<[string, string, number], { detail: string }>(`EXPLAIN QUERY PLAN ${statements[0]}`).all('840', '404', 0)
  t.same(plan.map(({ detail }) => detail), ['SEARCH rates USING PRIMARY KEY (base=? AND quote=? AND effective_at_ms<?)'])
})
