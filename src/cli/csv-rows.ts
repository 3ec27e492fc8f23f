import { parse } from 'csv-parse/sync'
import { CommandFailure, EXIT } from './exit.js'

/** A row of a CSV file, by the names of its first line. */
export interface CsvRow {
  /** Its line in the file, from 1. */
  readonly line: number
  readonly record: Readonly<Record<string, string>>
}

/**
 * Reads a CSV file whose first line names the columns. Empty lines and a byte order mark count for nothing.
 *
 * @throws CommandFailure naming the file, when it is no CSV
 */
export function readCsvRows (path: string, bytes: Uint8Array): CsvRow[] {
  try {
    const rows = parse(Buffer.from(bytes), {
      bom: true, columns: true, info: true, skip_empty_lines: true, trim: true
    }) as unknown as Array<{ record: Record<string, string>, info: { lines: number } }>
    return rows.map(({ record, info: { lines: line } }) => ({ line, record }))
  } catch (error) {
    throw new CommandFailure(EXIT.usage, `${path} cannot be read as CSV: ${(error as Error).message}`)
  }
}
