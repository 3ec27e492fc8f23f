import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { buildApp } from './app.js'
import type { Clock } from './clock.js'
import type { Config, DatabaseConfig } from './config.js'
import type { JournalEntry } from './domain/journal.js'
import type { ConnectionMaxima } from './http/limits.js'
import type { LogStream } from './http/logging.js'
import type { Metrics } from './metrics.js'
import { fitToOpenFiles, openFilesFor, readOpenFilesLimit } from './open-files.js'
import { makeSecret } from './secret.js'
import type { Store } from './store/port/store.js'
import { openPostgresStore } from './store/postgres/store.js'
import { openSqliteStore, type SqliteStoreOptions } from './store/sqlite/store.js'
import { readIssuerTls, readTls } from './tls.js'

/** What a service finds around it, beside its settings. */
export interface Surroundings {
  readonly clock: Clock
  readonly metrics: Metrics
  /** Where the log goes. */
  readonly log: LogStream
  /** Told of each request to a dialect once it is answered. */
  readonly onDialectRequest?: ((entry: JournalEntry) => void) | undefined
}

/** A service that is built, and does not listen yet. */
export interface Service {
  /** Its closing closes the store, too. */
  readonly app: FastifyInstance
  readonly store: Store
  /** The one of the settings, or one that was made up. */
  readonly adminToken: string
}

/**
 * Builds the service from its settings, and opens its database. It hears no signals.
 *
 * @throws TlsError or DatabaseError, with nothing left open
 */
export async function buildService (
  config: Config, { clock, metrics, log, onDialectRequest }: Surroundings
): Promise<Service> {
  const adminToken = config.adminToken ?? makeSecret()
  const tls = config.tls === undefined ? undefined : readTls(config.tls, clock)
  const issuers = { ...config.issuers, tls: readIssuerTls(config.issuers.tls, clock) }
  const openFiles = readOpenFilesLimit()
  const connections = fitToOpenFiles(config.limits.connections, openFiles)
  const store = await openStore(config.database, {
    pivotCurrency: config.pivotCurrency, clock, observer: metrics.storeObserver
  })
  const app = buildApp({
    store,
    clock,
    adminToken,
    logLevel: config.logLevel,
    log,
    amlyzeLists: { balanceTypes: config.amlyzeBalanceTypes, businessUnits: config.amlyzeBusinessUnits },
    metrics,
    timeouts: config.timeouts,
    limits: { ...config.limits, connections },
    allowedHosts: config.allowedHosts,
    rateLimit: config.rateLimit,
    retentionDays: config.retentionDays,
    journal: config.journal,
    onDialectRequest,
    issuers,
    tls
  })
  warnOfFewOpenFiles(app.log, config.limits.connections, connections, openFiles)
  return { app, store, adminToken }
}

/**
 * Lets a service listen where its settings say.
 *
 * @returns its address, for example `http://127.0.0.1:3000`
 * @throws an error that says what to do where the port is taken; else the system's error
 */
export async function listen (app: FastifyInstance, { host, port }: Pick<Config, 'host' | 'port'>): Promise<string> {
  try {
    return await app.listen({
      host: host.replace(/^localhost$/, '127.0.0.1'),
      port,
      listenTextResolver: (where) => `listening on ${where}`
    })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    throw new Error(`Port ${port} of ${host} is in use already (EADDRINUSE). Stop the program that listens there, ` +
      'or choose another port: set PORT, or use --port. 0 picks a free one', { cause: error })
  }
}

/** @throws DatabaseError when the database cannot be used, with what to do about it */
async function openStore (database: DatabaseConfig, options: Omit<SqliteStoreOptions, 'path'>): Promise<Store> {
  if (database.kind === 'sqlite') return openSqliteStore({ path: database.path, ...options })
  const { isolation, ...postgres } = database
  return await openPostgresStore({ ...postgres, ...options, ...isolation === undefined ? {} : { isolation } })
}

/** Says so when fewer connections are possible than the settings allow. */
export function warnOfFewOpenFiles (
  log: Pick<FastifyBaseLogger, 'warn'>, wanted: ConnectionMaxima, possible: ConnectionMaxima, openFiles: number
): void {
  if (possible.inAll === wanted.inAll) return
  const needed = openFilesFor(wanted.inAll)
  log.warn(
    { open_files: openFiles, connections: possible.inAll, connections_per_peer: possible.perPeer },
    `only ${openFiles} files may be open (ulimit -n), so that CONNECTIONS is ${possible.inAll} and not ` +
      `${wanted.inAll}. Allow ${needed}`
  )
}
