import { parse, CsvError } from 'csv-parse';
import { BALANCE_FILE_COLUMNS, identifierColumnOf, readBalanceFileRow } from '../domain/balance-file.js';
import { boundLines } from './bounded-lines.js';
/** How many rows a file may have (our ruling). */
export const ROWS_MAX = 1_000_000;
/** A line may end in any of these, and not all lines of a file need to end in the same. */
const LINE_ENDS = ['\r\n', '\n', '\r'];
/** Longer than any row of the format: 40 + 19 + 3 + 2 × 20 + 19 characters and their commas. */
const ROW_BYTES_MAX = 1000;
const HEADER = BALANCE_FILE_COLUMNS.join(',');
/** Says what keeps a header from being the right one, where only its punctuation does. */
function hintFor(header) {
    const bare = header.replaceAll(/["' ]/g, '');
    if (bare === HEADER)
        return ', without quotation marks and spaces, as all lines must be';
    return bare.replaceAll(/[;\t|]/g, ',') === HEADER ? ', with commas between the columns, as all lines must have' : '';
}
/** Thrown when a file cannot be read on. The message names the line. */
export class BalanceFileError extends Error {
    name = 'BalanceFileError';
}
/**
 * Reads the rows of a balance file one by one as they come in, so that a file of any size needs little memory.
 *
 * The format has no quotation marks: nothing in it can hold a comma.
 *
 * @throws BalanceFileError when the header is another one, a line is far too long, there are too many rows, or the
 *   upload breaks off
 */
export async function* readBalanceFileRows(file, rowsMax = ROWS_MAX) {
    const parser = file.pipe(boundLines(ROW_BYTES_MAX)).pipe(parse({
        bom: true,
        info: true,
        quote: null,
        record_delimiter: LINE_ENDS,
        relax_column_count: true,
        skip_empty_lines: true,
        max_record_size: ROW_BYTES_MAX
    }));
    file.once('error', () => { parser.destroy(new BalanceFileError('the upload broke off')); });
    let column;
    let header;
    let rows = 0;
    try {
        for await (const { record: cells, info: { lines: line } } of parser) {
            const row = cells.join(',');
            if (row.includes('\0')) {
                throw new BalanceFileError(`line ${line} holds the character U+0000: the file must be text in UTF-8`);
            }
            if (header === undefined) {
                header = row;
                if (header !== HEADER)
                    throw new BalanceFileError(`line 1 must be the header ${HEADER}${hintFor(header)}`);
                continue;
            }
            rows += 1;
            if (rows > rowsMax)
                throw new BalanceFileError(`line ${line}: a file may have at most ${rowsMax} rows`);
            column ??= identifierColumnOf(cells);
            const content = readBalanceFileRow(cells, column);
            const isRecord = typeof content !== 'string';
            yield { line, row, content: isRecord ? content : { subject: `Line: ${line}`, reason: content } };
        }
    }
    catch (error) {
        if (!(error instanceof CsvError))
            throw error;
        const line = String(error['lines']);
        throw new BalanceFileError(`line ${line}: the row is longer than ${ROW_BYTES_MAX} characters`);
    }
    if (header === undefined)
        throw new BalanceFileError(`the file is empty: line 1 must be the header ${HEADER}`);
}
//# sourceMappingURL=balance-file-csv.js.map