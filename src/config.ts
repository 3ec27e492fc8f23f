import { stateFolderOf } from './admin-token-file.js'
import { readDatabaseUrl, type DatabaseUrlError } from './database-url.js'
import { numericCodeOf } from './domain/currency.js'
import { readIssuerHosts, type IssuerHosts } from './domain/issuer-endpoint.js'
import type { JournalSettings } from './http/journal.js'
import type { ClientLimits, Timeouts } from './http/limits.js'
import { readBusinessUnits, type Setting } from './setting-rules.js'
import { SETTINGS, type SettingName } from './settings.js'
import type { IssuerTlsFiles, TlsFiles } from './tls.js'

/** Where balances are kept. */
export type DatabaseConfig = SqliteConfig | PostgresConfig

/** In a SQLite file. */
export interface SqliteConfig {
  readonly kind: 'sqlite'
  readonly path: string
}

/** In a PostgreSQL database. */
export interface PostgresConfig {
  readonly kind: 'postgres'
  /** With its password: not for logs and errors. */
  readonly url: string
  /** How many connections there may be. */
  readonly connections: number
  readonly statementTimeoutMs: number
  /** Undefined for what the server needs. */
  readonly isolation: 'READ COMMITTED' | 'SERIALIZABLE' | undefined
}

/** How issuers are called. */
export interface IssuersConfig {
  readonly hosts: IssuerHosts
  /** How many messages may be under way at a time. */
  readonly callsMax: number
  readonly tls: IssuerTlsFiles
}

/** How the service runs. Each value comes from the environment variable that {@link SETTINGS} names. */
export interface Config {
  readonly host: string
  /** 0 picks a free one. */
  readonly port: number
  readonly database: DatabaseConfig
  readonly scenarioFile: string | undefined
  /** Undefined when none was given and one is to be made up. */
  readonly adminToken: string | undefined
  readonly logLevel: string
  /** How much of the log may wait for a slow reader, in bytes. */
  readonly logBufferBytes: number
  readonly timeouts: Timeouts
  readonly limits: ClientLimits
  /** The names by which the service may be called; undefined for any. */
  readonly allowedHosts: ReadonlySet<string> | undefined
  /** How long the service listens on, not ready any more, after a signal to stop. */
  readonly drainSeconds: number
  /** Requests a minute and client; 0 for as many as it likes. */
  readonly rateLimit: number
  /** How old history may become, in days; 0 to keep all of it. */
  readonly retentionDays: number
  readonly journal: JournalSettings
  /** Undefined for plain HTTP. */
  readonly tls: TlsFiles | undefined
  readonly issuers: IssuersConfig
  /** ISO 4217 numeric code. */
  readonly pivotCurrency: string
  readonly amlyzeBalanceTypes: readonly string[]
  /** By client. A client that is not in it has no business units. */
  readonly amlyzeBusinessUnits: ReadonlyMap<number, readonly string[]>
  /** Where an admin token that was made up is kept while the service runs. */
  readonly stateFolder: string
}

/** The addresses that only the machine itself can reach. */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/i

/** What a token must have at least where others can reach the service. */
const ADMIN_TOKEN_LENGTH = 16

/** Thrown when a setting is not what it must be. Names every such setting. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/**
 * Reads the settings. A variable that is empty counts as not set.
 *
 * @param defaults what holds for a setting that is not set, in place of the setting's own default
 * @throws ConfigError with one line a wrong setting: its name and what it must be
 */
export function readConfig (
  environment: Readonly<Record<string, string | undefined>>,
  defaults: Readonly<Partial<Record<SettingName, string>>> = {}
): Config {
  const faults: string[] = []
  function read (name: SettingName): string | undefined {
    const { fallback, rule, isValid }: Setting = SETTINGS[name]
    const value = environment[name] || defaults[name] || fallback
    if (value !== undefined && !isValid(value)) faults.push(`${name} must be ${rule}`)
    return value
  }
  const config: Config = {
    host: read('HOST') as string,
    port: Number(read('PORT')),
    database: readDatabase(read, environment, faults),
    scenarioFile: read('SCENARIO_FILE'),
    adminToken: read('ADMIN_TOKEN'),
    logLevel: read('LOG_LEVEL') as string,
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
      eventListeners: Number(read('EVENT_LISTENERS')),
      refusedBody: { bytes: Number(read('REFUSED_BODY_BYTES')), seconds: Number(read('REFUSED_BODY_SECONDS')) }
    },
    allowedHosts: readAllowedHosts(read('ALLOWED_HOSTS'), read('HOST') as string),
    drainSeconds: Number(read('DRAIN_SECONDS')),
    rateLimit: Number(read('RATE_LIMIT')),
    retentionDays: Number(read('RETENTION_DAYS')),
    journal: {
      bounds: { requests: Number(read('JOURNAL_REQUESTS')), bytes: Number(read('JOURNAL_BYTES')) },
      isRedacted: read('JOURNAL_REDACT') === 'true'
    },
    tls: readTls(read('TLS_CERT'), read('TLS_KEY'), read('TLS_CLIENT_CA'), faults),
    issuers: readIssuers(read, faults),
    pivotCurrency: numericCodeOf(read('PIVOT_CURRENCY') as string),
    amlyzeBalanceTypes: (read('AMLYZE_BALANCE_TYPES') as string).split(','),
    amlyzeBusinessUnits: new Map(readBusinessUnits(read('AMLYZE_BUSINESS_UNITS') ?? '')),
    stateFolder: stateFolderOf(environment)
  }
  const { host, adminToken, timeouts } = config
  if (adminToken === undefined && !LOOPBACK.test(host)) {
    faults.push(`ADMIN_TOKEN must be set, because HOST (${host}) is not a loopback address and everybody who reaches ` +
      'it could try. Set ADMIN_TOKEN to a long random text, or HOST to 127.0.0.1')
  }
  if (adminToken !== undefined && adminToken.length < ADMIN_TOKEN_LENGTH && !LOOPBACK.test(host)) {
    faults.push(`ADMIN_TOKEN must have at least ${ADMIN_TOKEN_LENGTH} characters, because HOST (${host}) is not a ` +
      'loopback address and everybody who reaches it could guess. Set ADMIN_TOKEN to a long random text')
  }
  if (timeouts.headersSeconds > timeouts.requestSeconds) {
    faults.push('HEADERS_TIMEOUT_SECONDS must be at most REQUEST_TIMEOUT_SECONDS, because headers are a part of the ' +
      'request')
  }
  if (faults.length > 0) throw new ConfigError(faults.join('\n'))
  return config
}

const ISOLATION = { auto: undefined, 'read-committed': 'READ COMMITTED', serializable: 'SERIALIZABLE' } as const

/** Brings the settings of the database together, and adds their faults. */
function readDatabase (
  read: (name: SettingName) => string | undefined, environment: Readonly<Record<string, string | undefined>>,
  faults: string[]
): DatabaseConfig {
  const path = read('DATABASE_PATH') as string
  const url = read('DATABASE_URL')
  const postgres = {
    connections: Number(read('DATABASE_CONNECTIONS')),
    statementTimeoutMs: Number(read('DATABASE_STATEMENT_TIMEOUT_SECONDS')) * 1000,
    isolation: ISOLATION[read('DATABASE_ISOLATION') as keyof typeof ISOLATION]
  }
  if (url === undefined) return { kind: 'sqlite', path }
  if (environment['DATABASE_PATH']) {
    faults.push('DATABASE_URL must not be set beside DATABASE_PATH: the one is a PostgreSQL database, the other a ' +
      'SQLite file. Unset one of them')
  }
  try {
    readDatabaseUrl(url)
  } catch (error) {
    faults.push(`DATABASE_URL ${(error as DatabaseUrlError).message}`)
  }
  return { kind: 'postgres', url, ...postgres }
}

/** A page of another origin reaches loopback by a name of its own (DNS rebinding), and other machines do not. */
function readAllowedHosts (names: string | undefined, host: string): ReadonlySet<string> | undefined {
  if (names === undefined) return LOOPBACK.test(host) ? new Set() : undefined
  return new Set(names.toLowerCase().split(','))
}

/** Reads the three settings of TLS, and adds their common faults to the list. */
function readTls (
  certFile: string | undefined, keyFile: string | undefined, clientCaFile: string | undefined, faults: string[]
): TlsFiles | undefined {
  if (certFile !== undefined && keyFile !== undefined) return { certFile, keyFile, clientCaFile }
  if (certFile !== undefined) faults.push('TLS_KEY must be set beside TLS_CERT')
  if (keyFile !== undefined) faults.push('TLS_CERT must be set beside TLS_KEY')
  if (clientCaFile !== undefined && certFile === undefined && keyFile === undefined) {
    faults.push('TLS_CERT and TLS_KEY must be set beside TLS_CLIENT_CA')
  }
  return undefined
}

/** Reads the settings of the calls to issuers, and adds their common faults to the list. */
function readIssuers (read: (name: SettingName) => string | undefined, faults: string[]): IssuersConfig {
  const hosts = read('ISSUER_HOSTS')
  const certFile = read('ISSUER_TLS_CERT_FILE')
  const keyFile = read('ISSUER_TLS_KEY_FILE')
  if (certFile !== undefined && keyFile === undefined) {
    faults.push('ISSUER_TLS_KEY_FILE must be set beside ISSUER_TLS_CERT_FILE')
  }
  if (certFile === undefined && keyFile !== undefined) {
    faults.push('ISSUER_TLS_CERT_FILE must be set beside ISSUER_TLS_KEY_FILE')
  }
  return {
    hosts: hosts === undefined ? undefined : readIssuerHosts(hosts.split(',')),
    callsMax: Number(read('ISSUER_CALLS')),
    tls: { caFile: read('ISSUER_TLS_CA_FILE'), certFile, keyFile }
  }
}
