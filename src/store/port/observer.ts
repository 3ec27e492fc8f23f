import type { RecordFailure } from '../../domain/balance-file.js'
import type { PlannedItem } from '../../domain/balance-update.js'
import type { Decider } from '../../domain/decision.js'
import type { BalanceUpdate, BalanceUpdateOutcome, OperationSource } from './balance-updates.js'
import type { DecidedPayment } from './payments.js'

/** Why an item set no balance: by the rules of an update or of a balance file, or because its row in a file is none. */
export type FailureReason = RecordFailure['code'] | 'row-invalid'

/** Counts the work of the store. It hears only of committed work, and never of a dry run. */
export interface StoreObserver {
  /**
   * Told of the items of one update, or of some rows of one balance file, once they are durable.
   *
   * @param updated how many set a balance; none of an update that was refused as a whole
   * @param failures the reason of each item that failed
   */
  itemsSettled (source: OperationSource, updated: number, failures: readonly FailureReason[]): void
  /** Told of holds that an update, or a row of a balance file, has wiped without knowing of them. */
  holdsLost (source: OperationSource, count: number): void
  /** Told of a payment that was decided. */
  paymentDecided (decidedBy: Decider, de39: string): void
  /** Told of an update whose stored answer was given again. */
  replayed (source: OperationSource): void
  /**
   * Told of a commit of updates that is durable.
   *
   * @param groupSize how many updates it made durable together
   * @param commitMs how long the commit itself took, milliseconds, its sync included and the work before it not
   */
  committed (groupSize: number, commitMs: number): void
  /** Told of work that is repeated because of another transaction. */
  retried (sqlState: string): void
  /** Told how long a transaction took on its connection from its beginning to its end, milliseconds. */
  transacted (transactionMs: number): void
}

const ignore = (): void => {}

/** Counts nothing. */
export const UNOBSERVED: StoreObserver = {
  itemsSettled: ignore,
  holdsLost: ignore,
  paymentDecided: ignore,
  replayed: ignore,
  committed: ignore,
  retried: ignore,
  transacted: ignore
}

/** Tells an observer what became of an update. */
export function observeUpdate (
  observer: StoreObserver, { source, dryRun }: BalanceUpdate, outcome: BalanceUpdateOutcome
): void {
  if (dryRun || outcome.kind === 'identifier-reused') return
  if (outcome.kind === 'replayed') {
    observer.replayed(source)
    return
  }
  const failures = outcome.items.filter((entry) => entry.status === 'failed').map(({ failure }) => failure.code)
  observer.itemsSettled(source, outcome.kind === 'applied' ? outcome.items.length - failures.length : 0, failures)
  if (outcome.kind === 'applied') observeLostHolds(observer, source, countLostHolds(outcome.items))
}

/** Counts the holds that items have wiped without knowing of them. */
export function countLostHolds (items: readonly PlannedItem[]): number {
  return items.reduce((sum, item) => sum + (item.status === 'updated' ? item.beside?.lost.length ?? 0 : 0), 0)
}

/** Tells an observer of holds that were wiped, where there are any. */
export function observeLostHolds (observer: StoreObserver, source: OperationSource, count: number): void {
  if (count > 0) observer.holdsLost(source, count)
}

/** Tells an observer of a payment that was decided; undefined for one that was not. */
export function observeDecision (observer: StoreObserver, decided: DecidedPayment | undefined): void {
  if (decided === undefined) return
  const { transaction: { decidedBy, de39 }, lostHolds } = decided
  observer.paymentDecided(decidedBy as Decider, de39 as string)
  observeLostHolds(observer, 'shadow', lostHolds)
}
