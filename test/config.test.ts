import { homedir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { readConfig } from '../src/config.js'

t.test('without any setting the service listens on loopback', async (t) => {
  t.same(readConfig({}), {
    host: '127.0.0.1',
    port: 3000,
    database: { kind: 'sqlite', path: 'data/stip-sandbox.sqlite' },
    scenarioFile: undefined,
    adminToken: undefined,
    logLevel: 'info',
    logBufferBytes: 1_048_576,
    timeouts: { headersSeconds: 10, requestSeconds: 300, connectionSeconds: 60, keepAliveSeconds: 72 },
    limits: {
      connections: { inAll: 1000, perPeer: 500 },
      pipelinedRequests: 100,
      jsonParts: 65_536,
      eventListeners: 100,
      refusedBody: { bytes: 104_857_600, seconds: 30 }
    },
    allowedHosts: new Set(),
    drainSeconds: 0,
    rateLimit: 120000,
    retentionDays: 0,
    journal: { bounds: { requests: 1000, bytes: 16_777_216 }, isRedacted: false },
    tls: undefined,
    issuers: {
      hosts: undefined, callsMax: 1000, tls: { caFile: undefined, certFile: undefined, keyFile: undefined }
    },
    pivotCurrency: '840',
    amlyzeBalanceTypes: ['STATEMENT_BALANCE', 'DAILY_BALANCE'],
    amlyzeBusinessUnits: new Map(),
    stateFolder: join(homedir(), '.local', 'state', 'stip-sandbox')
  })
})

t.test('every setting is taken from its variable', async (t) => {
  t.same(readConfig({
    HOST: '::1',
    PORT: '0',
    DATABASE_PATH: '/x/y',
    SCENARIO_FILE: 'z.json',
    ADMIN_TOKEN: 's3cret',
    LOG_LEVEL: 'debug',
    LOG_BUFFER_BYTES: '65536',
    HEADERS_TIMEOUT_SECONDS: '1',
    REQUEST_TIMEOUT_SECONDS: '2',
    CONNECTION_TIMEOUT_SECONDS: '3',
    KEEP_ALIVE_TIMEOUT_SECONDS: '3600',
    CONNECTIONS: '7',
    CONNECTIONS_PER_PEER: '6',
    PIPELINED_REQUESTS: '0',
    JSON_PARTS: '17003',
    EVENT_LISTENERS: '0',
    REFUSED_BODY_BYTES: '0',
    REFUSED_BODY_SECONDS: '1',
    ALLOWED_HOSTS: 'Sandbox.example,192.0.2.1',
    DRAIN_SECONDS: '5',
    RATE_LIMIT: '0',
    RETENTION_DAYS: '90',
    JOURNAL_REQUESTS: '5',
    JOURNAL_BYTES: '65536',
    JOURNAL_REDACT: 'true',
    TLS_CERT: 'a.crt',
    TLS_KEY: 'a.key',
    TLS_CLIENT_CA: 'ca.crt',
    ISSUER_HOSTS: 'Issuer.example,127.0.0.1,::1',
    ISSUER_CALLS: '7',
    ISSUER_TLS_CA_FILE: 'issuers.crt',
    ISSUER_TLS_CERT_FILE: 'b.crt',
    ISSUER_TLS_KEY_FILE: 'b.key',
    PIVOT_CURRENCY: 'eur',
    AMLYZE_BALANCE_TYPES: 'EOD',
    AMLYZE_BUSINESS_UNITS: '123=retail,Großkunden Süd;456=main',
    XDG_STATE_HOME: '/state'
  }), {
    host: '::1',
    port: 0,
    database: { kind: 'sqlite', path: '/x/y' },
    scenarioFile: 'z.json',
    adminToken: 's3cret',
    logLevel: 'debug',
    logBufferBytes: 65_536,
    timeouts: { headersSeconds: 1, requestSeconds: 2, connectionSeconds: 3, keepAliveSeconds: 3600 },
    limits: {
      connections: { inAll: 7, perPeer: 6 },
      pipelinedRequests: 0,
      jsonParts: 17_003,
      eventListeners: 0,
      refusedBody: { bytes: 0, seconds: 1 }
    },
    allowedHosts: new Set(['sandbox.example', '192.0.2.1']),
    drainSeconds: 5,
    rateLimit: 0,
    retentionDays: 90,
    journal: { bounds: { requests: 5, bytes: 65_536 }, isRedacted: true },
    tls: { certFile: 'a.crt', keyFile: 'a.key', clientCaFile: 'ca.crt' },
    issuers: {
      hosts: new Set(['issuer.example', '127.0.0.1', '[::1]']),
      callsMax: 7,
      tls: { caFile: 'issuers.crt', certFile: 'b.crt', keyFile: 'b.key' }
    },
    pivotCurrency: '978',
    amlyzeBalanceTypes: ['EOD'],
    amlyzeBusinessUnits: new Map([[123, ['retail', 'Großkunden Süd']], [456, ['main']]]),
    stateFolder: '/state/stip-sandbox'
  })
})

for (const host of ['::', '::1', 'fe80::1%eth0', '0.0.0.0', 'localhost', 'test-host_1.example.org.', '1host']) {
  t.test(`HOST=${host} is taken`, async (t) => {
    t.equal(readConfig({ HOST: host, ADMIN_TOKEN: 's3cret-of-16-chr' }).host, host)
  })
}

t.test('every name is answered off the loopback, unless there is a list', async (t) => {
  const environment = { HOST: '0.0.0.0', ADMIN_TOKEN: 's3cret-of-16-characters' }
  t.equal(readConfig(environment).allowedHosts, undefined)
  t.same(readConfig({ ...environment, ALLOWED_HOSTS: 'a.example' }).allowedHosts, new Set(['a.example']))
})

t.test('other defaults hold where nothing is set, or an empty value', async (t) => {
  const defaults = { PORT: '4000', LOG_LEVEL: 'warn' }
  t.match(readConfig({ PORT: '', LOG_LEVEL: 'error' }, defaults), { port: 4000, logLevel: 'error', host: '127.0.0.1' })
})

t.test('a variable that is empty counts as not set', async (t) => {
  t.same(readConfig({ PORT: '', ADMIN_TOKEN: '', SCENARIO_FILE: '' }), readConfig({}))
})

for (const [name, values] of Object.entries({
  HOST: ['two words', ':::', '1:2', '-x', 'a..b', '.', 'fe80::1%'],
  PORT: ['65536', '-1', '3e3', '80 ', 'http'],
  ADMIN_TOKEN: ['two words', 'schlüssel', 'x'.repeat(201)],
  DATABASE_PATH: [':memory:', ':MEMORY:', 'file:x.sqlite?mode=memory', 'file::memory:', ' '],
  LOG_LEVEL: ['verbose', 'INFO'],
  LOG_BUFFER_BYTES: ['0', '65535', '1073741825', '1MB'],
  RETENTION_DAYS: ['-1', '1.5', '36501', '90d'],
  RATE_LIMIT: ['-1', '1.5', '10000000', 'off'],
  HEADERS_TIMEOUT_SECONDS: ['0', '3601', '1s', '0.5'],
  REQUEST_TIMEOUT_SECONDS: ['0', '3601'],
  CONNECTION_TIMEOUT_SECONDS: ['0', '3601'],
  KEEP_ALIVE_TIMEOUT_SECONDS: ['0', '3601'],
  CONNECTIONS: ['0', '-1', '1.5', '1000001'],
  CONNECTIONS_PER_PEER: ['0', 'x'],
  PIPELINED_REQUESTS: ['-1', '10001'],
  JSON_PARTS: ['17002', '1000001'],
  EVENT_LISTENERS: ['-1', '10001'],
  REFUSED_BODY_BYTES: ['-1', '1e6', '1000000000001'],
  REFUSED_BODY_SECONDS: ['0', '3601'],
  ALLOWED_HOSTS: [',', 'a,', 'a, b', 'sandbox.example:3000', 'http://a', '[::1]'],
  ISSUER_HOSTS: [',', 'a,', 'a, b', 'issuer.example:3000', 'http://a', '[::1]', '*.example', '1.2.3.4.5', '::1%lo'],
  ISSUER_CALLS: ['0', '-1', '1.5', '100001'],
  DRAIN_SECONDS: ['-1', '3601', '5s'],
  PIVOT_CURRENCY: ['HRK', '999', '84'],
  AMLYZE_BALANCE_TYPES: [',', 'A,', 'A, B', 'A;B', 'A=B', 'x'.repeat(256)],
  AMLYZE_BUSINESS_UNITS: ['retail', '=retail', '123=', '0=main', 'x=main', '123=a;123=b', '123=a;', '123=a,,b']
})) {
  for (const value of values) {
    t.test(`${name}=${value} is refused by name`, async (t) => {
      t.throws(() => readConfig({ [name]: value }), { name: 'ConfigError', message: new RegExp(`^${name} must be `) })
    })
  }
}

for (const host of ['127.0.0.1', '127.1.2.3', 'localhost', '::1']) {
  t.test(`${host} may be listened on without an admin token`, async (t) => {
    t.equal(readConfig({ HOST: host }).adminToken, undefined)
  })
}

for (const host of ['0.0.0.0', '::', '192.0.2.1', 'sandbox.example', '127.example', '::ffff:127.0.0.1']) {
  t.test(`${host} may be listened on only with an admin token`, async (t) => {
    t.throws(() => readConfig({ HOST: host }), {
      name: 'ConfigError',
      message: `ADMIN_TOKEN must be set, because HOST (${host}) is not a loopback address and everybody who reaches ` +
        'it could try. Set ADMIN_TOKEN to a long random text, or HOST to 127.0.0.1'
    })
    t.equal(readConfig({ HOST: host, ADMIN_TOKEN: 's3cret-of-16-chr' }).host, host)
  })
}

t.test('off the loopback a short admin token is refused, and on it any is taken', async (t) => {
  const short = 's3cret-of-15-ch'
  t.throws(() => readConfig({ HOST: '0.0.0.0', ADMIN_TOKEN: short }), {
    name: 'ConfigError', message: /^ADMIN_TOKEN must have at least 16 characters, because HOST \(0\.0\.0\.0\)/
  })
  t.equal(readConfig({ HOST: '::1', ADMIN_TOKEN: 'a' }).adminToken, 'a')
})

for (const [environment, message] of [
  [{ TLS_CERT: 'a' }, 'TLS_KEY must be set beside TLS_CERT'],
  [{ TLS_KEY: 'a' }, 'TLS_CERT must be set beside TLS_KEY'],
  [{ TLS_CLIENT_CA: 'a' }, 'TLS_CERT and TLS_KEY must be set beside TLS_CLIENT_CA'],
  [{ ISSUER_TLS_CERT_FILE: 'a' }, 'ISSUER_TLS_KEY_FILE must be set beside ISSUER_TLS_CERT_FILE'],
  [{ ISSUER_TLS_KEY_FILE: 'a' }, 'ISSUER_TLS_CERT_FILE must be set beside ISSUER_TLS_KEY_FILE'],
  [{ TLS_CERT: 'a', TLS_CLIENT_CA: 'a' }, 'TLS_KEY must be set beside TLS_CERT'],
  [
    { HEADERS_TIMEOUT_SECONDS: '11', REQUEST_TIMEOUT_SECONDS: '10' },
    'HEADERS_TIMEOUT_SECONDS must be at most REQUEST_TIMEOUT_SECONDS, because headers are a part of the request'
  ]
] as const) {
  t.test(`${Object.keys(environment).join(' with ')}: ${message}`, async (t) => {
    t.throws(() => readConfig(environment), { name: 'ConfigError', message })
  })
}

t.test('every wrong setting is named at once', async (t) => {
  t.throws(() => readConfig({ PORT: 'x', LOG_LEVEL: 'y' }), {
    message: 'PORT must be a whole number from 0 to 65535\nLOG_LEVEL must be one of fatal, error, warn, info, debug, ' +
      'trace, silent'
  })
})

t.test('a database URL takes the place of a path', async (t) => {
  const DATABASE_URL = 'postgresql://u:secret@h1,h2/d'
  t.same(readConfig({ DATABASE_URL }, { DATABASE_PATH: 'demo.sqlite' }).database, {
    kind: 'postgres', url: DATABASE_URL, connections: 12, statementTimeoutMs: 30_000, isolation: undefined
  })
  t.match(readConfig({
    DATABASE_URL,
    DATABASE_PATH: '',
    DATABASE_CONNECTIONS: '4',
    DATABASE_STATEMENT_TIMEOUT_SECONDS: '1',
    DATABASE_ISOLATION: 'serializable'
  }).database, { connections: 4, statementTimeoutMs: 1000, isolation: 'SERIALIZABLE' })
  t.throws(() => readConfig({ DATABASE_URL, DATABASE_PATH: 'a.sqlite' }), {
    message: 'DATABASE_URL must not be set beside DATABASE_PATH: the one is a PostgreSQL database, the other a ' +
      'SQLite file. Unset one of them'
  })
  t.throws(() => readConfig({ DATABASE_URL: 'postgresql://u:secret@h:x/d', DATABASE_ISOLATION: 'none' }), {
    message: /^DATABASE_ISOLATION must be one of auto, .*\nDATABASE_URL must name hosts /
  })
  t.throws(() => readConfig({ DATABASE_CONNECTIONS: '3' }), { message: /must be a whole number from 4 to 1000$/ })
})
