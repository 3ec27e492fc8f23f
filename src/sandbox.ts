import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ScenarioDocument } from '../schemas/scenario.js'
import { systemClock, type Clock } from './clock.js'
import { readConfig } from './config.js'
import { ScenarioError, type Scenario } from './domain/scenario.js'
import type { LogStream } from './http/logging.js'
import { makeMetrics } from './metrics.js'
import { refuseMistakes } from './sandbox-options.js'
import { readScenarioFile, readScenarioObject } from './scenario-file.js'
import { buildService, listen } from './service.js'
import type { SettingName } from './settings.js'
import type { Store } from './store/port/store.js'
import { rememberState } from './store/sqlite/starting-state.js'

/** How a sandbox runs that a program starts. */
export interface SandboxOptions {
  /** What an empty database is filled with: a scenario, or the path of one (JSON or YAML). */
  readonly scenario?: string | ScenarioDocument
  /** The port to listen on. 0, the default, picks a free one. */
  readonly port?: number
  /** Gives the time; the machine's by default. */
  readonly clock?: Clock
  /** A SQLite file that stays; made where there is none. By default one that is removed at the end. */
  readonly database?: string
  /** Other settings, by the names of their environment variables. The environment itself is not read. */
  readonly settings?: Readonly<Partial<Record<SandboxSetting, string>>>
}

/** The settings that have no option of their own. A PostgreSQL database could not be set back. */
export type SandboxSetting =
  Exclude<SettingName, 'DATABASE_PATH' | 'DATABASE_URL' | 'PORT' | 'SCENARIO_FILE' | `DATABASE_${string}`>

/** A sandbox that is up. */
export interface Sandbox {
  /** Where it listens, for example `http://127.0.0.1:41234`. */
  readonly url: string
  /** The bearer token of `/sandbox/v1`. */
  readonly adminToken: string
  /**
   * Sets everything back to what it was at the start: balances, accounts, clients, history, snapshots. The numbers
   * that are drawn go on: no TID or RID is used twice. Those who listen to events get a `resync`. Built-in issuers stay
   * and begin anew; clients' faults end. Wait for the answers of your requests before: a payment whose issuer is still
   * asked ends undecided at once (409). It is one transaction, and the sandbox goes on meanwhile.
   *
   * @throws Error when the sandbox is closed
   */
  reset (): Promise<void>
  /** Answers the requests under way, ends the sandbox, and removes its own database. To be called once or more. */
  close (): Promise<void>
}

/**
 * Starts a sandbox inside this process, for tests. It installs no signal handlers, logs nothing unless `LOG_LEVEL` says
 * otherwise, and writes nowhere but into its database and a temporary folder, which `close` removes.
 *
 * @throws ConfigError, ScenarioError, DatabaseError, or the system's error when it cannot listen
 */
export async function startSandbox (options: SandboxOptions = {}): Promise<Sandbox> {
  refuseMistakes(options)
  const folder = mkdtempSync(join(tmpdir(), 'stip-sandbox-'))
  const removeFolder = (): void => { rmSync(folder, { recursive: true, force: true }) }
  try {
    return await start(options, folder, removeFolder)
  } catch (error) {
    removeFolder()
    throw error
  }
}

/** Pino's own would wait for the end of the process, which is not ours. */
const STANDARD_OUTPUT: LogStream = { write: (line) => { process.stdout.write(line) } }

async function start (
  { scenario, port = 0, clock = systemClock, database, settings }: SandboxOptions, folder: string, ended: () => void
): Promise<Sandbox> {
  const path = database ?? join(folder, 'sandbox.sqlite')
  const config = readConfig({ LOG_LEVEL: 'silent', ...settings, PORT: String(port), DATABASE_PATH: path })
  const content = scenario === undefined ? undefined : readScenario(scenario)
  const { app, store, adminToken } = await buildService(config, {
    clock, metrics: makeMetrics({ ofProcess: false }), log: STANDARD_OUTPUT
  })
  try {
    if (content !== undefined) await load(store, content, path)
    const putBack = rememberState(path, join(folder, 'start.sqlite'), clock)
    let closing: Promise<void> | undefined
    const reset = async (): Promise<void> => {
      if (closing !== undefined) throw new Error('The sandbox is closed. Start another one with startSandbox')
      await app.flushJournal() // What waits there would come behind the reset.
      await putBack()
      await app.resetMemory()
    }
    const url = await listen(app, config)
    return { url, adminToken, reset, close: async () => { await (closing ??= app.close().finally(ended)) } }
  } catch (error) {
    await app.close()
    throw error
  }
}

function readScenario (scenario: string | ScenarioDocument): Scenario {
  return typeof scenario === 'string' ? readScenarioFile(scenario, 'scenario') : readScenarioObject(scenario)
}

async function load (store: Store, scenario: Scenario, path: string): Promise<void> {
  const { kind } = await store.loadScenario(scenario, false)
  if (kind === 'loaded') return
  throw new ScenarioError([`${path} is not empty, and the scenario cannot be loaded. Give "database" another path, ` +
    'or leave "scenario" out to go on with what is there'])
}
