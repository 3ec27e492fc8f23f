import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import t from 'tap';
import { openDatabase } from '../../src/store/sqlite/database.js';
import { verifyDatabase } from '../../src/store/sqlite/verify.js';
import { makeFolder } from '../support/folder.js';
import { makeSeed } from '../support/standalone.js';
import { rowsOf } from '../support/database.js';
import { cutPower, readRecording } from './power-cut.js';
const WRITER = fileURLToPath(new URL('power-cut-process.js', import.meta.url));
/** Which calls are recorded: all by which SQLite writes to a file. */
const RECORDED = 'write,pwrite64,ftruncate,fsync,fdatasync';
const canRecord = spawnSync('strace', ['-f', '--seccomp-bpf', '-o', '/dev/null', 'true']).status === 0;
const options = canRecord ? {} : { skip: 'strace is not there, or must not look into a process' };
/** Lets a process update a database, and records what it writes. */
function record(t, synchronous) {
    const folder = realpathSync(makeFolder(t));
    const recording = join(folder, 'recording');
    const record = ['-f', '--seccomp-bpf', '-y', '-xx', '-s', '1000000', '-e', `trace=${RECORDED}`, '-o', recording];
    execFileSync('strace', [...record, process.execPath, WRITER, join(folder, 'test.sqlite'), synchronous], { env: { ...process.env, NODE_OPTIONS: '' } });
    return readRecording(readFileSync(recording, 'latin1'), join(folder, 'test.sqlite'));
}
/** @returns what is wrong in the files that a power cut leaves */
function findFaults(folder, steps, isKept) {
    const path = join(folder, 'cut.sqlite');
    for (const companion of ['', '-wal', '-shm'])
        rmSync(`${path}${companion}`, { force: true });
    for (const [file, bytes] of cutPower(steps, isKept)) {
        if (!file.endsWith('-shm'))
            writeFileSync(`${path}${file.endsWith('-wal') ? '-wal' : ''}`, bytes);
    }
    try {
        openDatabase(path).close();
    }
    catch (error) {
        return [error.message];
    }
    const rows = rowsOf(path, 'SELECT identifier FROM operations WHERE identifier IS NOT NULL');
    const known = new Set(rows.map((row) => row.identifier));
    const answered = steps.flatMap((step) => step.kind === 'tell' && step.line.startsWith('answered ') ? [step.line.slice('answered '.length)] : []);
    return [
        ...verifyDatabase(path),
        ...answered.filter((identifier) => !known.has(identifier))
            .map((identifier) => `update ${identifier} was answered and is gone`)
    ];
}
/** Cuts the power at many moments, and leaves nothing, all, or any pieces of what was not synced. */
function cutOften(t, steps, cutCount, seed) {
    const folder = makeFolder(t);
    const begun = steps.findIndex((step) => step.kind === 'tell' && step.line === 'begun');
    const cuts = fc.sample(fc.record({
        at: fc.integer({ min: begun + 1, max: steps.length }),
        keep: fc.oneof(fc.constantFrom([true], [false]), fc.array(fc.boolean(), { minLength: 50, maxLength: 50 }))
    }), { seed, numRuns: cutCount });
    return cuts.flatMap(({ at, keep }) => {
        let asked = 0;
        return findFaults(folder, steps.slice(0, at), () => keep[asked++ % keep.length] === true)
            .map((fault) => `behind step ${at}: ${fault}`);
    });
}
t.test('what was answered survives a power cut, and the database is sound', options, async (t) => {
    const seed = makeSeed();
    const steps = record(t, 'FULL');
    t.comment(`the seed is ${seed}; ${steps.length} steps were recorded`);
    t.equal(steps.filter((step) => step.kind === 'tell').length, 33);
    t.ok(steps.some((step) => step.kind === 'sync' && !step.file.endsWith('-wal')), 'a checkpoint is among the steps');
    t.same(cutOften(t, steps, 12, seed), []);
});
t.test('the same test finds what is lost where commits are not synced', options, async (t) => {
    const steps = record(t, 'NORMAL');
    const lastAnswer = steps.findLastIndex((step) => step.kind === 'tell');
    const faults = findFaults(makeFolder(t), steps.slice(0, lastAnswer + 1), () => false);
    t.match(faults.join('\n'), /was answered and is gone/);
});
//# sourceMappingURL=power-cut.test.js.map