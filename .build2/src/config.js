import { stateFolderOf } from './admin-token-file.js';
import { readDatabaseUrl } from './database-url.js';
import { numericCodeOf } from './domain/currency.js';
import { readBusinessUnits, SETTINGS } from './settings.js';
/** The addresses that only the machine itself can reach. */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/i;
/** What a token must have at least where others can reach the service. */
const ADMIN_TOKEN_LENGTH = 16;
/** Thrown when a setting is not what it must be. Names every such setting. */
export class ConfigError extends Error {
    name = 'ConfigError';
}
/**
 * Reads the settings. A variable that is empty counts as not set.
 *
 * @param defaults what holds for a setting that is not set, in place of the setting's own default
 * @throws ConfigError with one line a wrong setting: its name and what it must be
 */
export function readConfig(environment, defaults = {}) {
    const faults = [];
    function read(name) {
        const { fallback, rule, isValid } = SETTINGS[name];
        const value = environment[name] || defaults[name] || fallback;
        if (value !== undefined && !isValid(value))
            faults.push(`${name} must be ${rule}`);
        return value;
    }
    const config = {
        host: read('HOST'),
        port: Number(read('PORT')),
        database: readDatabase(read, environment, faults),
        scenarioFile: read('SCENARIO_FILE'),
        adminToken: read('ADMIN_TOKEN'),
        logLevel: read('LOG_LEVEL'),
        logBufferBytes: Number(read('LOG_BUFFER_BYTES')),
        timeouts: {
            headersSeconds: Number(read('HEADERS_TIMEOUT_SECONDS')),
            requestSeconds: Number(read('REQUEST_TIMEOUT_SECONDS')),
            connectionSeconds: Number(read('CONNECTION_TIMEOUT_SECONDS')),
            keepAliveSeconds: Number(read('KEEP_ALIVE_TIMEOUT_SECONDS'))
        },
        limits: {
            connections: { inAll: Number(read('CONNECTIONS')), perPeer: Number(read('CONNECTIONS_PER_PEER')) },
            pipelinedRequests: Number(read('PIPELINED_REQUESTS')),
            jsonParts: Number(read('JSON_PARTS')),
            refusedBody: { bytes: Number(read('REFUSED_BODY_BYTES')), seconds: Number(read('REFUSED_BODY_SECONDS')) }
        },
        allowedHosts: readAllowedHosts(read('ALLOWED_HOSTS'), read('HOST')),
        drainSeconds: Number(read('DRAIN_SECONDS')),
        rateLimit: Number(read('RATE_LIMIT')),
        retentionDays: Number(read('RETENTION_DAYS')),
        journal: {
            bounds: { requests: Number(read('JOURNAL_REQUESTS')), bytes: Number(read('JOURNAL_BYTES')) },
            isRedacted: read('JOURNAL_REDACT') === 'true'
        },
        tls: readTls(read('TLS_CERT'), read('TLS_KEY'), read('TLS_CLIENT_CA'), faults),
        pivotCurrency: numericCodeOf(read('PIVOT_CURRENCY')),
        amlyzeBalanceTypes: read('AMLYZE_BALANCE_TYPES').split(','),
        amlyzeBusinessUnits: new Map(readBusinessUnits(read('AMLYZE_BUSINESS_UNITS') ?? '')),
        stateFolder: stateFolderOf(environment)
    };
    const { host, adminToken, timeouts } = config;
    if (adminToken === undefined && !LOOPBACK.test(host)) {
        faults.push(`ADMIN_TOKEN must be set, because HOST (${host}) is not a loopback address and everybody who reaches ` +
            'it could try. Set ADMIN_TOKEN to a long random text, or HOST to 127.0.0.1');
    }
    if (adminToken !== undefined && adminToken.length < ADMIN_TOKEN_LENGTH && !LOOPBACK.test(host)) {
        faults.push(`ADMIN_TOKEN must have at least ${ADMIN_TOKEN_LENGTH} characters, because HOST (${host}) is not a ` +
            'loopback address and everybody who reaches it could guess. Set ADMIN_TOKEN to a long random text');
    }
    if (timeouts.headersSeconds > timeouts.requestSeconds) {
        faults.push('HEADERS_TIMEOUT_SECONDS must be at most REQUEST_TIMEOUT_SECONDS, because headers are a part of the ' +
            'request');
    }
    if (faults.length > 0)
        throw new ConfigError(faults.join('\n'));
    return config;
}
const ISOLATION = { auto: undefined, 'read-committed': 'READ COMMITTED', serializable: 'SERIALIZABLE' };
/** Brings the settings of the database together, and adds their faults. */
function readDatabase(read, environment, faults) {
    const path = read('DATABASE_PATH');
    const url = read('DATABASE_URL');
    const postgres = {
        connections: Number(read('DATABASE_CONNECTIONS')),
        statementTimeoutMs: Number(read('DATABASE_STATEMENT_TIMEOUT_SECONDS')) * 1000,
        isolation: ISOLATION[read('DATABASE_ISOLATION')]
    };
    if (url === undefined)
        return { kind: 'sqlite', path };
    if (environment['DATABASE_PATH']) {
        faults.push('DATABASE_URL must not be set beside DATABASE_PATH: the one is a PostgreSQL database, the other a ' +
            'SQLite file. Unset one of them');
    }
    try {
        readDatabaseUrl(url);
    }
    catch (error) {
        faults.push(`DATABASE_URL ${error.message}`);
    }
    return { kind: 'postgres', url, ...postgres };
}
/** A page of another origin reaches loopback by a name of its own (DNS rebinding), and other machines do not. */
function readAllowedHosts(names, host) {
    if (names === undefined)
        return LOOPBACK.test(host) ? new Set() : undefined;
    return new Set(names.toLowerCase().split(','));
}
/** Reads the three settings of TLS, and adds their common faults to the list. */
function readTls(certFile, keyFile, clientCaFile, faults) {
    if (certFile !== undefined && keyFile !== undefined)
        return { certFile, keyFile, clientCaFile };
    if (certFile !== undefined)
        faults.push('TLS_KEY must be set beside TLS_CERT');
    if (keyFile !== undefined)
        faults.push('TLS_CERT must be set beside TLS_KEY');
    if (clientCaFile !== undefined && certFile === undefined && keyFile === undefined) {
        faults.push('TLS_CERT and TLS_KEY must be set beside TLS_CLIENT_CA');
    }
    return undefined;
}
//# sourceMappingURL=config.js.map