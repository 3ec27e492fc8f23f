import { bulkStatementOf, columnsOf, queryOf } from './text.js';
/** Makes the queries of a connection. Many rows go out as one statement where its kind allows it. */
export function makeQueries(send) {
    async function query({ sql }) {
        const { text, values } = queryOf(sql);
        return await send(text, values);
    }
    async function answerEach({ statement, rows }) {
        const { single, many } = bulkStatementOf(statement);
        if (many === undefined || rows.length === 1) {
            return (await allOf(rows.map(async (row) => await send(single, row)))).map((result) => result.rows);
        }
        const found = rows.map(() => []);
        for (const row of (await send(many, columnsOf(rows))).rows)
            found[Number(row.asked_n) - 1]?.push(row);
        return found;
    }
    async function runEach({ statement, rows }) {
        const { single, many, key } = bulkStatementOf(statement);
        const isOneEach = key === undefined || new Set(rows.map((row) => row[key])).size === rows.length;
        const results = many !== undefined && isOneEach && rows.length > 1
            ? [await send(many, columnsOf(rows))]
            : await allOf(rows.map(async (row) => await send(single, row)));
        return results.reduce((changes, { rowCount }) => changes + Number(rowCount), 0);
    }
    return { query, answerEach, runEach };
}
/** Waits for all, also after one has failed: what was sent is answered in its order. */
export async function allOf(promises) {
    const settled = await Promise.allSettled(promises);
    return settled.map((outcome) => {
        if (outcome.status === 'rejected')
            throw outcome.reason;
        return outcome.value;
    });
}
//# sourceMappingURL=queries.js.map