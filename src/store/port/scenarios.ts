import type { Scenario, StoredScenario } from '../../domain/scenario.js'

/** How much the database holds of what a scenario can. */
export interface ContentCounts {
  readonly clients: number
  readonly accounts: number
  readonly rates: number
}

/**
 * What became of a scenario that was to be loaded. Only after `loaded` was anything written, and of a dry run nothing.
 */
export type ScenarioLoading =
  | { readonly kind: 'loaded' }
  | { readonly kind: 'not-empty', readonly content: ContentCounts }

export interface ScenarioStore {
  /**
   * Counts the rows that are in the way of a scenario.
   *
   * @returns undefined for an empty database: one without clients and rates. A scenario can be loaded into it
   */
  countContent (): Promise<ContentCounts | undefined>
  /**
   * Fills an empty database, in one transaction. Others read meanwhile what was before it; those that write wait for
   * its end. The snapshots and reports that the database may have are left alone.
   */
  loadScenario (scenario: Scenario, dryRun: boolean): Promise<ScenarioLoading>
  /**
   * Reads all that the database holds as of one moment, in parts: clients and accounts by number, then rates by
   * pair, then rules by client. Each part has some of one of the four. The reader must not wait for a client.
   */
  exportScenario (): AsyncIterable<StoredScenario>
}
