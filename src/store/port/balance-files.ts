import type { BalanceFileRecord, BalanceFileSummary, FailureWords, RecordFailure } from '../../domain/balance-file.js'
import type { Page, PageRequest } from './page.js'

/** A row of a balance file, read. */
export interface BalanceFileRow {
  /** The line in the file, from 1. */
  readonly line: number
  /** The row as it came. */
  readonly row: string
  /** The record, or what keeps the row from being one. */
  readonly content: BalanceFileRecord | FailureWords
}

/** A row that failed. */
export interface BalanceFileFailure {
  readonly line: number
  readonly row: string
  readonly reason: string
}

/** What a run of a file begins with. */
export interface BalanceFileStart {
  readonly clientId: number
  /** What the file is known by within its client. */
  readonly fileName: string
  /** Whether only the outcome is wanted, and no balance is to be changed. */
  readonly dryRun: boolean
  /** Makes the words that are kept with a failed record. Pure. */
  readonly describeFailure: (failure: RecordFailure, record: BalanceFileRecord) => FailureWords
}

/** A run of a file. Each call is one transaction. It ends with `finish` or with `breakOff`. */
export interface BalanceFileJob {
  readonly jobId: number
  /**
   * Applies rows in their order, and keeps those that fail with their reason (see `planRecords` for the rules). Rows of
   * a file may be brought in any number of calls, one after another.
   *
   * @throws BalanceFileEndedError when the run has ended
   */
  carryOut (rows: readonly BalanceFileRow[]): Promise<void>
  /**
   * Ends the run at the end of the file.
   *
   * @throws BalanceFileEndedError when the run has ended
   */
  finish (): Promise<BalanceFileSummary>
  /** Ends the run before the end of the file, and keeps why, in words. Does nothing when the run has ended. */
  breakOff (reason: string): Promise<void>
}

/** Thrown for rows of a run that has ended: by its own end, or because a prune has removed it. */
export class BalanceFileEndedError extends Error {
  override readonly name = 'BalanceFileEndedError'

  constructor (jobId: number) {
    super(`The run ${jobId} of a balance file has ended and takes no more rows`)
  }
}

/** How far a run has come. */
export type BalanceFileProgress =
  | { readonly status: 'running' }
  | { readonly status: 'done', readonly summary: BalanceFileSummary }
  | { readonly status: 'broken-off', readonly reason: string }
  /** The process that read the file has ended before the file did. */
  | { readonly status: 'interrupted' }

/** A run of a file in a list. */
export interface BalanceFileRun {
  readonly jobId: number
  readonly clientId: number
  readonly fileName: string
  readonly dryRun: boolean
  readonly status: BalanceFileProgress['status']
  readonly startedAt: Date
  /** Undefined of a run that has not ended, or was interrupted. */
  readonly finishedAt: Date | undefined
  /** Rows that are dealt with so far. */
  readonly totalRecords: number
  readonly failedRecords: number
  /** Those that passed because an earlier run of the same file has carried them out. */
  readonly repeatedRecords: number
  /** Why the file was broken off, in words. */
  readonly reason: string | undefined
}

/** The part of the store that applies the processor's daily balance files. */
export interface BalanceFileStore {
  /** @returns undefined when there is no such client */
  startBalanceFile (start: BalanceFileStart): Promise<BalanceFileJob | undefined>
  /** @returns undefined for an unknown number */
  readBalanceFile (jobId: number): Promise<
    { readonly dryRun: boolean, readonly progress: BalanceFileProgress } | undefined>
  /** Lists runs, newest first, of one client where it is given. */
  listBalanceFiles (clientId: number | undefined, page: PageRequest): Promise<Page<BalanceFileRun>>
  /**
   * Reads failed rows in the order of their lines, from a line on.
   *
   * @returns undefined for an unknown number, also of a run that was pruned meanwhile
   */
  readBalanceFileFailures (
    jobId: number, fromLine: number, limit: number): Promise<readonly BalanceFileFailure[] | undefined>
}
