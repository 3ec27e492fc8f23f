import type { Scenario, StoredScenario } from '../domain/scenario.js'

/** What became of a scenario that was to be loaded. Only after `loaded` has anything been written, and of a dry run nothing has. */
export type ScenarioLoading =
  | { readonly kind: 'loaded' }
  /** How much there is in the database already. */
  | { readonly kind: 'not-empty', readonly clients: number, readonly accounts: number, readonly rates: number }

export interface ScenarioStore {
  /** Tells whether a scenario can be loaded: whether there is nothing in the database yet. */
  isEmpty (): Promise<boolean>
  /** Fills an empty database: one without clients and rates. What snapshots and reports it may have is left alone. */
  loadScenario (scenario: Scenario, dryRun: boolean): Promise<ScenarioLoading>
  /** Reads what is in the database as of one moment, by the numbers of clients and accounts and the pairs of rates. */
  exportScenario (): Promise<StoredScenario>
}
