import { isIP } from 'node:net'
import { findTypedCurrency } from './domain/currency.js'
import { readIssuerHosts } from './domain/issuer-endpoint.js'
import {
  anyText, areBusinessUnits, HOST_LIST_RULE, HOST_NAME, isHostList, NAME_LIST, SECONDS, wholeNumber, type Setting
} from './setting-rules.js'

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']

/** Every setting of the service, by the name of its environment variable. */
export const SETTINGS = {
  HOST: {
    description: 'The address to listen on. `localhost` is 127.0.0.1.',
    fallback: '127.0.0.1',
    rule: 'a host name or an IP address',
    isValid: (value) => isIP(value) > 0 || HOST_NAME.test(value)
  },
  PORT: {
    description: 'The port to listen on. 0 picks a free one.',
    fallback: '3000',
    rule: 'a whole number from 0 to 65535',
    isValid: (value) => /^\d{1,5}$/.test(value) && Number(value) <= 65535
  },
  DATABASE_PATH: {
    description: 'The SQLite file; made, with its folder, where there is none.',
    fallback: 'data/stip-sandbox.sqlite',
    rule: 'the path of a file on disk: a database in memory would be lost at the end, and SQLite\'s file: addresses ' +
      'are not known',
    isValid: (value) => !/^(?::memory:|file:)/i.test(value) && value.trim() !== ''
  },
  DATABASE_URL: {
    description: 'A PostgreSQL database in place of a SQLite file, for example ' +
      '`postgresql://user:secret@host1:5432,host2:5432/stip?sslmode=verify-full`. Of several hosts the service uses ' +
      'the one that takes writes, also after a failover.',
    rule: 'the address of a PostgreSQL database',
    isSecret: true,
    isValid: anyText
  },
  DATABASE_CONNECTIONS: {
    description: 'How many connections to PostgreSQL the service may have. One more looks after the server of ' +
      'each that works for more than 3 seconds.',
    fallback: '12',
    ...wholeNumber('', 4, 1000)
  },
  DATABASE_STATEMENT_TIMEOUT_SECONDS: {
    description: 'How long PostgreSQL may work on one statement, or wait for a lock. The request is answered with ' +
      '503 then. A commit has no limit.',
    fallback: '30',
    ...SECONDS
  },
  DATABASE_ISOLATION: {
    description: 'The isolation of changes on PostgreSQL: read-committed, serializable, or auto for what the server ' +
      'needs.',
    fallback: 'auto',
    rule: 'one of auto, read-committed, serializable',
    isValid: (value) => ['auto', 'read-committed', 'serializable'].includes(value)
  },
  SCENARIO_FILE: {
    description: 'A scenario (JSON or YAML) that is read and loaded when the database is empty, and only then.',
    rule: 'the path of a file',
    isValid: anyText
  },
  ADMIN_TOKEN: {
    description: 'The bearer token of `/sandbox/v1`. When it is missing, one is made up at each start and printed, ' +
      'and the command line finds it by itself; then `HOST` must be a loopback address. Elsewhere it has at least 16 ' +
      'characters.',
    rule: '1 to 200 visible ASCII characters without spaces',
    isSecret: true,
    isValid: (value) => /^[\x21-\x7e]{1,200}$/.test(value)
  },
  LOG_LEVEL: {
    description: `The least level that is logged: ${LOG_LEVELS.join(', ')}.`,
    fallback: 'info',
    rule: `one of ${LOG_LEVELS.join(', ')}`,
    isValid: (value) => LOG_LEVELS.includes(value)
  },
  LOG_BUFFER_BYTES: {
    description: 'How much of the log may wait in memory for a slow reader of standard output, in bytes. Further ' +
      'lines are dropped and counted in `stip_log_lines_dropped_total`.',
    fallback: '1048576',
    rule: 'a whole number from 65536 to 1073741824',
    isValid: (value) => /^\d{5,10}$/.test(value) && Number(value) >= 65_536 && Number(value) <= 1_073_741_824
  },
  TLS_CERT: {
    description: 'The certificate for HTTPS, with its chain where it has one (PEM). Without it the service speaks ' +
      'plain HTTP.',
    rule: 'the path of a file',
    isValid: anyText
  },
  TLS_KEY: {
    description: 'The private key of `TLS_CERT` (PEM, without a passphrase).',
    rule: 'the path of a file',
    isValid: anyText
  },
  TLS_CLIENT_CA: {
    description: 'The certificates that a client\'s certificate must come from (PEM). With it only clients that have ' +
      'one are let in (mutual TLS).',
    rule: 'the path of a file',
    isValid: anyText
  },
  ISSUER_HOSTS: {
    description: 'The hosts that issuers\' URLs may have, names or addresses without port, separated by commas. When ' +
      'it is missing, any. Redirects are never followed.',
    rule: HOST_LIST_RULE,
    isValid: (value) => isHostList(value) && value.split(',').every((name) => readIssuerHosts([name]).size === 1)
  },
  ISSUER_CALLS: {
    description: 'How many messages to issuers may be under way at a time. Above it the longest wait for a late ' +
      'answer ends; where nobody waits for one, the message is not sent.',
    fallback: '1000',
    ...wholeNumber('', 1, 100_000)
  },
  ISSUER_TLS_CA_FILE: {
    description: 'The certificates by which issuers with HTTPS are trusted (PEM), in place of the public authorities.',
    rule: 'the path of a file',
    isValid: anyText
  },
  ISSUER_TLS_CERT_FILE: {
    description: 'The certificate that the service shows to issuers (PEM), for mutual TLS.',
    rule: 'the path of a file',
    isValid: anyText
  },
  ISSUER_TLS_KEY_FILE: {
    description: 'The private key of `ISSUER_TLS_CERT_FILE` (PEM, without a passphrase).',
    rule: 'the path of a file',
    isValid: anyText
  },
  RATE_LIMIT: {
    description: 'How many requests a minute each client may send, and the holder of the admin token; 0 for as many ' +
      'as they like. A body counts as one request for each begun 4 KiB.',
    fallback: '120000',
    rule: 'a whole number from 0 to 9999999',
    isValid: (value) => /^\d{1,7}$/.test(value)
  },
  HEADERS_TIMEOUT_SECONDS: {
    description: 'How long the headers of a request may take to arrive, and a TLS handshake to be done.',
    fallback: '10',
    ...SECONDS
  },
  REQUEST_TIMEOUT_SECONDS: {
    description: 'How long a whole request may take to arrive. A balance file is applied as it arrives.',
    fallback: '300',
    ...SECONDS
  },
  CONNECTION_TIMEOUT_SECONDS: {
    description: 'How long nothing at all may move on a connection with a request under way.',
    fallback: '60',
    ...SECONDS
  },
  KEEP_ALIVE_TIMEOUT_SECONDS: {
    description: 'How long an open connection is kept for its next request.',
    fallback: '72',
    ...SECONDS
  },
  CONNECTIONS: {
    description: 'How many connections may be open at a time. Each needs two open files (`ulimit -n`).',
    fallback: '1000',
    ...wholeNumber('', 1, 1_000_000)
  },
  CONNECTIONS_PER_PEER: {
    description: 'How many of them one address may have; of IPv6 one network of 64 bits. Behind a proxy set it to ' +
      '`CONNECTIONS`.',
    fallback: '500',
    ...wholeNumber('', 1, 1_000_000)
  },
  PIPELINED_REQUESTS: {
    description: 'How many requests may wait on one connection behind the one that is worked on. With more it is ' +
      'closed.',
    fallback: '100',
    ...wholeNumber('', 0, 10_000)
  },
  JSON_PARTS: {
    description: 'How many of the characters `{`, `[`, `:` and `,` a JSON body may have outside its strings. A batch ' +
      'of 1000 reports needs 17,003. Scenarios and snapshots, which are read in parts, have no such limit.',
    fallback: '65536',
    ...wholeNumber('', 17_003, 1_000_000)
  },
  EVENT_LISTENERS: {
    description: 'How many may listen to `/sandbox/v1/events` at once. Each takes a connection, and up to 1 MiB.',
    fallback: '100',
    ...wholeNumber('', 0, 10_000)
  },
  REFUSED_BODY_BYTES: {
    description: 'How much of a body is read away after its request was refused, so that the client can read why.',
    fallback: '104857600',
    ...wholeNumber(' of bytes', 0, 1_000_000_000_000)
  },
  REFUSED_BODY_SECONDS: {
    description: 'How long such a body is read away. Then its connection is closed.',
    fallback: '30',
    ...SECONDS
  },
  ALLOWED_HOSTS: {
    description: 'The names, without port, by which the service may be called (header `Host`), separated by commas. ' +
      'Names of the loopback are always allowed. When it is missing, others are allowed unless `HOST` is a loopback ' +
      'address.',
    rule: HOST_LIST_RULE,
    isValid: isHostList
  },
  DRAIN_SECONDS: {
    description: 'How long the service still listens after a signal to stop, while `/health/ready` says 503, so that ' +
      'a load balancer can look elsewhere.',
    fallback: '0',
    rule: 'a whole number of seconds from 0 to 3600',
    isValid: (value) => /^\d{1,4}$/.test(value) && Number(value) <= 3600
  },
  RETENTION_DAYS: {
    description: 'How many days history, reported balances and the answers for repeated requests are kept. The ' +
      'service removes older ones at its start and once a day, as `prune` does; 0 keeps everything.',
    fallback: '0',
    rule: 'a whole number of days from 0 to 36500',
    isValid: (value) => /^\d{1,5}$/.test(value) && Number(value) <= 36500
  },
  JOURNAL_REQUESTS: {
    description: 'How many requests to the dialects the journal keeps, the newest; 0 to keep none. They are written ' +
      'up to a second behind their answers.',
    fallback: '1000',
    ...wholeNumber('', 0, 1_000_000)
  },
  JOURNAL_BYTES: {
    description: 'How much the journal keeps, bodies and answers counted. One of more than 1 MiB is not kept.',
    fallback: '16777216',
    ...wholeNumber(' of bytes', 65_536, 1_000_000_000_000)
  },
  JOURNAL_REDACT: {
    description: 'Whether the journal masks the numbers of accounts and tokens, for shared hosts. Such a request ' +
      'cannot be found by its account, or sent again.',
    fallback: 'false',
    rule: 'true or false',
    isValid: (value) => ['true', 'false'].includes(value)
  },
  PIVOT_CURRENCY: {
    description: 'The currency that a cross rate may go through: its ISO 4217 code, such as 840 or USD.',
    fallback: '840',
    rule: 'the ISO 4217 code of a current currency with a minor unit, such as 840 or USD',
    isValid: (value) => findTypedCurrency(value) !== undefined
  },
  AMLYZE_BALANCE_TYPES: {
    description: 'The values that AMLYZE\'s `balanceType` may have, separated by commas.',
    fallback: 'STATEMENT_BALANCE,DAILY_BALANCE',
    rule: 'names of at most 255 characters, separated by commas, none of them with a semicolon or an equals sign',
    isValid: (value) => NAME_LIST.test(value)
  },
  AMLYZE_BUSINESS_UNITS: {
    description: 'The business units of AMLYZE\'s clients that have some, for example `123=retail,corporate;456=main`.',
    rule: 'such as 123=retail,corporate;456=main, each client once',
    isValid: areBusinessUnits
  }
} as const satisfies Readonly<Record<string, Setting>>

export type SettingName = keyof typeof SETTINGS
