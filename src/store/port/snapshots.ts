import type { Balances } from '../../domain/money.js'
import type { Difference, SavedAccount, SnapshotHead } from '../../domain/snapshot.js'
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

/** Accounts of a snapshot, by number, with the snapshot that they are in. */
export interface SavedSlice {
  readonly snapshot: SnapshotRecord
  readonly accounts: readonly SavedAccount[]
}

/** An account as it is written into a snapshot. */
export interface StagedAccount {
  readonly accountId: bigint
  /** Undefined where it is not known: then the client and the currency tell whether it is still the same account. */
  readonly incarnation: bigint | undefined
  readonly clientId: number
  /** ISO 4217 numeric code. */
  readonly currency: string
  readonly balances: Balances
}

/** A snapshot that comes in part by part. Nobody sees it before all of it is there. It is ended in one of two ways. */
export interface SnapshotStaging {
  /**
   * Adds accounts. They may have any number, also ones that are not here.
   *
   * @returns the places in the list of those that the snapshot has already, which are as they were
   */
  add (accounts: readonly SavedAccount[]): Promise<readonly number[]>
  /** @returns undefined when the name was taken meanwhile; the snapshot is then still to be discarded */
  finish (head: SnapshotHead): Promise<SnapshotRecord | undefined>
  /** Removes all that was added. */
  discard (): Promise<void>
}

export interface SnapshotStore {
  /**
   * Saves balances as they are at one moment; all accounts' when none are chosen. Of all accounts it is written part by
   * part, and others are served meanwhile.
   */
  saveSnapshot (name: string, accountIds: readonly bigint[] | undefined): Promise<SaveSnapshotOutcome>
  /** Begins a snapshot that is uploaded. @returns undefined, with nothing written, when the name is taken */
  stageSnapshot (name: string): Promise<SnapshotStaging | undefined>
  findSnapshot (name: string): Promise<SnapshotRecord | undefined>
  /** Lists snapshots in the order in which they were begun. */
  listSnapshots (page: PageRequest): Promise<Page<SnapshotRecord>>
  /**
   * Reads a whole snapshot as of one moment, the accounts by number, in at least one slice. Gives nothing when there is
   * no such snapshot. The reader must not wait for a client.
   */
  readSnapshot (name: string): AsyncIterable<SavedSlice>
  /** @returns the accounts that differ, by number; undefined when there is no such snapshot */
  listDifferences (name: string, page: PageRequest): Promise<Page<SnapshotDifference> | undefined>
  /**
   * Sets balances back to what a snapshot has, in one transaction, for which all others wait.
   *
   * @param dryRun whether all is taken back in the end
   * @param clientId the client whose accounts alone are set back, counted and named; undefined for all
   * @returns undefined when there is no such snapshot
   */
  restoreSnapshot (name: string, dryRun: boolean, clientId?: number): Promise<RestoreReport | undefined>
  /** @returns false when there is no such snapshot */
  deleteSnapshot (name: string): Promise<boolean>
}
