import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import closeWithGrace from 'close-with-grace'
import type { FastifyInstance } from 'fastify'
import { adminTokenFile, keepAdminToken, removeAdminToken } from './admin-token-file.js'
import { isDialectRoute } from './app.js'
import { systemClock } from './clock.js'
import type { Config } from './config.js'
import { logsRequests, openLog } from './http/logging.js'
import { makeMetrics } from './metrics.js'
import { makeReadableLog } from './readable-log.js'
import { readScenarioFile } from './scenario-file.js'
import { buildService, listen } from './service.js'

/** A service that is up. */
export interface RunningServer {
  /** Where it listens, for example `http://127.0.0.1:3000`. */
  readonly address: string
  readonly adminToken: string
  /** Where the command line finds the admin token; undefined when it was given, or could not be kept. */
  readonly adminTokenFile: string | undefined
  /** How many other processes had the same database file open at the start. */
  readonly otherProcesses: number
  /** For calls from inside the process. */
  readonly inject: FastifyInstance['inject']
}

/** How long requests under way may take to end after a signal to stop. */
const CLOSE_DELAY_MS = 10_000

/**
 * Starts the service: opens the database, loads the scenario into an empty one, listens, and closes
 * everything on SIGINT or SIGTERM: it is not ready any more, listens on for the time that the setting gives, and ends
 * after the requests under way. A second signal ends it at once.
 *
 * @param isRead whether a person reads the log, who gets one readable line a request in place of JSON
 * @throws TlsError, ScenarioError, DatabaseError, or the system's error when it cannot listen
 */
export async function startServer (config: Config, isRead = false): Promise<RunningServer> {
  const metrics = makeMetrics()
  const output = openLog(config.logBufferBytes, metrics.logLineDropped)
  const { log, requestAnswered } = makeReadableLog(output, isDialectRoute)
  const { app, store, adminToken } = await buildService(config, {
    clock: systemClock,
    metrics,
    log: isRead ? log : output,
    onDialectRequest: isRead && logsRequests(config.logLevel) ? requestAnswered : undefined
  })
  let tokenFile: string | undefined
  // Before the service says that it listens: a signal may follow at once.
  const grace = closeWithGrace({
    delay: config.drainSeconds * 1000 + CLOSE_DELAY_MS,
    logger: app.log
  }, async ({ signal, err }) => {
    if (err === undefined) {
      app.log.info({ signal }, 'closing')
      app.drain()
      await setTimeout(config.drainSeconds * 1000)
    } else {
      app.log.fatal({ err }, 'closing after an error that nothing caught')
    }
    if (tokenFile !== undefined) removeAdminToken(tokenFile, adminToken)
    await app.close()
  })
  try {
    if (config.scenarioFile !== undefined) {
      // A file that will not be loaded need not be there any more.
      const loaded = await store.countContent() === undefined &&
        (await store.loadScenario(readScenarioFile(config.scenarioFile), false)).kind === 'loaded'
      app.log.info(loaded ? 'scenario loaded' : 'scenario not loaded: the database is not empty')
    }
    const address = await listen(app, config)
    tokenFile = config.adminToken === undefined ? keepToken(app, config.stateFolder, adminToken) : undefined
    return {
      address,
      adminToken,
      adminTokenFile: tokenFile,
      otherProcesses: await store.countOtherProcesses(),
      inject: app.inject.bind(app) as FastifyInstance['inject']
    }
  } catch (error) {
    grace.uninstall()
    await app.close()
    throw error
  }
}

/** The service runs without the file, too: the token is printed. */
function keepToken (app: FastifyInstance, stateFolder: string, adminToken: string): string | undefined {
  const { port } = app.server.address() as AddressInfo
  const file = adminTokenFile(stateFolder, port)
  try {
    keepAdminToken(file, {
      token: adminToken,
      pid: process.pid,
      addresses: (app.addresses() as AddressInfo[]).map(({ address }) => address)
    })
    return file
  } catch (error) {
    app.log.warn({ err: error }, 'the admin token could not be kept where the command line finds it')
    return undefined
  }
}
