import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import t from 'tap';
import { readBalanceFileRows, ROWS_MAX } from '../../../src/formats/balance-file-csv.js';
import { HEADER, sendFile, summaryOf } from '../../support/balance-files.js';
import { rowsOf } from '../../support/database.js';
import { holdsAsync } from '../../support/property.js';
import { ADMIN_TOKEN, makeService } from '../../support/service.js';
for (const [what, payload, detail] of [
    ['empty', '', `the file is empty: line 1 must be the header ${HEADER}. Nothing was written`],
    ['without the header', 'rec-1,1002,840,1,0,\n', `line 1 must be the header ${HEADER}. Nothing was written`],
    [
        'with a header in quotation marks',
        HEADER.replaceAll(/\w+/g, '"$&"'),
        `line 1 must be the header ${HEADER}, without quotation marks and spaces, as all lines must be. Nothing was written`
    ],
    [
        'with semicolons',
        `${HEADER.replaceAll(',', ';')}\n`,
        `line 1 must be the header ${HEADER}, with commas between the columns, as all lines must have. Nothing was written`
    ],
    [
        'with the character U+0000',
        `${HEADER}\nrec-1,1002,840,1,0,\n\0`,
        'line 3 holds the character U+0000: the file must be text in UTF-8. Nothing was written'
    ],
    [
        'with a line of commas',
        `${HEADER}\nrec-1,1002,840,1,0,\n${','.repeat(2000)}`,
        'line 3: the row is longer than 1000 characters. Nothing was written'
    ],
    [
        'with an endless line',
        `${HEADER}\n${'x'.repeat(2000)}`,
        'line 2: the row is longer than 1000 characters. Nothing was written'
    ]
]) {
    t.test(`a file ${what} is refused, and remembered with the reason`, async (t) => {
        const service = await makeService(t);
        const response = await sendFile(service, Readable.from([payload]));
        t.equal(response.statusCode, 400);
        t.match(response.json(), { title: 'Bad Request', detail });
        t.match((await service.read('/balance-files/1')).json(), {
            status: 409,
            detail: `Balance file 1 was broken off: ${detail}`
        });
        t.equal((await service.read('/balance-files/1/feedback')).statusCode, 200);
    });
}
t.test('a byte order mark is no part of the header', async (t) => {
    const service = await makeService(t);
    t.match(summaryOf(await sendFile(service, Readable.from([`\ufeff${HEADER}\r\nrec-1,1002,840,100,0,\r\n\r\n`]))), { Total_Records: 1, Status: 'Success' });
});
const LINE_END = fc.constantFrom('\n', '\r\n', '\r');
t.test('lines may end in any way, also each in another one, and keep their numbers', async (t) => {
    const lines = fc.array(fc.tuple(fc.constantFrom('a', 'b,', ''), LINE_END), { maxLength: 12 });
    await holdsAsync(t, fc.asyncProperty(LINE_END, lines, fc.integer({
        min: 1,
        max: 7
    }), async (first, rest, chunkLength) => {
        // A line that ends in CR and an empty one that ends in LF look like one that ends in both.
        const text = [[HEADER, first], ...rest].map(([line, end]) => `${line}${end}`).join('');
        const chunks = text.match(new RegExp(`[^]{1,${chunkLength}}`, 'g')) ?? [];
        const wanted = text.split(/\r\n|\n|\r/).map((row, index) => [index + 1, row]).slice(1).filter(([, row]) => row !== '');
        const rows = [];
        for await (const { line, row } of readBalanceFileRows(Readable.from(chunks.map((chunk) => Buffer.from(chunk))))) {
            rows.push([line, row]);
        }
        return JSON.stringify(rows) === JSON.stringify(wanted);
    }));
});
/** The sender of a broken upload has no answer to wait for. */
async function readEnded({ read }, path) {
    for (;;) {
        const answer = (await read(path)).json();
        if (!/is being applied$/.test(answer.detail))
            return answer;
        await setImmediate();
    }
}
t.test('an upload that breaks off keeps what was applied, and the whole file can be sent again', async (t) => {
    const service = await makeService(t);
    const rows = Array.from({ length: 700 }, (_, index) => `rec-${index},1002,840,100,0,`);
    const broken = Readable.from((async function* () {
        yield [HEADER, ...rows.slice(0, 600), ''].join('\n');
        throw new Error('the wire broke');
    })());
    await t.rejects(sendFile(service, broken));
    t.match(await readEnded(service, '/balance-files/1'), {
        detail: 'Balance file 1 was broken off: the upload broke off. The 500 rows before are dealt with. Send the whole ' +
            'file again: no record is applied twice'
    });
    t.match(summaryOf(await sendFile(service, rows)), {
        Total_Records: 700,
        Passed_Records: 700,
        Failed_Records: 0,
        Status_Description: 'Records applied before: 500'
    });
    t.equal(rowsOf(service.databasePath, 'SELECT * FROM balance_changes JOIN operations USING (operation_id) WHERE source = \'batch-file\'').length, 700);
});
t.test('a file with too many rows is read no further', async (t) => {
    const rows = readBalanceFileRows(Readable.from([HEADER, '\nrec-1,1,826,1,0,\nrec-2,1,826,1,0,\n']), 1);
    t.match((await rows.next()).value, { line: 2 });
    await t.rejects(rows.next(), { name: 'BalanceFileError', message: 'line 3: a file may have at most 1 rows' });
});
t.test('a file may have a million rows', async (t) => {
    const { app } = await makeService(t);
    const { paths } = (await app.inject('/openapi.json')).json();
    t.match(paths['/sandbox/v1/balance-files'].post.description, /up to 1000000 rows/);
    t.equal(ROWS_MAX, 1_000_000);
});
t.test('requests of others get through between two transactions', async (t) => {
    const service = await makeService(t);
    const address = await service.app.listen({ host: '127.0.0.1', port: 0 });
    const rowsSentMax = 100_000;
    const answered = new AbortController();
    let rowsSent = 0;
    /** Always ready with more rows, until another request is answered. */
    async function* file() {
        yield `${HEADER}\n`;
        while (!answered.signal.aborted && rowsSent < rowsSentMax) {
            yield Array.from({ length: 100 }, (_, index) => `rec-${rowsSent + index},1002,840,100,0,\n`).join('');
            rowsSent += 100;
        }
    }
    const sending = sendFile(service, Readable.from(file()));
    const running = await fetch(`${address}/sandbox/v1/balance-files/1`, {
        headers: { authorization: `Bearer ${ADMIN_TOKEN}` }
    });
    answered.abort();
    t.ok(rowsSent < rowsSentMax, 'it has not waited for the end of the file');
    t.match(await running.json(), { status: 409, detail: 'Balance file 1 is being applied' });
    t.match(summaryOf(await sending), { Status: 'Success', Total_Records: rowsSent });
});
//# sourceMappingURL=balance-file-reading.test.js.map