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
}

/** Writes rows as aligned lines below their titles, each ending with a line feed. */
export function formatTable<Row> (columns: ReadonlyArray<Column<Row>>, rows: readonly Row[], colours: Colours): string {
  const padded = columns.map(({ title, value, align }) => {
    const cells = [title, ...rows.map((row) => printable(String(value(row) ?? '')))]
    const width = Math.max(...cells.map((cell) => stringWidth(cell)))
    return cells.map((cell) => pad(cell, width, align))
  })
  const lines = ['', ...rows].map((_, line) => padded.map((cells) => cells[line]).join('  ').trimEnd())
  return lines.map((line, index) => `${index === 0 ? colours.bold(line) : line}\n`).join('')
}

function pad (cell: string, width: number, align: 'right' | undefined): string {
  const space = ' '.repeat(width - stringWidth(cell))
  return align === 'right' ? `${space}${cell}` : `${cell}${space}`
}
