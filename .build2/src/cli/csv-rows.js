import { parse } from 'csv-parse/sync';
import { CommandFailure, EXIT } from './exit.js';
/**
 * Reads a CSV file whose first line names the columns. Empty lines and a byte order mark count for nothing.
 *
 * @throws CommandFailure naming the file, when it is no CSV
 */
export function readCsvRows(path, bytes) {
    try {
        const rows = parse(Buffer.from(bytes), {
            bom: true, columns: true, info: true, skip_empty_lines: true, trim: true
        });
        return rows.map(({ record, info: { lines: line } }) => ({ line, record }));
    }
    catch (error) {
        throw new CommandFailure(EXIT.usage, `${path} cannot be read as CSV: ${error.message}`);
    }
}
//# sourceMappingURL=csv-rows.js.map