import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, rmSync, statSync, writeFileSync, chmodSync, chownSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { CREDENTIALS, findPort, makeDatabaseFiles, ownerOf, programOf } from '../support/postgres-server.js';
/** Processes are killed here, never the machine: what was written is in the files, also without a sync. */
const SETTINGS = {
    fsync: 'off',
    listen_addresses: '127.0.0.1',
    shared_buffers: '32MB',
    max_connections: '60',
    wal_keep_size: '256MB',
    log_min_messages: 'error'
};
/** How often a condition of a server is looked at. */
const LOOK_AGAIN_MS = 20;
const START_SECONDS_MAX = 30;
/** Starts a cluster, whose processes end with the test. */
export async function startCluster(t, folder) {
    chmodSync(folder, 0o755);
    const ports = [await findPort(), await findPort()];
    let made = 0;
    const nextFolder = () => {
        made += 1;
        const next = join(folder, `node-${made}`);
        mkdirSync(next);
        return next;
    };
    let primary = await startNode(t, ports[0], makeDatabaseFiles(nextFolder()));
    let standby;
    async function addStandby() {
        const port = primary.port === ports[0] ? ports[1] : ports[0];
        standby = await startStandby(t, primary, join(nextFolder(), 'data'), port);
    }
    await addStandby();
    const urlOf = (...hosts) => `postgresql://${CREDENTIALS.user}:${CREDENTIALS.password}@` +
        `${hosts.map((port) => `127.0.0.1:${port}`).join()}/postgres`;
    return {
        url: urlOf(...ports),
        primaryUrl: () => urlOf(primary.port),
        failOver: async () => {
            if (standby === undefined)
                throw new Error('there is no standby');
            await primary.kill();
            await standby.query('SELECT pg_promote()');
            rmSync(primary.folder, { recursive: true });
            primary = standby;
            standby = undefined;
        },
        addStandby
    };
}
async function startNode(t, port, folder) {
    const settings = Object.entries({ ...SETTINGS, port }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    // A process group of its own: a kill of the server alone would leave its processes for a moment.
    const child = spawn(programOf('postgres'), ['-D', folder, '-k', '', ...settings], {
        ...ownerOf(), cwd: folder, detached: true, stdio: ['ignore', 'ignore', 'pipe']
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (chunk) => { said = `${said}${chunk}`.slice(-2000); });
    const kill = async () => { await killGroup(child); };
    t.teardown(kill);
    const query = async (sql, values = []) => {
        const client = new pg.Client({ ...CREDENTIALS, host: '127.0.0.1', port, database: 'postgres' });
        client.on('error', () => { });
        await client.connect();
        try {
            return (await client.query(sql, [...values])).rows;
        }
        finally {
            await client.end();
        }
    };
    await until(`the server at ${port} answers`, async () => {
        if (child.exitCode !== null)
            throw new Error(`the server ended: ${said}`);
        return await query('SELECT 1').then(() => true, () => false);
    });
    return { port, folder, query, kill };
}
async function killGroup(child) {
    if (child.exitCode !== null || child.signalCode !== null)
        return;
    const ended = once(child, 'exit');
    process.kill(-child.pid, 'SIGKILL');
    await ended;
}
/**
 * Copies a primary that runs into a standby, as the manual's section "Making a Base Backup Using the Low Level API"
 * says, and makes commits wait for it.
 */
async function startStandby(t, primary, folder, port) {
    const name = `standby_${port}`;
    const client = new pg.Client({ ...CREDENTIALS, host: '127.0.0.1', port: primary.port, database: 'postgres' });
    await client.connect();
    await client.query('SELECT pg_backup_start($1, true)', [name]);
    execFileSync('cp', ['-a', primary.folder, folder]);
    const { rows: [backup] } = await client.query('SELECT labelfile FROM pg_backup_stop(false)');
    await client.end();
    for (const file of ['postmaster.pid', 'postmaster.opts'])
        rmSync(join(folder, file), { force: true });
    const write = (file, text) => {
        writeFileSync(join(folder, file), text);
        const { uid, gid } = statSync(primary.folder);
        chownSync(join(folder, file), uid, gid);
    };
    write('backup_label', String(backup?.labelfile));
    write('standby.signal', '');
    const { user, password } = CREDENTIALS;
    const way = `host=127.0.0.1 port=${primary.port} user=${user} password=${password} application_name=${name}`;
    appendFileSync(join(folder, 'postgresql.auto.conf'), `\nprimary_conninfo = '${way}'\nsynchronous_standby_names = ''\n`);
    const standby = await startNode(t, port, folder);
    await primary.query(`ALTER SYSTEM SET synchronous_standby_names = '${name}'`);
    await primary.query('SELECT pg_reload_conf()');
    await until('commits wait for the standby', async () => {
        const rows = await primary.query('SELECT 1 FROM pg_stat_replication WHERE sync_state = \'sync\'');
        return rows.length > 0;
    });
    return standby;
}
async function until(what, isSo) {
    const endMs = performance.now() + START_SECONDS_MAX * 1000;
    while (!await isSo()) {
        if (performance.now() > endMs)
            throw new Error(`not within ${START_SECONDS_MAX} s: ${what}`);
        await wait(LOOK_AGAIN_MS);
    }
}
//# sourceMappingURL=cluster.js.map