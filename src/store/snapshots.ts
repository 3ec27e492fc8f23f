import type { Difference, SavedAccount, SnapshotContent } from '../domain/snapshot.js'
import type { Page, PageRequest } from './page.js'

/** A snapshot, without its accounts. It never changes. */
export interface SnapshotRecord {
  /** Never given anew after a snapshot was deleted. */
  readonly snapshotId: bigint
  readonly name: string
  readonly savedAt: Date
  readonly coversAll: boolean
  readonly accountCount: number
}

/** What became of the saving of a snapshot. Only after `saved` has anything been written. */
export type SaveSnapshotOutcome =
  | { readonly kind: 'saved', readonly snapshot: SnapshotRecord }
  | { readonly kind: 'name-taken' }
  /** Places in the list of chosen accounts, from 0. */
  | { readonly kind: 'accounts-unknown', readonly indexes: readonly number[] }

/** An account that is not as a snapshot has it. */
export interface SnapshotDifference {
  readonly accountId: bigint
  readonly difference: Difference
  /** Undefined for a new account. */
  readonly saved: SavedAccount | undefined
  /** Undefined for a deleted account. */
  readonly now: SavedAccount | undefined
}

/** What a restore did: how many accounts it set back, and how many it left and why. */
export interface RestoreReport {
  readonly restored: number
  readonly unchanged: number
  readonly deleted: number
  readonly replaced: number
  readonly new: number
  /** The deleted, replaced and new accounts, by number; of very many the first 1000. */
  readonly exceptions: readonly SnapshotDifference[]
}

export interface SnapshotStore {
  /** Saves balances as they are; all accounts' when none are chosen. */
  saveSnapshot (name: string, accountIds: readonly bigint[] | undefined): Promise<SaveSnapshotOutcome>
  /** @returns undefined, with nothing written, when there is a snapshot of this name */
  addSnapshot (name: string, content: SnapshotContent): Promise<SnapshotRecord | undefined>
  findSnapshot (name: string): Promise<SnapshotRecord | undefined>
  /** Lists snapshots in the order in which they were made. */
  listSnapshots (page: PageRequest): Promise<Page<SnapshotRecord>>
  /** Lists a snapshot's accounts by number. */
  listSavedAccounts (snapshotId: bigint, page: PageRequest): Promise<Page<SavedAccount>>
  /** @returns the accounts that differ, by number; undefined when there is no such snapshot */
  listDifferences (name: string, page: PageRequest): Promise<Page<SnapshotDifference> | undefined>
  /**
   * Sets balances back to what a snapshot has.
   *
   * @param dryRun whether all is taken back in the end
   * @returns undefined when there is no such snapshot
   */
  restoreSnapshot (name: string, dryRun: boolean): Promise<RestoreReport | undefined>
  /** @returns false when there is no such snapshot */
  deleteSnapshot (name: string): Promise<boolean>
}
