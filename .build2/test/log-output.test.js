import { execFileSync } from 'node:child_process';
import { closeSync, constants, createReadStream, openSync, readSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import t from 'tap';
import { logDescriptor, makeLogOutput, SLOW_READER } from '../src/log-output.js';
import { makeFolder } from './support/folder.js';
const { O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY } = constants;
function makePipe(t) {
    const path = join(makeFolder(t), 'pipe');
    execFileSync('mkfifo', [path]);
    return path;
}
/** An output on a descriptor, and the causes of all drops so far. */
function makeOutput(descriptor, waitingBytesMax = 1_000_000) {
    const causes = [];
    const output = makeLogOutput({
        descriptor,
        waitingBytesMax,
        onDropped: (cause) => { causes.push(cause); },
        describeGap: (lines, cause) => `gap of ${lines}: ${cause}\n`
    });
    return { ...output, causes };
}
/** Reads all that is in a pipe now. */
function drain(descriptor) {
    const buffer = Buffer.alloc(1 << 20);
    let bytes = 0;
    try {
        for (;;)
            bytes += readSync(descriptor, buffer, bytes, buffer.length - bytes, null);
    }
    catch {
        return buffer.toString('utf8', 0, bytes);
    }
}
const numbered = (count) => Array.from({ length: count }, (_, index) => `${index} ${'x'.repeat(5000)}\n`);
t.test('lines that a slow reader has not read wait, and arrive whole and in order', async (t) => {
    const path = makePipe(t);
    const pipe = openSync(path, O_RDWR | O_NONBLOCK);
    const output = makeOutput(pipe);
    const lines = numbered(50);
    for (const line of lines)
        output.write(line);
    const read = [];
    for await (const line of createInterface(createReadStream(path))) {
        read.push(`${line}\n`);
        if (read.length === lines.length)
            closeSync(pipe);
    }
    t.same(read, lines);
    t.same(output.causes, []);
});
t.test('lines beyond the limit are dropped, counted, and told of with the next line', async (t) => {
    const pipe = openSync(makePipe(t), O_RDWR | O_NONBLOCK);
    t.teardown(() => { closeSync(pipe); });
    const output = makeOutput(pipe, 20_000);
    const lines = numbered(30);
    for (const line of lines)
        output.write(line);
    const dropped = output.causes.length;
    t.ok(dropped > 5 && dropped < 25, String(dropped));
    t.same(new Set(output.causes), new Set([SLOW_READER]));
    let read = '';
    for (let part = drain(pipe); part !== ''; part = drain(pipe)) {
        read += part;
        output.end();
    }
    output.write('later\n');
    t.equal(read + drain(pipe), `${lines.slice(0, lines.length - dropped).join('')}gap of ${dropped}: SLOW_READER\nlater\n`);
});
t.test('a disk without room takes no line, and each is counted', async (t) => {
    const full = openSync('/dev/full', O_WRONLY);
    t.teardown(() => { closeSync(full); });
    const output = makeOutput(full);
    for (const line of ['a\n', 'b\n', 'c\n'])
        output.write(line);
    t.same(output.causes, ['ENOSPC', 'ENOSPC', 'ENOSPC']);
});
t.test('after a closed pipe the log goes on with the next reader, and a line that was begun stays whole', async (t) => {
    const path = makePipe(t);
    const first = openSync(path, O_RDONLY | O_NONBLOCK);
    const writer = openSync(path, O_WRONLY | O_NONBLOCK);
    const output = makeOutput(writer);
    const long = `${'x'.repeat(200_000)}\n`; // More than a pipe holds.
    for (const line of [long, 'b\n', 'c\n'])
        output.write(line);
    closeSync(first);
    output.end();
    t.same(output.causes, ['EPIPE', 'EPIPE']);
    const second = openSync(path, O_RDONLY | O_NONBLOCK);
    t.teardown(() => { for (const descriptor of [writer, second])
        closeSync(descriptor); });
    output.write('later\n');
    let read = '';
    for (let part = drain(second); part !== ''; part = drain(second)) {
        read += part;
        output.end();
    }
    t.equal(read, `${long}gap of 2: EPIPE\nlater\n`);
});
t.test('a terminal is opened once more, so that a stopped one does not block', async (t) => {
    const pipe = openSync(makePipe(t), O_RDWR | O_NONBLOCK);
    t.equal(logDescriptor({ fd: pipe }), pipe);
    const own = logDescriptor({ fd: pipe, isTTY: true });
    t.not(own, pipe);
    t.equal(statSync(`/dev/fd/${own}`).ino, statSync(`/dev/fd/${pipe}`).ino);
    for (const descriptor of [own, pipe])
        closeSync(descriptor);
    t.equal(logDescriptor({ fd: pipe, isTTY: true }), pipe, 'one that cannot be opened is used as it is');
});
//# sourceMappingURL=log-output.test.js.map