import { stringify } from 'csv-stringify/sync';
import { serveOthers } from '../../turns.js';
const HEADER = stringify([['line', 'reason', 'row']]);
/** An example of a feedback file. */
export const FEEDBACK_EXAMPLE = `${HEADER}2,Account does not exist,"rec-1,987654321,826,5000,2000,"\n`;
/** How many failed rows are read from the store at once: others wait no longer than for these. */
const SLICE_ROWS = 1000;
/**
 * Writes the feedback file of a run that has ended: CSV (RFC 4180) in slices, between which others are served. A row
 * that failed may be anything, also no row of the format, so that it stands as it came in one cell.
 *
 * @throws Error when the run is pruned meanwhile: the file must not look complete
 */
export async function* writeFeedback(store, jobId) {
    yield HEADER;
    for (let fromLine = 1;;) {
        const failures = await store.readBalanceFileFailures(jobId, fromLine, SLICE_ROWS);
        if (failures === undefined)
            throw new Error(`Balance file ${jobId} was pruned while its feedback was read`);
        const last = failures.at(-1);
        if (last === undefined)
            return;
        // A spreadsheet would run a cell that begins with = or @: such a cell gets an apostrophe in front.
        yield stringify(failures.map(({ line, reason, row }) => [line, reason, row]), { escape_formulas: true });
        fromLine = last.line + 1;
        await serveOthers();
    }
}
//# sourceMappingURL=balance-file-feedback.js.map