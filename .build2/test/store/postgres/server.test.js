import pg from 'pg';
import t from 'tap';
import { openPostgresStore } from '../../../src/store/postgres/store.js';
import { readState, serverOf } from '../../../src/store/postgres/server.js';
import { sharedPostgresUrl } from '../../support/postgres-places.js';
import { NOW } from '../../support/service.js';
import { openAt, placeFor } from './places.js';
t.test('a server says what it is, and how it must be asked', async (t) => {
    for (const [text, server] of [
        ['PostgreSQL 18.4 on x86_64-pc-linux-gnu, compiled by gcc', ['PostgreSQL', '18.4', 'READ COMMITTED']],
        ['PostgreSQL 14beta1 on aarch64', ['PostgreSQL', '14beta1', 'READ COMMITTED']],
        ['CockroachDB CCL v26.3.1 (x86_64-pc-linux-gnu, built 2026/06/01)', ['CockroachDB', '26.3.1', 'SERIALIZABLE']],
        ['PostgreSQL 15.2-YB-2025.1.0.0-b0 on x86_64', ['YugabyteDB', '2025.1.0.0-b0', 'SERIALIZABLE']]
    ]) {
        const { engine, version, isolation } = serverOf(text);
        t.same([engine, version, isolation], server);
    }
    for (const text of ['PostgreSQL 13.9 on x86_64', 'Something else']) {
        t.throws(() => serverOf(text), {
            name: 'DatabaseError', message: `the server of DATABASE_URL is ${text}. Use PostgreSQL from version 14 on`
        });
    }
});
t.test('a database that lacks characters is refused', async (t) => {
    const url = new URL(await sharedPostgresUrl());
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    const name = `ascii_${process.pid}`;
    await client.query(`CREATE DATABASE ${name} ENCODING 'SQL_ASCII' TEMPLATE template0`);
    t.teardown(async () => {
        await client.query(`DROP DATABASE ${name}`);
        await client.end();
    });
    url.pathname = name;
    await t.rejects(openPostgresStore({ url: url.href, pivotCurrency: '840', clock: () => NOW }), {
        name: 'DatabaseError', message: /keeps texts in SQL_ASCII, which lacks characters\. Make one with: CREATE DATABASE/
    });
});
t.test('the check says how the database stands', async (t) => {
    const place = await placeFor(t);
    const store = await openAt(t, place);
    const { version, ...state } = await store.check();
    t.same(state, { engine: 'PostgreSQL', readOnly: false, waitsForStandby: false });
    t.match(version, /^\d+\.\d+$/);
});
t.test('commits are durable, also where synchronous_commit is off', async (t) => {
    const place = await placeFor(t);
    const store = await openAt(t, place);
    const client = new pg.Client({ connectionString: place });
    await client.connect();
    t.teardown(async () => { await client.end(); });
    t.match((await client.query('SHOW synchronous_commit')).rows, [{ synchronous_commit: 'off' }]);
    await client.query(`CREATE TABLE seen (setting text); CREATE FUNCTION see () RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN INSERT INTO seen VALUES (current_setting('synchronous_commit')); RETURN NULL; END $$;
    CREATE TRIGGER sees AFTER INSERT ON tokens FOR EACH ROW EXECUTE FUNCTION see()`);
    t.teardown(async () => { await client.query('DROP TABLE seen; DROP FUNCTION see CASCADE'); });
    await store.attachToken(1002n, 55n);
    t.same((await client.query('SELECT * FROM seen')).rows, [{ setting: 'on' }]);
});
t.test('whether commits wait for a standby is what the settings say', async (t) => {
    for (const [names, commit, waits] of [
        ['standby', 'on', true], ['standby', 'off', true], ['standby', 'local', false], ['', 'on', false]
    ]) {
        const row = { version: 'PostgreSQL 18.4', read_only: 'on', synchronous_commit: commit, standby_names: names };
        const state = await readState(async () => ({ rows: [row] }));
        t.match(state, { readOnly: true, waitsForStandby: waits }, `${names} ${commit}`);
    }
});
//# sourceMappingURL=server.test.js.map