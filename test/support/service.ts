import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import type { ScenarioDocument } from '../../schemas/scenario.js'
import { buildApp, type AppOptions } from '../../src/app.js'
import { readScenario } from '../../src/domain/scenario.js'
import type { JournalSettings } from '../../src/http/journal.js'
import type { ClientLimits } from '../../src/http/limits.js'
import { makeMetrics } from '../../src/metrics.js'
import type { Store } from '../../src/store/port/store.js'
import { openPostgresStore } from '../../src/store/postgres/store.js'
import { openSqliteStore, type SqliteStoreOptions } from '../../src/store/sqlite/store.js'
import { makeFolder, type Test } from './folder.js'
import { patient } from './patience.js'
import { returnPostgresPlace, takePostgresPlace } from './postgres-places.js'
import { makeSqlitePlace } from './sqlite-places.js'

export const ADMIN_TOKEN = 'secret-admin-token'

/** Opens the sandbox's own API. */
export const AUTHORIZATION = { authorization: `Bearer ${ADMIN_TOKEN}` }

/** The moment at which every test's clock stands. */
export const NOW = new Date('2026-01-31T08:15:30.123Z')

/** Two clients. The first has an account in each of the interesting currencies. */
export const SCENARIO: ScenarioDocument = {
  clients: [
    { client_id: 123, name: 'First Bank', api_key: 'key-of-123', amlyze_token: 'amlyze-token-of-123' },
    { client_id: 456, name: 'Second Bank', api_key: 'key-of-456', amlyze_token: 'amlyze-token-of-456' }
  ],
  accounts: [
    {
      client_id: 123,
      account_id: '9007199254740993',
      currency: '404',
      external_reference: 'WALLET-1',
      actual_balance: '1000.00',
      blocked_balance: '10.00',
      tokens: ['12345', '9223372036854775807']
    },
    {
      client_id: 123,
      account_id: '9007199254740992',
      currency: '404',
      actual_balance: '7.00',
      blocked_balance: '0.00'
    },
    {
      client_id: 123,
      account_id: '1002',
      currency: '840',
      external_reference: 'DOLLAR',
      actual_balance: '0.00',
      blocked_balance: '0.00'
    },
    { client_id: 123, account_id: '1003', currency: '048', actual_balance: '1.500', blocked_balance: '0.000' },
    { client_id: 123, account_id: '1004', currency: '392', actual_balance: '5', blocked_balance: '0' },
    {
      client_id: 456,
      account_id: '2001',
      currency: '404',
      actual_balance: '3.00',
      blocked_balance: '1.00',
      tokens: ['777']
    }
  ],
  rates: [{ base: '840', quote: '404', rate: '129.05' }, { base: '840', quote: '392', rate: '151.37' }]
}

/** A service on a database of the test's own, closed when the test ends. */
export interface TestService {
  readonly app: FastifyInstance
  readonly store: Store
  readonly databasePath: string
  /** Calls Paymentology's balance update as client 123. */
  readonly update: (body: unknown, headers?: Record<string, string>) => Promise<LightMyRequestResponse>
  /** Reads from the sandbox's own API. */
  readonly read: (path: string) => Promise<LightMyRequestResponse>
  /** Calls the sandbox's own API, with a body where one is given. */
  readonly call: (method: 'DELETE' | 'POST' | 'PUT', path: string, body?: object) => Promise<LightMyRequestResponse>
}

/** The lists of AMLYZE's calls: the second client has business units, the first has none. */
export const AMLYZE_LISTS = {
  balanceTypes: ['STATEMENT_BALANCE', 'DAILY_BALANCE'],
  businessUnits: new Map([[456, ['retail', 'corporate']]])
}

/** The limits of connections by default. */
export const LIMITS: ClientLimits = {
  connections: { inAll: 1000, perPeer: 500 },
  pipelinedRequests: 100,
  jsonParts: 65_536,
  eventListeners: 100,
  refusedBody: {
    bytes: 104_857_600,
    seconds: 30
  }
}

/** The journal by default. */
export const JOURNAL: JournalSettings = { bounds: { requests: 1000, bytes: 16_777_216 }, isRedacted: false }

export const TIMEOUTS = { headersSeconds: 10, requestSeconds: 300, connectionSeconds: 60, keepAliveSeconds: 72 }

/** Set where tests of the API run a second time, on PostgreSQL. */
const { STIP_TEST_ENGINE: engine } = process.env

/** Why a test is left out on PostgreSQL: it looks into the SQLite file. */
export const NO_FILE = engine === undefined ? false : 'looks into the SQLite file'

/** Why a test is left out on PostgreSQL: what it shows is decided before the store is asked, or behind its answer. */
export const NO_STORE = engine === undefined ? false : 'shows what no engine has a part in'

const standing = (): Date => NOW

let loaded: Buffer | undefined

/** Makes a database with {@link SCENARIO} in it. To copy one takes less time than to load the scenario again. */
async function makeLoadedPlace (path: string): Promise<void> {
  if (loaded === undefined) {
    makeSqlitePlace(path)
    const store = openSqliteStore({ path, pivotCurrency: '840', clock: standing })
    await store.loadScenario(readScenario(SCENARIO), false)
    await store.close()
    loaded = readFileSync(path)
  }
  writeFileSync(path, loaded, { mode: 0o600 })
}

async function openStore (
  t: Test, databasePath: string, options: Omit<SqliteStoreOptions, 'path'>
): Promise<Store> {
  if (engine === undefined) {
    makeSqlitePlace(databasePath)
    return openSqliteStore({ path: databasePath, ...options })
  }
  const url = await takePostgresPlace()
  const store = await openPostgresStore({ url: patient(url), ...options })
  // One that could not be opened may have no tables.
  t.teardown(() => { returnPostgresPlace(url) })
  return store
}

/** Starts a service on a new database with a scenario in it, or on one that is there already. */
export async function makeService (t: Test, scenario: ScenarioDocument = SCENARIO, {
  databasePath = join(makeFolder(t), 'test.sqlite'), clock = standing, metrics = makeMetrics(), ...appOptions
}: Partial<AppOptions> & { databasePath?: string } = {}): Promise<TestService> {
  const options = { pivotCurrency: '840', clock, observer: metrics.storeObserver }
  const isCopied = engine === undefined && scenario === SCENARIO && clock === standing && !existsSync(databasePath)
  if (isCopied) await makeLoadedPlace(databasePath)
  const store = await openStore(t, databasePath, options)
  if (!isCopied) await store.loadScenario(readScenario(scenario), false)
  const app = buildApp({
    store,
    clock,
    adminToken: ADMIN_TOKEN,
    logLevel: 'silent',
    amlyzeLists: AMLYZE_LISTS,
    metrics,
    timeouts: TIMEOUTS,
    limits: LIMITS,
    allowedHosts: undefined,
    rateLimit: 0,
    retentionDays: 0,
    journal: JOURNAL,
    ...appOptions
  })
  t.teardown(async () => { await app.close() })
  return {
    app,
    store,
    databasePath: engine === undefined ? databasePath : 'there/is/no/file: skip this test with NO_FILE',
    update: async (body, headers = {}) => await app.inject({
      method: 'POST',
      url: '/ppws/api/v1/pws_update_balance',
      headers: { 'x-api-key': 'key-of-123', 'content-type': 'application/json', ...headers },
      payload: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)
    }),
    read: async (path) => await app.inject({ url: `/sandbox/v1${path}`, headers: AUTHORIZATION }),
    call: async (method, path, body) => await app.inject({
      method, url: `/sandbox/v1${path}`, headers: AUTHORIZATION, ...body === undefined ? {} : { payload: body }
    })
  }
}

/** A request body with one item that is right in every way; what is given takes the place of what it has. */
export function updateBody (items: readonly object[] = [{}], more: object = {}): object {
  return {
    client_id: 123,
    api_call_unique_identifier: '001',
    balance_list: items.map((item) => ({
      input_type: 'a',
      input_id: 1002,
      act_balance: 200,
      blk_balance: 50,
      bill_ccy: '840',
      ...item
    })),
    ...more
  }
}
