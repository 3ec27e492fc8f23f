import stringWidth from 'string-width'
import { printable } from '../printable.js'
import type { Colours } from './terminal.js'

/** A column of a table of such rows. */
export interface Column<Row> {
  readonly title: string
  /** Null and nothing are shown as an empty cell. */
  readonly value: (row: Row) => string | number | null | undefined
  /** Amounts and counts stand at the right, so that their digits stand below each other. */
  readonly align?: 'right'
  /** Left out where it is empty, and never where it is not. */
  readonly optional?: true
  /** At a terminal, left out where it is empty, and where the table is too wide: the greatest number first. */
  readonly spare?: number
}

/** A column with its cells, the title first, all of one width. */
interface PaddedColumn<Row> {
  readonly column: Column<Row>
  readonly cells: readonly string[]
  readonly width: number
  readonly isEmpty: boolean
}

const GAP = '  '

/**
 * Writes rows as aligned lines below their titles, each ending with a line feed. The last line names what was left out.
 *
 * @param width of the terminal, in characters; without it, nothing is left out
 */
export function formatTable<Row> (
  columns: ReadonlyArray<Column<Row>>, rows: readonly Row[], colours: Colours, width?: number
): string {
  const all = columns.map((column) => padColumn(column, rows))
    .filter(({ column, isEmpty }) => column.optional !== true || !isEmpty)
  const shown = width === undefined ? all : fit(all, width)
  const lines = ['', ...rows].map((_, line) => shown.map(({ cells }) => cells[line]).join(GAP).trimEnd())
  const missing = all.filter((column) => !column.isEmpty && !shown.includes(column)).map(({ column }) => column.title)
  return lines.map((line, index) => `${index === 0 ? colours.bold(line) : line}\n`).join('') +
    (missing.length === 0 ? '' : `Left out here: ${missing.join(', ')} (see --json)\n`)
}

function padColumn<Row> (column: Column<Row>, rows: readonly Row[]): PaddedColumn<Row> {
  const { title, value, align } = column
  const texts = rows.map((row) => printable(String(value(row) ?? '')))
  const width = Math.max(...[title, ...texts].map((cell) => stringWidth(cell)))
  const cells = [title, ...texts].map((cell) => pad(cell, width, align))
  return { column, cells, width, isEmpty: texts.every((text) => text === '') }
}

/** Leaves out spare columns until the others fit. */
function fit<Row> (all: ReadonlyArray<PaddedColumn<Row>>, width: number): Array<PaddedColumn<Row>> {
  const shown = all.filter(({ column, isEmpty }) => column.spare === undefined || !isEmpty)
  const widthOf = (): number => shown.reduce((sum, column) => sum + column.width + GAP.length, -GAP.length)
  const spares = shown.filter(({ column }) => column.spare !== undefined)
    .toSorted((one, other) => Number(other.column.spare) - Number(one.column.spare))
  for (const spare of spares) if (widthOf() > width) shown.splice(shown.indexOf(spare), 1)
  return shown
}

/** Shows what became of a value: once where it is as it was. */
export function changeOf<Text extends string | undefined> (before: Text, after: Text): Text | string {
  return before === after ? after : `${before} → ${after}`
}

function pad (cell: string, width: number, align: 'right' | undefined): string {
  const space = ' '.repeat(width - stringWidth(cell))
  return align === 'right' ? `${space}${cell}` : `${cell}${space}`
}
