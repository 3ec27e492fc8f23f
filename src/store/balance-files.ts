import type { BalanceFileRecord, BalanceFileSummary, FailureWords, RecordFailure } from '../domain/balance-file.js'

/** A row of a balance file, read. */
export interface BalanceFileRow {
  /** The line in the file, from 1. */
  readonly line: number
  /** The row as it came. */
  readonly row: string
  /** The record, or what keeps the row from being one. */
  readonly content: BalanceFileRecord | FailureWords
}

/** A row that was not carried out. */
export interface BalanceFileFailure {
  readonly line: number
  readonly row: string
  readonly reason: string
}

/** What a file is carried out with. */
export interface BalanceFileStart {
  readonly clientId: number
  /** What the file is known by within its client. */
  readonly fileName: string
  /** Whether the outcome is all that is wanted, and no balance is to be changed. */
  readonly dryRun: boolean
  /** Makes the words that are kept with a failed record. Pure. */
  readonly describeFailure: (failure: RecordFailure, record: BalanceFileRecord) => FailureWords
}

/** A file that is being carried out. Each call is one transaction. It ends with `finish` or with `breakOff`. */
export interface BalanceFileJob {
  readonly jobId: number
  /**
   * Carries rows out in their order: writes those that can be, and keeps those that cannot with their reason.
   *
   * A record that an earlier run of the same file has carried out is not carried out again: it counts as passed when it
   * means the same. One of a file of another name, or with another content, fails. So does a row that would set an
   * account to other balances than a row of the same file that was carried out, in this run or an earlier one.
   */
  carryOut (rows: readonly BalanceFileRow[]): Promise<void>
  /** Ends the job at the end of the file. */
  finish (): Promise<BalanceFileSummary>
  /** Ends the job before the end of the file, and keeps why, in words. */
  breakOff (reason: string): Promise<void>
}

/** How far a file has come. */
export type BalanceFileProgress =
  | { readonly status: 'running' }
  | { readonly status: 'done', readonly summary: BalanceFileSummary }
  | { readonly status: 'broken-off', readonly reason: string }
  /** The process ended in the middle of it. */
  | { readonly status: 'interrupted' }

/** The part of the store that carries out the processor's daily balance files. */
export interface BalanceFileStore {
  /** @returns undefined when there is no such client */
  startBalanceFile (start: BalanceFileStart): Promise<BalanceFileJob | undefined>
  /** @returns undefined for an unknown number */
  readBalanceFile (jobId: number): Promise<{ readonly dryRun: boolean, readonly progress: BalanceFileProgress } | undefined>
  /** Reads failed rows in the order of their lines, from a line on. */
  readBalanceFileFailures (jobId: number, fromLine: number, limit: number): Promise<readonly BalanceFileFailure[]>
}
