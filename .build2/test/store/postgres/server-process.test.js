import { spawnSync } from 'node:child_process';
import t from 'tap';
t.test('the support of these tests leaves the exit code of a process alone', async (t) => {
    const support = new URL('../../support/postgres-places.js', import.meta.url).href;
    const script = `import { sharedPostgresUrl } from '${support}'; process.exitCode = sharedPostgresUrl.length + 7`;
    t.equal(spawnSync(process.execPath, ['--input-type=module', '-e', script]).status, 7);
});
//# sourceMappingURL=server-process.test.js.map