import t from 'tap';
import { warnOfFewOpenFiles } from '../src/service.js';
import { endWithoutModules, fitToOpenFiles, openFilesFor, readOpenFilesLimit } from '../src/open-files.js';
t.test('the limit of open files is a number on systems that have one', async (t) => {
    t.ok(readOpenFilesLimit() > 64);
});
t.test('a system that tells no limit has none', async (t) => {
    t.equal(readOpenFilesLimit({}), Infinity);
    t.equal(readOpenFilesLimit({ userLimits: { open_files: { soft: 'unlimited' } } }), Infinity);
});
t.test('connections are as many as the open files allow, and a peer keeps its part of them', async (t) => {
    const wanted = { inAll: 1000, perPeer: 500 };
    t.same(fitToOpenFiles(wanted, Infinity), wanted);
    t.same(fitToOpenFiles(wanted, openFilesFor(1000)), wanted);
    t.same(fitToOpenFiles(wanted, openFilesFor(1000) - 1), { inAll: 999, perPeer: 499 });
    t.same(fitToOpenFiles(wanted, 256), { inAll: 96, perPeer: 48 });
    t.same(fitToOpenFiles({ inAll: 1000, perPeer: 2000 }, 256), { inAll: 96, perPeer: 96 });
    t.same(fitToOpenFiles(wanted, 10), { inAll: 1, perPeer: 1 });
});
t.test('a start without enough open files says so, and any other failure is shown as it is', async (t) => {
    const written = [];
    const program = {
        stderr: { write: (text) => written.push(text) },
        exit: (code) => { throw new Error(`exit ${code}`); }
    };
    const failure = new Error('EMFILE: too many open files');
    t.throws(() => endWithoutModules(failure, 256, program), failure);
    t.throws(() => endWithoutModules(failure), failure);
    t.same(written, []);
    t.throws(() => endWithoutModules(failure, 255, program), { message: 'exit 1' });
    t.match(written, [/only 255 files may be open\. Run "ulimit -n 256"/]);
});
t.test('a start with fewer connections than the settings allow says so', async (t) => {
    const warned = [];
    const log = { warn: (...words) => { warned.push(words); } };
    const wanted = { inAll: 1000, perPeer: 500 };
    warnOfFewOpenFiles(log, wanted, wanted, 4096);
    warnOfFewOpenFiles(log, wanted, fitToOpenFiles(wanted, 512), 512);
    t.match(warned, [[
            { open_files: 512 },
            /^only 512 files may be open \(ulimit -n\), so that CONNECTIONS is \d+ and not 1000\. Allow \d+$/
        ]]);
    t.equal(warned.length, 1);
});
//# sourceMappingURL=open-files.test.js.map