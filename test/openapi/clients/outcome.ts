/** How a client reaches the service. */
export interface Connection {
  readonly url: string
  readonly adminToken: string
  readonly apiKey: string
  readonly amlyzeToken: string
}

/** What a client has been answered. */
export interface Outcome {
  /** The available balance of account 9007199254740993. */
  readonly available: string
  /** The numbers of the first two accounts of client 123. */
  readonly firstAccounts: readonly string[]
  /** What a dry run would make of account 1002. */
  readonly rehearsed: string
  /** How many items of an update of account 1002 failed. */
  readonly failedItems: number
  readonly reportResult: string
  /** Why account 1 cannot be read. */
  readonly problem: string | undefined
}
