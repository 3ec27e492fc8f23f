import type { JournalBounds, JournalEntry } from '../../domain/journal.js'
import type { Page, PageRequest } from './page.js'

/** An entry that is in the database. Its subjects are there to be looked for only. */
export interface JournalRecord extends Omit<JournalEntry, 'subjects'> {
  readonly requestId: bigint
}

/** What a list shows of an entry: bodies and answers can be large. */
export type JournalSummary = Omit<JournalRecord, 'body' | 'answer'>

/** What a list of requests is narrowed to; all of it where nothing is given. */
export interface JournalFilter {
  readonly clientId?: number | undefined
  /** The first and the last HTTP status that is wanted. */
  readonly statuses?: readonly [from: number, to: number] | undefined
  /** Whether there are items that failed. */
  readonly withFailedItems?: boolean | undefined
  readonly identifier?: string | undefined
  readonly xRequestId?: string | undefined
  /** An account that the body names: by its number, one of its tokens, or its client's reference for it. */
  readonly accountId?: bigint | undefined
}

export interface JournalStore {
  /** Adds requests, oldest first, and removes what lies beyond the bounds. */
  recordRequests (entries: readonly JournalEntry[], bounds: JournalBounds): Promise<void>
  /** Removes what was journalled without masking numbers of accounts and tokens. */
  removeUnmaskedRequests (): Promise<void>
  /** Lists requests, newest first. */
  listRequests (filter: JournalFilter, page: PageRequest): Promise<Page<JournalSummary>>
  readRequest (requestId: bigint): Promise<JournalRecord | undefined>
}
