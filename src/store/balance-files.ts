import type { BalanceUpdateItem, ItemFailure } from '../domain/balance-update.js'
import type { BalanceFileRecord, BalanceFileSummary } from '../domain/balance-file.js'

/** A row of a balance file, read. */
export interface BalanceFileRow {
  /** The line in the file, from 1. */
  readonly line: number
  /** The row as it came. */
  readonly text: string
  /** The record, or what keeps the row from being one. */
  readonly content: BalanceFileRecord | string
}

/** A row that was not carried out. */
export interface BalanceFileFailure {
  readonly line: number
  readonly text: string
  readonly reason: string
}

/** What a file is carried out with. */
export interface BalanceFileStart {
  readonly clientId: number
  readonly fileName: string
  /** Whether the outcome is all that is wanted, and no balance is to be changed. */
  readonly dryRun: boolean
  /** Puts the reason of a failed record into words. Pure. */
  readonly describeFailure: (failure: ItemFailure, item: BalanceUpdateItem) => string
}

/** A file that is being carried out. Each call is one transaction. */
export interface BalanceFileJob {
  readonly jobId: number
  /**
   * Carries rows out in their order: writes those that can be, and keeps those that cannot with their reason. A
   * record that was carried out before, from whichever file, is not carried out again: it counts as passed
   * when it means the same, and fails when it means something else.
   */
  carryOut (rows: readonly BalanceFileRow[]): Promise<void>
  /** Marks the file as done. */
  finish (): Promise<BalanceFileSummary>
  /** Lets go of what the job holds. To be called at the end, whether the file was done or not. */
  close (): void
}

/** The part of the store that carries out the processor's daily balance files. */
export interface BalanceFileStore {
  /** @returns undefined when there is no such client */
  startBalanceFile (start: BalanceFileStart): Promise<BalanceFileJob | undefined>
  /** @returns `unfinished` for a file that is still being read, or whose reading broke off; undefined for an unknown number */
  readBalanceFile (jobId: number): Promise<BalanceFileSummary | 'unfinished' | undefined>
  /** Reads failed rows in the order of their lines, from a line on. */
  readBalanceFileFailures (jobId: number, fromLine: number, limit: number): Promise<readonly BalanceFileFailure[]>
}
