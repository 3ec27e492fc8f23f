import fc from 'fast-check'
import t from 'tap'
import { columnsOf } from '../../../src/store/postgres/arrays.js'
import { sharedPostgresUrl } from '../../support/postgres-places.js'
import { connect } from './holders.js'

const absent = fc.constantFrom(null, undefined)
// PostgreSQL keeps no NUL in a text.
const aText = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'))
const aNumber = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const aRow = fc.tuple(
  fc.oneof(aNumber, absent), fc.oneof(aText, fc.constant('NULL'), absent), fc.oneof(fc.uint8Array(), absent))

t.test('the server reads from the columns what was written into them', async (t) => {
  const client = await connect(t, await sharedPostgresUrl())
  await fc.assert(fc.asyncProperty(fc.array(aRow, { minLength: 1, maxLength: 20 }), async (rows) => {
    const { rows: read } = await client.query({
      text: 'SELECT a::text, b, c FROM unnest($1::int8[], $2::text[], $3::bytea[]) WITH ORDINALITY AS r (a, b, c, n) ' +
        'ORDER BY n',
      values: columnsOf(['int8', 'text', 'bytes'], rows),
      rowMode: 'array'
    })
    t.strictSame(read, rows.map(([number, text, bytes]) =>
      [number?.toString() ?? null, text ?? null, bytes == null ? null : Buffer.from(bytes)]))
  }), { numRuns: 50 })
})

t.test('a number beyond 64 bits is refused, and never cut off', async (t) => {
  for (const number of [2n ** 63n, -(2n ** 63n) - 1n, 2n ** 64n]) {
    t.throws(() => columnsOf(['int8'], [[number]]), { name: 'RangeError' }, String(number))
  }
})
