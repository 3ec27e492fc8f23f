import { stringify } from 'csv-stringify/sync'
import type { BalanceFileStore } from '../../store/balance-files.js'

const HEADER = stringify([['line', 'reason', 'row']])

/** What a feedback file looks like. */
export const FEEDBACK_EXAMPLE = `${HEADER}2,Account does not exist,"rec-1,987654321,826,5000,2000,"\n`

/** How many failed rows are read from the store at once. */
const PAGE_ROWS = 1000

/**
 * Writes the feedback file of a balance file: CSV (RFC 4180) in pieces. A row that failed may be anything, also no
 * row of the format, so that it stands as it came in one cell.
 */
export async function * writeFeedback (store: BalanceFileStore, jobId: number): AsyncGenerator<string> {
  yield HEADER
  for (let fromLine = 1; ;) {
    const failures = await store.readBalanceFileFailures(jobId, fromLine, PAGE_ROWS)
    const last = failures.at(-1)
    if (last === undefined) return
    // A spreadsheet would run a cell that begins with = or @: such a cell gets an apostrophe in front.
    yield stringify(failures.map(({ line, reason, row }) => [line, reason, row]), { escape_formulas: true })
    fromLine = last.line + 1
  }
}
