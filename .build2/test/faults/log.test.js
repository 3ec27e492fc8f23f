import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { makeFolder } from '../support/folder.js';
import { runCommand } from '../support/process.js';
const DROPPED = /^stip_log_lines_dropped_total (\d+)$/m;
/** Starts a service whose log goes to a descriptor of the test's own. Where it listens, it says on standard error. */
async function startLogged(t, folder, stdout) {
    const environment = { PORT: '0', DATABASE_PATH: 'own.sqlite', ADMIN_TOKEN: '', LOG_BUFFER_BYTES: '65536' };
    const server = runCommand(t, folder, ['serve'], environment, [], stdout);
    const [, token = '', address = ''] = await server.waitForError(/it is (\S+)\n.*--url (\S+)/);
    const call = async (path) => await fetch(`${address}${path}`, { headers: { authorization: `Bearer ${token}` } });
    return { server, call, readDropped: async () => Number(DROPPED.exec(await (await call('/metrics')).text())?.[1]) };
}
t.test('a service whose log is on a full disk serves on, counts the lines, and ends at a signal', async (t) => {
    const full = openSync('/dev/full', constants.O_WRONLY);
    t.teardown(() => { closeSync(full); });
    const { server, call, readDropped } = await startLogged(t, makeFolder(t), full);
    t.equal((await call('/health/ready')).status, 200);
    t.ok(await readDropped() >= 2, 'the line of the start, and that of a request');
    server.child.kill('SIGTERM');
    t.equal(await server.exitCode, 0);
    t.equal(server.errors().match(/The log cannot be written to standard output: ENOSPC\. The service goes on/g)?.length, 1);
});
t.test('a service whose log nobody reads serves on, counts the lines, and ends at a signal', async (t) => {
    const folder = makeFolder(t);
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const writer = openSync(path, constants.O_WRONLY);
    t.teardown(() => { for (const descriptor of [reader, writer])
        closeSync(descriptor); });
    const { server, call, readDropped } = await startLogged(t, folder, writer);
    let requests = 0;
    while (await readDropped() === 0 && requests < 5000) {
        requests += 100;
        await Promise.all(Array.from({ length: 100 }, async () => await (await call('/health/live')).text()));
    }
    t.ok(requests < 5000, 'the pipe and the memory take a bounded number of lines');
    server.child.kill('SIGTERM');
    t.equal(await server.exitCode, 0);
    t.match(server.errors(), /LOG_BUFFER_BYTES of them wait already/);
});
//# sourceMappingURL=log.test.js.map