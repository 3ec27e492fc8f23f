import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { EcbReader } from '../domain/ecb-rates.js';
import { InputError } from '../domain/faults.js';
import { serveOthers } from '../turns.js';
/** What a zip begins with (APPNOTE, section 4.3.7). The ECB publishes its CSV files in one each. */
const ZIP_SIGNATURE = 'PK\u0003\u0004';
/** Far longer than any line of the ECB's, which has about 40 columns of about 8 characters. */
const LINE_LENGTH_MAX = 10_000;
/** Others are served after this many bytes, which take a few milliseconds to read. */
const PART_BYTES = 16 * 1024;
/**
 * Reads one of the ECB's files of reference rates in parts, between which others are served. The daily file has spaces
 * behind its commas.
 *
 * @throws InputError with the lines that are wrong; then nothing of the file is to be used
 */
export async function readEcbFile(text) {
    if (text.startsWith(ZIP_SIGNATURE)) {
        throw new InputError(['the file is a zip: take the CSV file out of it and import that']);
    }
    refuseLongLines(text);
    const reader = new EcbReader();
    const parser = Readable.from(partsOf(Buffer.from(text)))
        .pipe(parse({ bom: true, trim: true, skip_empty_lines: true, info: true }));
    try {
        for await (const { record, info: { lines } } of parser)
            reader.take(record, lines);
    }
    catch (error) {
        if (!(error instanceof CsvError))
            throw error;
        throw new InputError([`the file is not a table in CSV: ${error.message}`]);
    }
    return reader.finish();
}
/** A line of commas alone would become millions of cells. */
function refuseLongLines(text) {
    let start = 0;
    for (let line = 1; start <= text.length; line += 1) {
        const found = text.indexOf('\n', start);
        const end = found < 0 ? text.length : found;
        if (end - start > LINE_LENGTH_MAX) {
            throw new InputError([`line ${line} has more than ${LINE_LENGTH_MAX} characters, which no line of the ECB's ` +
                    'files has']);
        }
        start = end + 1;
    }
}
async function* partsOf(bytes) {
    for (let at = 0; at < bytes.length; at += PART_BYTES) {
        yield bytes.subarray(at, at + PART_BYTES);
        await serveOthers();
    }
}
//# sourceMappingURL=ecb-csv.js.map