import { connect } from 'node:net';
import fc from 'fast-check';
import { rowsOf } from '../support/database.js';
import { ADMIN_TOKEN, makeService } from '../support/service.js';
const UPDATE = 'POST /ppws/api/v1/pws_update_balance';
const PATHS = ['/health/live', '/openapi.json', '/docs/yaml', '/docs/static/swagger-ui.css', '/nowhere', '/%zz'];
const REFUSED = [
    UPDATE, 'POST /nowhere', 'POST /%zz', 'DELETE /health/live', 'PUT /amlyze-ws-rest/account-balance',
    'PATCH /amlyze-ws-rest/account-balance',
    'POST /sandbox/v1/balance-files?client_id=123&file_name=x.csv', 'POST /sandbox/v1/rates/ecb', 'PUT ' +
        '/sandbox/v1/snapshots/x/file'
];
const CREDENTIALS = [
    '',
    'X-API-KEY: key-of-123\r\n',
    `Authorization: Bearer ${ADMIN_TOKEN}\r\n`,
    'Authorization: Bearer amlyze-token-of-123\r\n'
];
/** Many requests at once, up to what may wait, whose answers are read or not. */
const pipelined = fc.record({
    path: fc.constantFrom(...PATHS), count: fc.integer({ min: 1, max: 90 }), reads: fc.constantFrom('never', 'always')
}).map(({ path, count, reads }) => ({
    what: `${count} × GET ${path}, read ${reads}`,
    bytes: Buffer.from(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`.repeat(count - 1) +
        `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`),
    reads,
    findFault: (answers) => answers.length === count ? undefined : `was answered ${answers.length} times`
}));
/** More requests than may wait: the connection is closed, or all are answered where they were read in time. */
const tooMany = fc.integer({ min: 200, max: 3000 }).map((count) => ({
    what: `${count} × GET /health/live`,
    bytes: Buffer.from('GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(count)),
    reads: 'never',
    findFault: () => undefined
}));
const spaces = fc.record({
    name: fc.constantFrom('Prefer', 'Content-Type', 'Authorization', 'X-Request-Id', 'Host', 'Range', 'Accept-Encoding', 'Content-Encoding', 'Expect'),
    before: fc.constantFrom('', 'a=', 'Bearer', 'application/json;a=', 'bytes=', '"'),
    count: fc.integer({ min: 1, max: 15_000 }),
    after: fc.constantFrom('x', '"', ';', ',', '')
}).map(({ name, before, count, after }) => ({
    what: `${name}: ${before}, ${count} spaces, ${after}`,
    bytes: Buffer.from(`${UPDATE} HTTP/1.1\r\n${name === 'Host' ? '' : 'Host: localhost\r\n'}X-API-KEY: ` +
        `key-of-123\r\n${name}: ${before}${' '.repeat(count)}${after}\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}`),
    reads: 'always',
    findFault: (answers) => (answers.at(-1) ?? 0) >= 400 && (answers.at(-1) ?? 0) < 500 ? undefined : `was answered with ${answers.join()}`
}));
const refused = fc.record({
    line: fc.constantFrom(...REFUSED),
    credential: fc.constantFrom(...CREDENTIALS),
    size: fc.integer({ min: 70_000, max: 6_000_000 }),
    type: fc.constantFrom('application/json', 'text/csv', 'text/plain', 'x'),
    isChunked: fc.boolean(),
    reads: fc.constantFrom('after', 'always')
}).map(({ line, credential, size, type, isChunked, reads }) => {
    const body = Buffer.alloc(size, ';');
    const length = isChunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${size}`;
    const head = Buffer.from(`${line} HTTP/1.1\r\nHost: localhost\r\n${credential}Content-Type: ${type}\r\nConnection: ` +
        `close\r\n${length}\r\n\r\n`);
    return {
        what: `${line} with ${size} bytes of ${type}, ${length.split(':')[0]}, ${credential.slice(0, 30)}`,
        bytes: isChunked
            ? Buffer.concat([head, Buffer.from(`${size.toString(16)}\r\n`), body, Buffer.from('\r\n0\r\n\r\n')])
            : Buffer.concat([head, body]),
        reads,
        findFault: (answers) => answers.length === 1 && (answers[0] ?? 0) >= 400 && (answers[0] ?? 0) < 500
            ? undefined
            : `was answered with ${answers.join()}`
    };
});
/**
 * Sends over connections what an ordinary client may send and a hostile one does: many requests whose answers nobody
 * reads, headers of spaces, bodies that are refused. Others must be answered meanwhile, and no balance may change.
 *
 * @returns the first exchange that went wrong, as small as it could be made; nothing when there is none
 */
export async function fuzzWires(t, { cases, seed }) {
    const { app, databasePath } = await makeService(t);
    const address = await app.listen({ host: '127.0.0.1', port: 0 });
    const before = balancesIn(databasePath);
    const property = fc.asyncProperty(fc.oneof(pipelined, tooMany, spaces, refused), async ({ what, bytes, reads, findFault }) => {
        const socket = connect(Number(new URL(address).port), '127.0.0.1');
        const answers = send(socket, bytes, reads);
        const status = (await fetch(`${address}/health/live`, { headers: { connection: 'close' } })).status;
        if (reads === 'never')
            socket.destroy();
        const fault = status !== 200
            ? `kept others waiting: ${status}`
            : reads === 'never' ? undefined : findFault(await answers);
        socket.destroy();
        if (fault !== undefined)
            throw new Error(`${fault}\n${what}`);
    });
    const { failed, errorInstance } = await fc.check(property, { numRuns: cases, seed });
    if (failed)
        return [String(errorInstance)];
    return balancesIn(databasePath) === before ? [] : ['a balance was changed by requests that change none'];
}
/** Gives the statuses of all that comes back until the other side ends. */
async function send(socket, bytes, reads) {
    let text = '';
    socket.on('error', () => { }).setEncoding('latin1');
    const closed = new Promise((resolve) => { socket.once('close', resolve); });
    if (reads === 'always')
        socket.on('data', (chunk) => { text += chunk; });
    await new Promise((resolve) => { socket.once('close', resolve).write(bytes, resolve); });
    if (reads === 'after')
        socket.on('data', (chunk) => { text += chunk; });
    await closed;
    return [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status)).filter((status) => status >= 200);
}
/** Every balance and every change. A refused balance file leaves a run that says so. */
function balancesIn(path) {
    const tables = ['balances', 'balance_changes', 'operations'].map((table) => rowsOf(path, `SELECT * FROM ${table}`));
    return JSON.stringify(tables, (_key, value) => typeof value === 'bigint' ? String(value) : value);
}
//# sourceMappingURL=wires.js.map