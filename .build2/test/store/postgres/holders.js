import pg from 'pg';
/** A connection past the service, closed with the test. */
export async function connect(t, url) {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    t.teardown(async () => { await client.end(); });
    return client;
}
/** Waits until somebody waits for a lock of this connection. Refused when the work ends before. */
export async function untilBlocked(t, url, holder, work) {
    const watcher = await connect(t, url);
    const { rows: [own] } = await holder.query('SELECT pg_backend_pid() AS pid');
    let hasEnded = false;
    work.finally(() => { hasEnded = true; }).catch(() => { });
    for (;;) {
        const { rows } = await watcher.query('SELECT 1 FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid))', [own?.pid]);
        if (rows.length > 0)
            return;
        if (hasEnded)
            throw new Error('it did not wait');
    }
}
//# sourceMappingURL=holders.js.map