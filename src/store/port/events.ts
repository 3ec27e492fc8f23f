import type { Currency } from '../../domain/currency.js'
import type { Balances } from '../../domain/money.js'

/** What happens beside changes of balances, as an operation writes it in its own transaction. */
export interface NewEvent {
  /** `resync`: so much has changed that those who listen read everything anew. */
  readonly type: 'transaction' | 'advice' | 'issuer' | 'stand_in' | 'rule' | 'resync'
  /** Undefined for what concerns every client. */
  readonly clientId: number | undefined
  /** What happened. Its names are those of the API. */
  readonly data: object
}

/** An event as it is stored. */
export interface EventRecord {
  readonly number: bigint
  readonly type: string
  readonly clientId: number | undefined
  readonly atMs: number
  /** A JSON object. */
  readonly data: string
}

/** An operation that changed balances. */
export interface OperationRecord {
  readonly number: bigint
  readonly source: string
  readonly clientId: number | undefined
  readonly identifier: string | undefined
  /** The payment that it belongs to. */
  readonly tid: bigint | undefined
  readonly atMs: number
  /** The first of them. */
  readonly changes: ReadonlyArray<{
    readonly accountId: bigint
    readonly currency: Currency
    readonly balances: Balances
  }>
  readonly hasMore: boolean
}

/** What is read of two tables that only grow. */
export interface ByTable<Value> {
  readonly operations: Value
  readonly events: Value
}

/**
 * How far a table was read. Where numbers are drawn before their transactions commit, a lower one may come later: it is
 * missing until then.
 */
export interface TailPosition {
  readonly after: bigint
  readonly missing: readonly bigint[]
}

/** What was written behind a position, by number. */
export interface TailRows extends ByTable<unknown> {
  readonly operations: readonly OperationRecord[]
  readonly events: readonly EventRecord[]
  /** The greatest numbers that are there; 0 for an empty table. */
  readonly newest: ByTable<bigint>
}

/** The end of a table as it is when its reading begins. */
export interface TailEnd {
  /** Numbers up to it are no business of the reading. One behind it that is not there may come later. */
  readonly after: bigint
  /** The numbers behind it that are there, ascending. */
  readonly numbers: readonly bigint[]
}

export interface EventStore {
  /** Whether rows appear in the order of their numbers, so that a number that was left out never comes. */
  readonly isNumberedInOrder: boolean
  /** Finds the ends of both tables: which of the newest numbers are there. */
  findEventEnds (): Promise<ByTable<TailEnd>>
  /** Reads what was committed behind positions, at most `limit` rows of each table beside those that were missing. */
  readEvents (positions: ByTable<TailPosition>, limit: number): Promise<TailRows>
}
