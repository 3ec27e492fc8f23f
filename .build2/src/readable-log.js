import { printable } from './printable.js';
const LEVELS = { 40: 'warning  ', 50: 'error  ', 60: 'fatal  ' };
/** What every line of the log has, and nobody at a terminal wants to read. */
const NOT_SHOWN = new Set(['level', 'time', 'pid', 'hostname', 'msg', 'request_id', 'err', 'reqId']);
/**
 * Makes the log of a service at whose terminal a person sits: one line a request, with what was wrong in words. A
 * request to a dialect is shown as the journal has it, and not a second time.
 *
 * @param output takes the lines
 * @param isDialect tells the routes of the dialects
 */
export function makeReadableLog(output, isDialect) {
    const write = (timeMs, text) => {
        output.write(`${new Date(timeMs).toISOString().slice(11, 19)}Z  ${printable(text)}\n`);
    };
    return {
        log: {
            write: (text) => {
                const line = JSON.parse(text);
                const { time, method, route, status, err } = line;
                if (method === undefined || route === undefined || status === undefined)
                    write(time, describeLine(line));
                else if (!isDialect(route))
                    write(time, `${method} ${route}  ${status}  ${line.duration_ms} ms`);
                if (err !== undefined)
                    output.write(`${err.stack}\n`);
            }
        },
        requestAnswered: (entry) => { write(entry.receivedAt.getTime(), describeEntry(entry)); }
    };
}
function describeLine(line) {
    const more = Object.entries(line).filter(([name]) => !NOT_SHOWN.has(name))
        .map(([name, value]) => `  ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
    return `${LEVELS[line.level] ?? ''}${line.msg}${more.join('')}`;
}
function describeEntry(entry) {
    const { method, route, status, clientId, identifier, items, failedItems, note, durationMs } = entry;
    const facts = [
        `${method} ${route}`,
        status ?? 'hung up',
        ...clientId === undefined ? [] : [`client ${clientId}`],
        ...identifier === undefined ? [] : [identifier],
        ...items === undefined || failedItems === undefined ? [] : [`${failedItems} of ${items} items failed`],
        ...entry.dryRun ? ['dry run'] : [],
        ...entry.replayed ? ['replayed'] : [],
        ...entry.resentFrom === undefined ? [] : [`repeats ${entry.resentFrom}`],
        ...note === undefined ? [] : [note],
        `${durationMs.toFixed(1)} ms`
    ];
    return facts.join('  ');
}
//# sourceMappingURL=readable-log.js.map