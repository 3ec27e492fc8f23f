/**
 * Columns as PostgreSQL's arrays in its binary format, which `array_recv` reads (src/backend/utils/adt/arrayfuncs.c).
 * As text each of the thousands of values of a group would be a string of its own, quoted, joined and parsed again.
 */
import type { ColumnType, Value } from '../sql.js'

/** The object identifiers of the types of elements. */
const ELEMENT_TYPES: Readonly<Record<ColumnType, number>> = { int8: 20, text: 25, bytes: 17 }

/** Dimensions, whether there are nulls, the elements' type, how many there are, and the number of the first. */
const HEADER_BYTES = 5 * 4
const LENGTH_BYTES = 4
const INT8_BYTES = 8

/**
 * Turns rows of parameters into columns, an array each.
 *
 * @throws RangeError for a whole number beyond 64 bits
 */
export function columnsOf (types: readonly ColumnType[], rows: ReadonlyArray<readonly Value[]>): Buffer[] {
  return types.map((type, column) => arrayOf(type, rows, column))
}

function arrayOf (type: ColumnType, rows: ReadonlyArray<readonly Value[]>, column: number): Buffer {
  const bytes = rows.reduce((sum, row) => sum + LENGTH_BYTES + bytesOf(row[column]), HEADER_BYTES)
  const array = Buffer.allocUnsafe(bytes)
  const view = new DataView(array.buffer, array.byteOffset, bytes)
  const header = [1, 1, ELEMENT_TYPES[type], rows.length, 1]
  header.forEach((word, index) => { view.setInt32(index * 4, word) })
  let end = HEADER_BYTES
  for (const row of rows) end = write(row[column], array, view, end)
  return array
}

function bytesOf (value: Value): number {
  if (value === null || value === undefined) return 0
  if (typeof value === 'bigint') return INT8_BYTES
  return typeof value === 'string' ? Buffer.byteLength(value) : value.length
}

/** @returns where it ends */
function write (value: Value, array: Buffer, view: DataView, start: number): number {
  const isNull = value === null || value === undefined
  view.setInt32(start, isNull ? -1 : bytesOf(value))
  const begin = start + LENGTH_BYTES
  if (isNull) return begin
  if (typeof value === 'bigint') writeInt8(value, view, begin)
  else if (typeof value === 'string') array.write(value, begin)
  else array.set(value, begin)
  return begin + bytesOf(value)
}

/** A view would cut a larger number off. */
function writeInt8 (value: bigint, view: DataView, begin: number): void {
  if (BigInt.asIntN(64, value) !== value) throw new RangeError(`${value} is beyond 64 bits`)
  view.setBigInt64(begin, value)
}
