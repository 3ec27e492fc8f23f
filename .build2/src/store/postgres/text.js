/**
 * The texts that operations are sent to PostgreSQL with. A statement for many rows becomes one statement over `unnest`
 * where that means the same; where it may not, it is sent once a row.
 */
import { FOR_UPDATE } from '../sql.js';
const CASTS = { int8: '::int8', text: '::text', bytes: '::bytea' };
/** Puts the parts of a statement in their places. A parameter has the type of its value. */
export function queryOf(sql) {
    const values = [];
    return { text: flatten(sql, values), values };
}
function flatten({ strings, values: parts }, values) {
    return parts.reduce((text, part, index) => text + partOf(part, values) + strings[index + 1], strings[0]);
}
function partOf(part, values) {
    if (part === FOR_UPDATE)
        return 'FOR UPDATE';
    if (isSql(part))
        return flatten(part, values);
    values.push(part);
    return `$${values.length}${castOf(part)}`;
}
function isSql(part) {
    return typeof part === 'object' && part !== null && 'strings' in part;
}
/** Nothing has the type of its place. */
function castOf(value) {
    if (value === null || value === undefined)
        return '';
    return CASTS[typeof value === 'bigint' ? 'int8' : typeof value === 'string' ? 'text' : 'bytes'];
}
const bulkStatements = new Map();
/** Gives the texts of a statement. They are made once. */
export function bulkStatementOf(statement) {
    const known = bulkStatements.get(statement.strings);
    if (known !== undefined)
        return known;
    const made = makeBulkStatement(statement);
    bulkStatements.set(statement.strings, made);
    return made;
}
const LOCKS = { none: '', all: ' FOR UPDATE', balances: ' FOR UPDATE OF balances' };
function makeBulkStatement({ strings, types, locks }) {
    const ending = LOCKS[locks ?? 'none'];
    const single = join(strings, (index) => `$${index + 1}${CASTS[types[index]]}`) + ending;
    const asked = join(strings, (index) => `asked.p${index + 1}`) + ending;
    const names = types.map((_, index) => `p${index + 1}`).join(', ');
    const rows = `unnest(${types.map((type, index) => `$${index + 1}${CASTS[type]}[]`).join(', ')})`;
    const from = `${rows} AS asked (${names})`;
    if (/^SELECT\b/.test(asked)) {
        const many = `SELECT asked.asked_n, found.* FROM ${rows} WITH ORDINALITY AS asked (${names}, asked_n)
      CROSS JOIN LATERAL (${asked}) AS found`;
        return { single, many, key: undefined };
    }
    return { single, many: changingMany(asked, from), key: keyOf(strings, types.length) };
}
/** An INSERT that may meet rows that are there, or reads others, is sent once a row. */
function changingMany(asked, from) {
    if (/^INSERT\b/.test(asked)) {
        const [, head, values] = /^(INSERT INTO [^()]+\([^()]+\)\s+)VALUES \(([^()]*)\)$/.exec(asked) ?? [];
        return head === undefined ? undefined : `${head}SELECT ${values} FROM ${from}`;
    }
    return /^UPDATE\b/.test(asked)
        ? asked.replace(/\bWHERE\b/, `FROM ${from} WHERE`)
        : asked.replace(/\bWHERE\b/, `USING ${from} WHERE`);
}
/** The last parameter of an UPDATE is the key of its row: `WHERE key = ${…}`. */
function keyOf([begin = ''], parameters) {
    return begin.startsWith('UPDATE') ? parameters - 1 : undefined;
}
function join(strings, parameter) {
    return strings.reduce((text, part, index) => text + parameter(index - 1) + part);
}
/** Turns rows of parameters into columns. */
export function columnsOf(rows) {
    return rows[0].map((_, column) => rows.map((row) => row[column]));
}
//# sourceMappingURL=text.js.map