import type { Currency } from '../domain/currency.js'
import type { Operation, Step } from './sql.js'

/** What every operation is given beside its own parameters. */
export interface Context {
  /** The time of the operation, milliseconds since 1970. */
  readonly nowMs: number
  /** ISO 4217 numeric code of the currency that a cross rate may go through. */
  readonly pivotCurrency: string
  /** Gives the currency of a stored code. Throws for a code that the database does not remember. */
  readonly currencyOf: (numericCode: string) => Currency
}

/** An operation that only reads, as of one moment. */
export interface Reading<Parameters extends readonly unknown[], Result> {
  readonly kind: 'reading'
  /** It asks one thing only, which is as of one moment without a transaction. More than that throws. */
  readonly asksOnce?: boolean
  readonly work: (context: Context, ...parameters: Parameters) => Operation<Result>
}

/** What an engine may know of a change before it is applied. */
export interface ChangeNature {
  /**
   * It writes nothing of accounts, their balances and tokens, or answers. So grouped changes keep what they remember,
   * and need not go before it.
   */
  readonly leavesAccounts?: boolean
  /**
   * Many of its kind come at once, and rarely fail. Where a commit waits for the disk, those that wait together may
   * share one transaction, one after the other. When one of them fails, each gets a transaction of its own.
   */
  readonly sharesCommit?: boolean
}

/** An operation that changes something, in a transaction of its own. Any of them can be rehearsed and taken back. */
export interface Change<Parameters extends readonly unknown[], Result> extends ChangeNature {
  readonly kind: 'change'
  readonly work: (context: Context, ...parameters: Parameters) => Operation<Result>
}

/**
 * A change of very much, in one transaction on a connection of its own. Others read at each of its pauses, and see
 * nothing of it before all of it is durable. Those who write wait for its end.
 */
export interface LongChange<Parameters extends readonly unknown[], Result> extends ChangeNature {
  readonly kind: 'long-change'
  readonly work: (context: Context, ...parameters: Parameters) => Operation<Result>
}

/** What a grouped change remembers of the database to save reading, never to save writing. */
export interface Memory {
  /** How many things it remembers. */
  readonly size: number
}

/**
 * A change that takes all requests that wait together, and writes them in one transaction.
 *
 * An engine may hand it the memory of the group before. It starts with an empty one when anything else may have
 * written to the database meanwhile, or a transaction was rolled back.
 */
export interface GroupedChange<Request, Result, Remembered extends Memory> {
  readonly kind: 'grouped-change'
  readonly makeMemory: () => Remembered
  /** @returns one result a request, in the order of the requests */
  readonly work: (
    context: Context, memory: Remembered, requests: readonly Request[]) => Operation<readonly Result[]>
}

/** A part of much that is read, and where the next part begins. */
export interface Slice<Cursor, Item> {
  readonly items: readonly Item[]
  /** Undefined when this part is the last. */
  readonly next: Cursor | undefined
}

/** A reading that answers all requests that wait together, and asks one thing only. */
export interface GroupedReading<Request, Result> {
  readonly kind: 'grouped-reading'
  /** @returns one result a request, in the order of the requests */
  readonly work: (requests: readonly Request[]) => Operation<readonly Result[]>
}

/** Reads much, slice by slice, all as of one moment. Between slices others are served. */
export interface SlicedReading<Parameters extends readonly unknown[], Cursor, Item> {
  readonly kind: 'sliced-reading'
  /** @param cursor where the slice begins; undefined for the first */
  readonly work: (
    context: Context, cursor: Cursor | undefined, ...parameters: Parameters
  ) => Operation<Slice<Cursor, Item>>
}

export function reading<Parameters extends readonly unknown[], Result> (
  work: Reading<Parameters, Result>['work'], { asksOnce = false }: Pick<Reading<Parameters, Result>, 'asksOnce'> = {}
): Reading<Parameters, Result> {
  if (!asksOnce) return { kind: 'reading', work }
  return { kind: 'reading', work: (context, ...parameters) => askingOnce(work(context, ...parameters)), asksOnce }
}

const ONE_QUESTION: ReadonlySet<Step['kind']> = new Set(['all', 'each-first'])

/** Answers of several statements could be of several moments, where there is no transaction. */
function * askingOnce<Result> (operation: Operation<Result>): Operation<Result> {
  const asked = operation.next()
  if (asked.done === true) return asked.value
  if (!ONE_QUESTION.has(asked.value.kind)) throw new Error(`an operation that asks once asks for ${asked.value.kind}`)
  const answered = operation.next(yield asked.value)
  if (answered.done !== true) throw new Error('an operation that asks once asks twice')
  return answered.value
}

export function change<Parameters extends readonly unknown[], Result> (
  work: Change<Parameters, Result>['work'], nature: ChangeNature = {}
): Change<Parameters, Result> {
  return { kind: 'change', work, ...nature }
}

export function longChange<Parameters extends readonly unknown[], Result> (
  work: LongChange<Parameters, Result>['work']
): LongChange<Parameters, Result> {
  return { kind: 'long-change', work }
}

export function groupedChange<Request, Result, Remembered extends Memory> (
  makeMemory: () => Remembered, work: GroupedChange<Request, Result, Remembered>['work']
): GroupedChange<Request, Result, Remembered> {
  return { kind: 'grouped-change', makeMemory, work }
}

export function groupedReading<Request, Result> (
  work: GroupedReading<Request, Result>['work']
): GroupedReading<Request, Result> {
  return { kind: 'grouped-reading', work: (requests) => askingOnce(work(requests)) }
}

export function slicedReading<Parameters extends readonly unknown[], Cursor, Item> (
  work: SlicedReading<Parameters, Cursor, Item>['work']
): SlicedReading<Parameters, Cursor, Item> {
  return { kind: 'sliced-reading', work }
}

/**
 * A database that runs operations. A promise is fulfilled when the effect is durable. It is rejected with
 * `StoreUnavailableError` when the database cannot do it for now. Then nothing of the operation was written,
 * unless a commit was sent and its answer was lost.
 */
export interface Engine {
  /** Whether what is committed later has greater numbers: they are drawn inside of transactions, one after another. */
  readonly isNumberedInOrder: boolean
  read<Parameters extends readonly unknown[], Result> (
    operation: Reading<Parameters, Result>, ...parameters: Parameters): Promise<Result>
  change<Parameters extends readonly unknown[], Result> (
    operation: Change<Parameters, Result> | LongChange<Parameters, Result>, ...parameters: Parameters): Promise<Result>
  /** Does the same work and takes all of it back, so that it cannot tell another story. */
  rehearse<Parameters extends readonly unknown[], Result> (
    operation: Change<Parameters, Result> | LongChange<Parameters, Result>, ...parameters: Parameters): Promise<Result>
  /** Makes a way for requests of a grouped change to wait together. */
  grouping<Request, Result, Remembered extends Memory> (
    operation: GroupedChange<Request, Result, Remembered>): (request: Request) => Promise<Result>
  /** Makes a way for requests of a grouped reading to be asked together. */
  groupingReads<Request, Result> (operation: GroupedReading<Request, Result>): (request: Request) => Promise<Result>
  /** Reads slices one after another, as of the moment of the first. The reader must not wait for anybody else. */
  readSlices<Parameters extends readonly unknown[], Cursor, Item> (
    operation: SlicedReading<Parameters, Cursor, Item>, ...parameters: Parameters): AsyncIterable<readonly Item[]>
}
