/**
 * The service as its users start it on PostgreSQL, with a server of its own beside it on the same core. Arguments:
 * port, the number of accounts. DATABASE_ISOLATION and other settings come from the environment.
 */
import pg from 'pg';
import { readConfig } from '../src/config.js';
import { startServer } from '../src/server.js';
import { systemClock } from '../src/clock.js';
import { openPostgresStore } from '../src/store/postgres/store.js';
import { startPostgresServer } from '../test/support/postgres-server.js';
import { SERVER_SETTINGS } from './postgres-settings.js';
import { fillStore } from './seed.js';
const [port = '', accounts = ''] = process.argv.slice(2);
const server = await startPostgresServer(SERVER_SETTINGS);
const store = await openPostgresStore({ url: server.url, pivotCurrency: '840', clock: systemClock });
await fillStore(store, Number(accounts));
await store.close();
const client = new pg.Client({ connectionString: server.url });
await client.connect();
await client.query('VACUUM ANALYZE');
await client.end();
await startServer(readConfig({
    ...process.env,
    DATABASE_URL: server.url,
    DATABASE_PATH: '',
    PORT: port,
    LOG_LEVEL: 'warn',
    ADMIN_TOKEN: 'bench-admin-token',
    RATE_LIMIT: '0'
}));
//# sourceMappingURL=postgres-ours.js.map