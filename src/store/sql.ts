/**
 * The little language in which an operation asks an engine. An operation is a generator: it yields what it asks and is
 * given the answer. It never waits and knows no driver, so that it is written once for every engine.
 *
 * An operation decides before its first write. It refuses by its result, never catches a statement's error, and has no
 * effect outside the database. So it is all or nothing, and an engine may repeat it or take it back.
 */

/** What a statement is given: a whole number of 64 bits, text, bytes, or nothing. Never a double or a boolean. */
export type Value = bigint | string | Uint8Array | null | undefined

/** The type of a column or a parameter. */
export type ColumnType = 'int8' | 'text' | 'bytes'

export const int8: ColumnType = 'int8'
export const text: ColumnType = 'text'
export const bytes: ColumnType = 'bytes'

/** A statement or a part of one, with its values in their places. */
export interface Sql {
  readonly strings: readonly string[]
  readonly values: ReadonlyArray<Value | Sql>
}

/** Makes a {@link Sql}. A value becomes a parameter; another `Sql` becomes a part of the text. */
export function sql (strings: TemplateStringsArray, ...values: ReadonlyArray<Value | Sql>): Sql {
  return { strings, values }
}

/** A statement that is run for many rows of parameters. Make it once, where the module is loaded. */
export interface Statement {
  readonly strings: readonly string[]
  /** What stands between the strings: the types of the parameters. */
  readonly types: readonly ColumnType[]
  /** Of what the rows that it reads stay locked until the transaction ends: a table, or all that it reads from. */
  readonly locks?: 'all' | 'balances'
}

/** Makes a {@link Statement}: `` statement`DELETE FROM tokens WHERE token = ${int8}` ``. */
export function statement (strings: TemplateStringsArray, ...types: readonly ColumnType[]): Statement {
  return { strings, types }
}

/**
 * Makes a look-up lock the rows that it reads until the transaction ends. It reads only, where there is one writer.
 *
 * @param of the table whose rows alone are locked: each locked row is written to the server's disk
 */
export function locking (lookup: Statement, of: 'all' | 'balances' = 'all'): Statement {
  return { ...lookup, locks: of }
}

/** Locks the rows that a SELECT reads until the transaction ends. Empty where an engine has one writer at a time. */
export const FOR_UPDATE: Sql = { strings: [''], values: [] }

/** What numbers are drawn for. A number is never drawn twice, also after its row was deleted. */
export type Sequence =
  | 'operation' | 'change' | 'snapshot' | 'file' | 'job' | 'report' | 'request'
  | 'transaction' | 'message' | 'transition' | 'event'

/** What an operation asks of its engine. */
export type Step =
  /** Answered with the rows. */
  | { readonly kind: 'all', readonly sql: Sql }
  /** Answered with how many rows it changed. */
  | { readonly kind: 'run', readonly sql: Sql }
  /** Reads only to lock. Left out where an engine has one writer at a time. Answered with nothing. */
  | { readonly kind: 'lock', readonly sql: Sql }
  /** Answered, for each row of parameters, with the first row found or undefined. */
  | { readonly kind: 'each-first', readonly statement: Statement, readonly rows: ReadonlyArray<readonly Value[]> }
  /** Answered, for each row of parameters, with all rows found. */
  | { readonly kind: 'each-all', readonly statement: Statement, readonly rows: ReadonlyArray<readonly Value[]> }
  /** Answered with how many rows it changed in all. */
  | { readonly kind: 'each-run', readonly statement: Statement, readonly rows: ReadonlyArray<readonly Value[]> }
  /** Answered with the first of `count` numbers that follow each other. */
  | { readonly kind: 'draw', readonly sequence: Sequence, readonly count: number }
  /** Lets others be served, where the engine can, before the operation goes on in the same transaction. */
  | { readonly kind: 'pause' }
  /** Steps that do not depend on each other. Answered with their answers. */
  | { readonly kind: 'together', readonly steps: readonly Step[] }

/** Work inside one transaction, which ends with a result. */
export type Operation<Result> = Generator<Step, Result, unknown>

/** Reads all rows of a statement. */
export function * all<Row> (statement: Sql): Operation<Row[]> {
  return (yield { kind: 'all', sql: statement }) as Row[]
}

/** Reads the first row of a statement; undefined when there is none. */
export function * first<Row> (statement: Sql): Operation<Row | undefined> {
  const [row] = (yield { kind: 'all', sql: statement }) as Row[]
  return row
}

/** Runs a statement. @returns how many rows it changed */
export function * run (statement: Sql): Operation<number> {
  return (yield { kind: 'run', sql: statement }) as number
}

/**
 * Locks rows until the transaction ends, so that what is read of them afterwards stays true.
 *
 * @param select a SELECT with its own clause for the lock. Give rows in ascending order of their keys
 */
export function * lock (select: Sql): Operation<void> {
  yield { kind: 'lock', sql: select }
}

/** Looks up one row for each row of parameters. */
export function * eachFirst<Row> (
  lookup: Statement, rows: ReadonlyArray<readonly Value[]>
): Operation<ReadonlyArray<Row | undefined>> {
  if (rows.length === 0) return []
  return (yield { kind: 'each-first', statement: lookup, rows }) as Array<Row | undefined>
}

/** Looks up all rows for each row of parameters. */
export function * eachAll<Row> (
  lookup: Statement, rows: ReadonlyArray<readonly Value[]>
): Operation<ReadonlyArray<readonly Row[]>> {
  if (rows.length === 0) return []
  return (yield { kind: 'each-all', statement: lookup, rows }) as Row[][]
}

/** Runs a statement for each row of parameters, in their order. @returns how many rows it changed in all */
export function * eachRun (change: Statement, rows: ReadonlyArray<readonly Value[]>): Operation<number> {
  if (rows.length === 0) return 0
  return (yield { kind: 'each-run', statement: change, rows }) as number
}

/** Draws numbers that follow each other. @returns the first of them */
export function * draw (sequence: Sequence, count = 1): Operation<bigint> {
  return (yield { kind: 'draw', sequence, count }) as bigint
}

/** Lets others be served between two parts of a long change. Only a pause of that kind of operation has an effect. */
export function * pause (): Operation<void> {
  yield { kind: 'pause' }
}

/** Runs operations that do not depend on each other side by side, so that an engine far away is asked once. */
export function * together<Results extends readonly unknown[]> (
  ...operations: { readonly [Index in keyof Results]: Operation<Results[Index]> }
): Operation<Results> {
  const turns = operations.map((operation) => operation.next())
  for (;;) {
    const waiting = turns.flatMap((turn, index) => turn.done === true ? [] : [{ index, step: turn.value }])
    if (waiting.length === 0) return turns.map(({ value }) => value) as unknown as Results
    const answers = (yield { kind: 'together', steps: waiting.map(({ step }) => step) }) as readonly unknown[]
    waiting.forEach(({ index }, place) => {
      turns[index] = (operations[index] as Operation<unknown>).next(answers[place])
    })
  }
}
