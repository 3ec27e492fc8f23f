import { inspect } from 'node:util';
/** A text that stays out of logs, errors and inspections. */
export class Secret {
    #text;
    constructor(text) {
        this.#text = text;
    }
    reveal() {
        return this.#text;
    }
    toJSON() {
        return '***';
    }
    [inspect.custom]() {
        return '***';
    }
}
/** The modes of TLS in the words of libpq, from the weakest to the strongest. */
const SSL_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'];
/** Thrown when a database URL is not what it must be. The message follows the name of the setting, without a secret. */
export class DatabaseUrlError extends Error {
    name = 'DatabaseUrlError';
}
const URL_FORM = /^postgres(?:ql)?:\/\/(?:([^/?#]*)@)?([^/?#@]*)(?:\/([^/?#]*))?(?:\?([^#]*))?$/i;
const HOST_FORM = /^(?:\[([\da-f:.]+)\]|([^:[\]]*))(?::(\d{1,5}))?$/i;
const EXAMPLE = 'postgresql://user:secret@host1:5432,host2:5432/stip?sslmode=verify-full';
const PARAMETERS = [
    'sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'sslcrl', 'host', 'port', 'user', 'password', 'dbname', 'options',
    'application_name', 'connect_timeout', 'target_session_attrs'
];
/** The endpoints of Aurora DSQL, public and private. */
const DSQL_HOST = /\.dsql(?:-\w+)?\.[\w-]+\.on\.aws$/i;
const CONNECT_TIMEOUT_SECONDS = 3;
/**
 * Reads a database URL as libpq does. One host at least takes writes, and is looked for.
 *
 * @throws DatabaseUrlError saying what would be right, without user name and password
 */
export function readDatabaseUrl(text) {
    const [whole, userInfo = '', hostList = '', path = '', query = ''] = URL_FORM.exec(text) ?? [];
    if (whole === undefined) {
        throw new DatabaseUrlError(`must be such as ${EXAMPLE}. In a user name or password write / as %2F, ? as %3F, ` +
            '# as %23, @ as %40 and % as %25');
    }
    const parameters = readParameters(query);
    const of = (name) => parameters.get(name);
    const [user = '', ...rest] = userInfo.split(':');
    const secret = of('password') ?? (rest.length === 0 ? undefined : decode(rest.join(':')));
    const hosts = readHosts(hostList, of('host'), of('port'));
    refuseDsql(hosts);
    const target = of('target_session_attrs') ?? 'read-write';
    if (target !== 'read-write' && target !== 'primary') {
        throw new DatabaseUrlError('must have no target_session_attrs but read-write or primary: the service always ' +
            'looks for the host that takes writes');
    }
    return {
        hosts,
        user: of('user') ?? (decode(user) || undefined),
        password: secret === undefined ? undefined : new Secret(secret),
        database: of('dbname') ?? (decode(path) || undefined),
        sslMode: readSslMode(of('sslmode'), of('sslrootcert')),
        files: {
            sslrootcert: of('sslrootcert'), sslcert: of('sslcert'), sslkey: of('sslkey'), sslcrl: of('sslcrl')
        },
        options: of('options'),
        applicationName: of('application_name') ?? 'stip-sandbox',
        connectTimeoutMs: readConnectTimeout(of('connect_timeout'))
    };
}
function readParameters(query) {
    const parameters = new Map();
    for (const pair of query.split('&').filter(Boolean)) {
        const [name = '', ...value] = pair.split('=');
        if (!PARAMETERS.includes(name)) {
            throw new DatabaseUrlError(`must have no parameter but ${PARAMETERS.join(', ')}`);
        }
        if (parameters.has(name))
            throw new DatabaseUrlError(`must have the parameter ${name} once`);
        parameters.set(name, decode(value.join('=')));
    }
    return parameters;
}
function decode(text) {
    try {
        return decodeURIComponent(text);
    }
    catch {
        throw new DatabaseUrlError('must write a percent sign that stands for itself as %25');
    }
}
/** Hosts stand in the address or in the parameters `host` and `port`, separated by commas. */
function readHosts(list, hostNames, ports) {
    const hosts = hostNames === undefined
        ? list.split(',').map(readHost)
        : hostNames.split(',').map((host) => ({ host: host || 'localhost', port: 5432 }));
    const numbers = ports?.split(',').map(readPort) ?? [];
    if (numbers.length > 1 && numbers.length !== hosts.length) {
        throw new DatabaseUrlError('must have one port, or one for each host');
    }
    return hosts.map(({ host, port }, index) => ({ host, port: numbers[index] ?? numbers[0] ?? port }));
}
function readHost(text) {
    const [whole, address, name = '', port = '5432'] = HOST_FORM.exec(text) ?? [];
    if (whole === undefined) {
        throw new DatabaseUrlError('must name hosts such as host1:5432,host2:5432, and IPv6 addresses in brackets');
    }
    return { host: address ?? (decode(name) || 'localhost'), port: readPort(port) };
}
function readPort(text) {
    const port = /^\d{0,5}$/.test(text) ? Number(text || '5432') : 0;
    if (port < 1 || port > 65_535)
        throw new DatabaseUrlError('must name ports from 1 to 65535');
    return port;
}
function refuseDsql(hosts) {
    if (!hosts.some(({ host }) => DSQL_HOST.test(host)))
        return;
    throw new DatabaseUrlError('must not name Aurora DSQL: it has no foreign keys and no locks on rows that are read, ' +
        'which keep balances right here. Use Aurora PostgreSQL or another PostgreSQL from version 14 on');
}
/** Like libpq, `sslrootcert=system` asks for `verify-full`: anybody can get a certificate of a public root. */
function readSslMode(given, rootCert) {
    const mode = SSL_MODES.find((known) => known === (given ?? (rootCert === 'system' ? 'verify-full' : 'prefer')));
    if (mode === undefined)
        throw new DatabaseUrlError(`must have an sslmode of ${SSL_MODES.join(', ')}`);
    if (rootCert === 'system' && mode !== 'verify-full') {
        throw new DatabaseUrlError('must have sslmode=verify-full beside sslrootcert=system');
    }
    return mode;
}
function readConnectTimeout(text) {
    const seconds = text ?? String(CONNECT_TIMEOUT_SECONDS);
    if (!/^[1-9]\d{0,2}$/.test(seconds)) {
        throw new DatabaseUrlError('must have a connect_timeout of 1 to 999 seconds');
    }
    return Number(seconds) * 1000;
}
//# sourceMappingURL=database-url.js.map