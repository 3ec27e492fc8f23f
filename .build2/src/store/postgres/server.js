import { DatabaseError } from '../database-error.js';
/** From then on a server has all that the migrations and operations use. */
const POSTGRESQL_MIN = 14;
/**
 * Tells what a server is by its own words.
 *
 * @param text what `SELECT version()` gives
 * @throws DatabaseError for one that the service does not run on
 */
export function serverOf(text) {
    const cockroach = /^CockroachDB .*?v(\S+)/.exec(text);
    if (cockroach !== null) {
        return { engine: 'CockroachDB', version: String(cockroach[1]), isolation: 'SERIALIZABLE' };
    }
    const yugabyte = /-YB-(\S+)/.exec(text);
    if (yugabyte !== null)
        return { engine: 'YugabyteDB', version: String(yugabyte[1]), isolation: 'SERIALIZABLE' };
    const [, version = '', major] = /^PostgreSQL ((\d+)\S*)/.exec(text) ?? [];
    if (!(Number(major) >= POSTGRESQL_MIN)) {
        throw new DatabaseError(`the server of DATABASE_URL is ${text}. Use PostgreSQL from version ${POSTGRESQL_MIN} on`);
    }
    return { engine: 'PostgreSQL', version, isolation: 'READ COMMITTED' };
}
/** @throws DatabaseError when the server or its database is none that the service runs on */
export async function readServer(send) {
    const { rows: [row] } = await send('SELECT version() AS version, current_setting(\'server_encoding\') AS encoding');
    const server = serverOf(String(row?.['version']));
    if (row?.['encoding'] === 'UTF8')
        return server;
    throw new DatabaseError(`the database of DATABASE_URL keeps texts in ${String(row?.['encoding'])}, which lacks ` +
        'characters. Make one with: CREATE DATABASE stip ENCODING \'UTF8\' TEMPLATE template0');
}
/** Reads how the database stands now. */
export async function readState(send) {
    const { rows: [row] } = await send(`SELECT version() AS version,
    current_setting('transaction_read_only') AS read_only, current_setting('synchronous_commit') AS synchronous_commit,
    current_setting('synchronous_standby_names', true) AS standby_names`);
    const { engine, version } = serverOf(String(row?.['version']));
    return {
        engine,
        version,
        readOnly: row?.['read_only'] === 'on',
        waitsForStandby: Boolean(row?.['standby_names']) && row?.['synchronous_commit'] !== 'local'
    };
}
//# sourceMappingURL=server.js.map