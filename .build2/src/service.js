import { buildApp } from './app.js';
import { fitToOpenFiles, openFilesFor, readOpenFilesLimit } from './open-files.js';
import { makeSecret } from './secret.js';
import { openPostgresStore } from './store/postgres/store.js';
import { openSqliteStore } from './store/sqlite/store.js';
import { readTls } from './tls.js';
/**
 * Builds the service from its settings, and opens its database. It hears no signals.
 *
 * @throws TlsError or DatabaseError, with nothing left open
 */
export async function buildService(config, { clock, metrics, log, onDialectRequest }) {
    const adminToken = config.adminToken ?? makeSecret();
    const tls = config.tls === undefined ? undefined : readTls(config.tls, clock);
    const openFiles = readOpenFilesLimit();
    const connections = fitToOpenFiles(config.limits.connections, openFiles);
    const store = await openStore(config.database, {
        pivotCurrency: config.pivotCurrency, clock, observer: metrics.storeObserver
    });
    const app = buildApp({
        store,
        clock,
        adminToken,
        logLevel: config.logLevel,
        ...log === undefined ? {} : { log },
        amlyzeLists: { balanceTypes: config.amlyzeBalanceTypes, businessUnits: config.amlyzeBusinessUnits },
        metrics,
        timeouts: config.timeouts,
        limits: { ...config.limits, connections },
        allowedHosts: config.allowedHosts,
        rateLimit: config.rateLimit,
        retentionDays: config.retentionDays,
        journal: config.journal,
        onDialectRequest,
        tls
    });
    warnOfFewOpenFiles(app.log, config.limits.connections, connections, openFiles);
    return { app, store, adminToken };
}
/** Lets a service listen where its settings say. @returns its address, for example `http://127.0.0.1:3000` */
export async function listen(app, { host, port }) {
    return await app.listen({
        host: host.replace(/^localhost$/, '127.0.0.1'),
        port,
        listenTextResolver: (where) => `listening on ${where}`
    });
}
/** @throws DatabaseError when the database cannot be used, with what to do about it */
async function openStore(database, options) {
    if (database.kind === 'sqlite')
        return openSqliteStore({ path: database.path, ...options });
    const { isolation, ...postgres } = database;
    return await openPostgresStore({ ...postgres, ...options, ...isolation === undefined ? {} : { isolation } });
}
/** Says so when fewer connections are possible than the settings allow. */
export function warnOfFewOpenFiles(log, wanted, possible, openFiles) {
    if (possible.inAll === wanted.inAll)
        return;
    const needed = openFilesFor(wanted.inAll);
    log.warn({ open_files: openFiles, connections: possible.inAll, connections_per_peer: possible.perPeer }, `only ${openFiles} files may be open (ulimit -n), so that CONNECTIONS is ${possible.inAll} and not ` +
        `${wanted.inAll}. Allow ${needed}`);
}
//# sourceMappingURL=service.js.map