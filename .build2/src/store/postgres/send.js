import { hash } from 'node:crypto';
import { StatementError } from './errors.js';
/** The names of prepared statements. They are the same in every process: a pooler may share connections out. */
const statementNames = new Map();
function nameOf(text) {
    const known = statementNames.get(text);
    if (known !== undefined)
        return known;
    const name = `stip_${hash('sha256', text).slice(0, 32)}`;
    statementNames.set(text, name);
    return name;
}
/**
 * Makes the sending on a connection. Statements are prepared once a connection.
 *
 * @param timeoutMs how long a statement outside of a transaction may take; its connection is given up then
 */
export function makeSend(client, timeoutMs) {
    const limit = timeoutMs === undefined ? {} : { query_timeout: timeoutMs };
    return async (text, values) => {
        try {
            // Without values there is nothing to be prepared, and several statements can stand in one text.
            if (values === undefined)
                return await client.query({ text, ...limit });
            return await client.query({ name: nameOf(text), text, values: values, ...limit });
        }
        catch (error) {
            throw new StatementError(error);
        }
    };
}
//# sourceMappingURL=send.js.map