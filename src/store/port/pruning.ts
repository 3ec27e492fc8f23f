/** How much went, or would go. */
export interface PruneReport {
  /** Rows of the history. */
  readonly changes: number
  /** Answers kept to be given again, with what they need to recognise the request. */
  readonly answers: number
  /** Accounts that are deleted, and whose past goes as a whole. */
  readonly deletedAccounts: number
  /** Runs of balance files, with their failed rows. */
  readonly balanceFiles: number
  /** Records of balance files that were applied. */
  readonly balanceFileRecords: number
  /** Balances that clients reported. */
  readonly reportedBalances: number
  /** Payments, with the messages about them. */
  readonly transactions: number
}

export interface PruneStore {
  /**
   * Removes what happened before a time (milliseconds since 1970), slice by slice: others are served meanwhile, and a
   * prune that was broken off can be sent again. The newest row of each account's history stays, whatever its age.
   */
  prune (beforeMs: number, dryRun: boolean): Promise<PruneReport>
  /** Reads when the newest operation was, milliseconds since 1970; undefined when there is none. */
  readNewestOperation (): Promise<number | undefined>
}
