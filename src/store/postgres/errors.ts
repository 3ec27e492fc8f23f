import pg from 'pg'
import { StoreUnavailableError } from '../port/unavailable.js'
import { POOL_MODE_ADVICE } from './pooler.js'

/** A connection gave no answer in time. Its server may well answer others. */
export class NoAnswerError extends Error {
  constructor (howLong: string) {
    super(`the database gave no answer ${howLong}`)
  }
}

/** What the server or the connection said instead of an answer. Keeps it apart from what an operation throws. */
export class StatementError extends Error {
  override readonly name = 'StatementError'
  /** SQLSTATE; undefined when the connection failed. */
  readonly code: string | undefined

  constructor (override readonly cause: Error) {
    super(cause.message)
    this.code = sqlStateOf(cause)
  }
}

/** Gives what the server said went wrong. Node has codes of its own for what the network said, such as EPIPE. */
export function sqlStateOf (error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined
}

/** Says why in words: of a name with several addresses Node gives an error for each, and none for all of them. */
export function reasonOf (error: unknown): string {
  if (!(error instanceof AggregateError)) return (error as Error).message
  return error.errors.map(({ message }: Error) => message).join(', ')
}

/** Thrown when a commit was sent and nobody knows whether it was kept. Such work is never repeated by the service. */
export class UnknownOutcomeError extends StoreUnavailableError {
  constructor (cause: Error) {
    super(`the database did not say whether it kept a commit: ${cause.message}. Send the same request again`, { cause })
  }
}

/** A conflict with another transaction (serialization, deadlock): the same work can pass when it is repeated. */
const CONFLICT = /^40(001|P01)$/

/**
 * A row that another transaction wrote, or removed, after the operation had looked (unique, foreign key). When the
 * operation looks again, it refuses by its result.
 */
const OVERTAKEN = /^2350[53]$/

/**
 * What lies outside the operation and may pass: the connection (08), resources (53), locks (55P03), cancelled by a
 * time-out (57014), shutting down (57P), the disk (58), a server that only reads (25006), a transaction that was idle
 * too long (25P03, 25P04).
 */
const PASSING = /^(08|53|57|58)|^(55P03|25006|25P03|25P04)$/

/**
 * A prepared statement is not there (26000), or is there already (42P05): a pooler has led the connection to another
 * server, or somebody has removed it.
 */
const STATEMENT_MISPLACED = /^(26000|42P05)$/

/** Tells whether a connection and its server no longer agree on the statements that are prepared. */
export function misplacesStatements (error: unknown): boolean {
  return error instanceof StatementError && STATEMENT_MISPLACED.test(error.code ?? '')
}

/** What PgBouncer says of a transaction in its mode *statement*. */
const REFUSES_TRANSACTIONS = /statement pooling mode/

/** The server is gone, goes, or does not take writes: the next request looks for one that does. */
const SERVER_GONE = /^(08|57P0)|^25006$/

/** Tells whether a connection's server is to be left for another one. */
export function leavesHost (error: unknown): boolean {
  const cause = error instanceof UnknownOutcomeError ? error.cause : error
  if (!(cause instanceof StatementError) || cause.cause instanceof NoAnswerError) return false
  return cause.code === undefined || SERVER_GONE.test(cause.code)
}

/** Tells whether the whole operation may be repeated. */
export function isRepeatable (error: unknown): error is StatementError {
  if (!(error instanceof StatementError) || error.code === undefined) return false
  return CONFLICT.test(error.code) || OVERTAKEN.test(error.code)
}

/** Gives the store's error for one of the database's. What an operation itself has thrown stays as it is. */
export function storeErrorOf (error: unknown): unknown {
  if (!(error instanceof StatementError)) return error
  const { code, message, cause } = error
  const isPoolers = misplacesStatements(error) || REFUSES_TRANSACTIONS.test(message)
  if (code !== undefined && !CONFLICT.test(code) && !PASSING.test(code) && !isPoolers) return cause
  const reason = `${message} (${code ?? 'the connection to the database failed'})`
  return new StoreUnavailableError(isPoolers ? reason + POOL_MODE_ADVICE : reason, { cause })
}

/** What the server says to who would have to wait longer for a lock than is allowed. */
export const LOCK_MET = '55P03'

/** Tells whether work was given up because it would have had to wait longer for somebody's lock. */
export function meetsLock (error: unknown): boolean {
  return error instanceof StoreUnavailableError && sqlStateOf(error.cause) === LOCK_MET
}

/** What a server that takes a commit back says: a constraint, a conflict, or a transaction that had failed before. */
const TAKEN_BACK = /^(23...|40(001|002|P01)|25P02)$/

/** Tells whether a server that answered the commit with this error has surely not kept it. */
export function isSurelyTakenBack ({ code }: StatementError): boolean {
  return TAKEN_BACK.test(code ?? '')
}
