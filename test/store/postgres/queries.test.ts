import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { packageRoot } from '../../../src/package-root.js'
import { makeQueries } from '../../../src/store/postgres/queries.js'
import { bulkStatementOf } from '../../../src/store/postgres/text.js'
import { bytes, int8, text, type ColumnType, type Statement, type Value } from '../../../src/store/sql.js'

const TYPES: Readonly<Record<string, ColumnType>> = { int8, text, bytes }

/** Reads the UPDATEs of all operations that are run for many rows. */
function updatesOfOperations (): Statement[] {
  const folder = new URL('src/store/operations/', packageRoot)
  const sources = readdirSync(folder).map((file) => readFileSync(new URL(file, folder), 'utf8'))
  return sources.flatMap((source) => [...source.matchAll(/statement`(UPDATE\b[^`]*)`/g)]).map(([, update = '']) => ({
    strings: update.split(/\$\{\w+\}/),
    types: [...update.matchAll(/\$\{(\w+)\}/g)].map(([, type = '']) => TYPES[type] as ColumnType)
  }))
}

/** A row whose key is the last value, and whose other values are its own. */
function rowOf (types: readonly ColumnType[], own: bigint, key: bigint): Value[] {
  return types.map((_, index) => index === types.length - 1 ? key : own)
}

t.test('of rows for one target each is sent alone, in their order, by every UPDATE of the operations', async (t) => {
  const updates = updatesOfOperations()
  t.ok(updates.length >= 5, 'all are read')
  for (const update of updates) {
    const sent: unknown[] = []
    const queries = makeQueries(async (query, values) => {
      sent.push([query, values])
      return { rowCount: 1, rows: [], command: '', oid: 0, fields: [] }
    })
    const { single, many } = bulkStatementOf(update)
    const [one, newer, other] = [[1n, 7n], [2n, 7n], [1n, 8n]]
      .map(([own = 0n, key = 0n]) => rowOf(update.types, own, key)) as [Value[], Value[], Value[]]
    t.equal(await queries.runEach({ statement: update, rows: [one, newer] }), 2)
    t.same(sent.splice(0), [[single, one], [single, newer]], single)
    await queries.runEach({ statement: update, rows: [one, other] })
    t.match(sent, [[many]], `rows for two targets go out at once: ${single}`)
  }
})
