/** One request to a dialect and its answer, as the journal keeps them. */
export interface JournalEntry {
  readonly receivedAt: Date
  /** From the first byte of the headers to the last of the answer. */
  readonly durationMs: number
  /** The answer's header `x-request-id`. */
  readonly xRequestId: string
  readonly dialect: string
  /** Undefined without a key that is known. */
  readonly clientId: number | undefined
  readonly method: string
  /** The route's path; `unknown` for a request that reached none. */
  readonly route: string
  readonly identifier: string | undefined
  /** As `Preference-Applied` would have them. */
  readonly preferences: string | undefined
  /** Undefined where the query was refused: it may have been meant so, or not. */
  readonly dryRun: boolean | undefined
  readonly replayed: boolean
  /** The request that this one repeats, sent by the sandbox itself. */
  readonly resentFrom: bigint | undefined
  /** Undefined where the client hung up before its answer. */
  readonly status: number | undefined
  /** The dialect's own code of the answer. */
  readonly code: string | undefined
  readonly items: number | undefined
  readonly failedItems: number | undefined
  /**
   * Accounts (`a:5001`), tokens (`t:12345`) and external references (`e:WALLET-1`) of the body, as they stand there.
   */
  readonly subjects: readonly string[]
  /** What was wrong, in the words of the answer; undefined where nothing was. */
  readonly note: string | undefined
  /** Whether numbers of accounts and tokens are masked. */
  readonly redacted: boolean
  /** How large the body was; 0 where none was read. */
  readonly bodyBytes: number
  /** Undefined where none was read, or it was too large to keep. */
  readonly body: Uint8Array | undefined
  readonly answer: string | undefined
}

/** How much of the journal is kept: the newest requests, within both bounds. */
export interface JournalBounds {
  readonly requests: number
  readonly bytes: number
}

/** What an entry takes beside its texts and its body, roughly. */
const ENTRY_BYTES = 256

/** Gives what an entry counts for the bound in bytes. */
export function keptBytesOf ({ body, answer }: Pick<JournalEntry, 'body' | 'answer'>): number {
  return ENTRY_BYTES + (body?.length ?? 0) + (answer?.length ?? 0)
}

/**
 * Gives the newest entries within both bounds.
 *
 * @param entries oldest first
 */
export function newestWithin<Entry extends Pick<JournalEntry, 'body' | 'answer'>> (
  { requests, bytes }: JournalBounds, entries: readonly Entry[]
): Entry[] {
  const oldest = Math.max(0, entries.length - requests)
  let first = entries.length
  for (let left = bytes; first > oldest; first -= 1) {
    left -= keptBytesOf(entries[first - 1] as Entry)
    if (left < 0) break
  }
  return entries.slice(first)
}
