/** The service on PostgreSQL as a process of its own. Its settings come from the environment, as those of `serve`. */
import { buildApp } from '../../src/app.js'
import { systemClock } from '../../src/clock.js'
import { readConfig } from '../../src/config.js'
import { makeMetrics } from '../../src/metrics.js'
import { readScenarioFile } from '../../src/scenario-file.js'
import { openPostgresStore } from '../../src/store/postgres/store.js'

const { DATABASE_URL: url = '' } = process.env
const config = readConfig(process.env)
const metrics = makeMetrics()
const store = await openPostgresStore({
  url, pivotCurrency: config.pivotCurrency, clock: systemClock, observer: metrics.storeObserver
})
const app = buildApp({
  store,
  clock: systemClock,
  adminToken: config.adminToken ?? '',
  logLevel: 'info',
  amlyzeLists: { balanceTypes: [], businessUnits: new Map() },
  metrics,
  timeouts: config.timeouts,
  limits: config.limits,
  allowedHosts: undefined,
  rateLimit: 0,
  retentionDays: 0
})
if (config.scenarioFile !== undefined && await store.countContent() === undefined) {
  await store.loadScenario(readScenarioFile(config.scenarioFile), false)
}
await app.listen({ host: '127.0.0.1', port: 0, listenTextResolver: (where) => `listening on ${where}` })
process.once('SIGTERM', () => { app.close() })
