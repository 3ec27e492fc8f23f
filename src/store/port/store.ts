/**
 * The port between the service and its database. Each method is one whole operation, in one transaction,
 * and its promise is fulfilled only when the effect is durable. No transaction is ever handed around, so
 * that another engine can stand behind the same port.
 */
import type { AccountStore } from './accounts.js'
import type { AdviceStore } from './advices.js'
import type { BalanceFileStore } from './balance-files.js'
import type { BalanceUpdateStore } from './balance-updates.js'
import type { ClientSettingsStore } from './client-settings.js'
import type { ClientStore } from './clients.js'
import type { EventStore } from './events.js'
import type { HistoryStore } from './history.js'
import type { JournalStore } from './journal.js'
import type { PaymentStore } from './payments.js'
import type { PruneStore } from './pruning.js'
import type { RateStore } from './rates.js'
import type { ReportedBalanceStore } from './reported-balances.js'
import type { ScenarioStore } from './scenarios.js'
import type { SnapshotStore } from './snapshots.js'
import type { StandInRuleStore } from './stand-in-rules.js'

/** What a database is, and how it stands. */
export interface DatabaseState {
  readonly engine: string
  readonly version: string
  readonly readOnly: boolean
  /** Whether an answered change is on a second server as well. */
  readonly waitsForStandby: boolean
}

/** A number that goes up and down, in the metrics. */
export interface StoreGauge {
  readonly name: string
  readonly help: string
  readonly read: () => Promise<number>
}

export interface Store
  extends ClientStore, ClientSettingsStore, AccountStore, BalanceUpdateStore, HistoryStore, JournalStore,
  BalanceFileStore, PaymentStore, AdviceStore, ReportedBalanceStore, RateStore, SnapshotStore, ScenarioStore,
  StandInRuleStore, EventStore, PruneStore {
  /** Fulfilled when the database answers, takes writes and has every migration; rejected with the cause otherwise. */
  check (): Promise<DatabaseState>
  /** Counts the other processes that use the same database file; 0 for an engine that is made for many. */
  countOtherProcesses (): Promise<number>
  /** The metrics of this engine, beside those of every store. */
  readonly gauges: readonly StoreGauge[]
  close (): Promise<void>
}
