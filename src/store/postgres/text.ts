/**
 * The texts that operations are sent to PostgreSQL with. A statement for many rows becomes one statement over `unnest`
 * where that means the same; where it may not, it is sent once a row.
 */
import { FOR_UPDATE, type ColumnType, type Sql, type Statement, type Value } from '../sql.js'

/** A statement with its parameters, `$1` and those behind it. */
export interface Query {
  readonly text: string
  readonly values: readonly Value[]
}

const CASTS: Readonly<Record<ColumnType, string>> = { int8: '::int8', text: '::text', bytes: '::bytea' }

/** Puts the parts of a statement in their places. A parameter has the type of its value. */
export function queryOf (sql: Sql): Query {
  const values: Value[] = []
  return { text: flatten(sql, values), values }
}

function flatten ({ strings, values: parts }: Sql, values: Value[]): string {
  return parts.reduce<string>((text, part, index) => text + partOf(part, values) + (strings[index + 1] as string),
    strings[0] as string)
}

function partOf (part: Value | Sql, values: Value[]): string {
  if (part === FOR_UPDATE) return 'FOR UPDATE'
  if (isSql(part)) return flatten(part, values)
  values.push(part)
  return `$${values.length}${castOf(part)}`
}

function isSql (part: Value | Sql): part is Sql {
  return typeof part === 'object' && part !== null && 'strings' in part
}

/** Nothing has the type of its place. */
function castOf (value: Value): string {
  if (value === null || value === undefined) return ''
  return CASTS[typeof value === 'bigint' ? 'int8' : typeof value === 'string' ? 'text' : 'bytes']
}

/** How a statement is sent for many rows of parameters. */
export interface BulkStatement {
  /** For one row: `$1` and those behind it are its parameters. */
  readonly single: string
  /** For all rows at once: `$1` and those behind it are the columns. Undefined when it must be sent once a row. */
  readonly many: string | undefined
  /** The types of its parameters. */
  readonly types: readonly ColumnType[]
  /** The parameter by which an UPDATE finds what it changes: for `many` its values must differ. */
  readonly key: number | undefined
}

const bulkStatements = new Map<readonly string[], BulkStatement>()

/** Gives the texts of a statement. They are made once. */
export function bulkStatementOf (statement: Statement): BulkStatement {
  const known = bulkStatements.get(statement.strings)
  if (known !== undefined) return known
  const made = makeBulkStatement(statement)
  bulkStatements.set(statement.strings, made)
  return made
}

const LOCKS = { none: '', all: ' FOR UPDATE', balances: ' FOR UPDATE OF balances' } as const

function makeBulkStatement ({ strings, types, locks }: Statement): BulkStatement {
  const ending = LOCKS[locks ?? 'none']
  const single = join(strings, (index) => `$${index + 1}${CASTS[types[index] as ColumnType]}`) + ending
  const asked = join(strings, (index) => `asked.p${index + 1}`) + ending
  const names = types.map((_, index) => `p${index + 1}`).join(', ')
  const rows = `unnest(${types.map((type, index) => `$${index + 1}${CASTS[type]}[]`).join(', ')})`
  const from = `${rows} AS asked (${names})`
  if (/^SELECT\b/.test(asked)) {
    const many = `SELECT asked.asked_n, found.* FROM ${rows} WITH ORDINALITY AS asked (${names}, asked_n)
      CROSS JOIN LATERAL (${asked}) AS found`
    return { single, many, types, key: undefined }
  }
  return { single, many: changingMany(asked, from), types, key: keyOf(asked, types.length) }
}

/** An INSERT that may meet rows that are there, or reads others, is sent once a row. */
function changingMany (asked: string, from: string): string | undefined {
  if (/^INSERT\b/.test(asked)) {
    const [, head, values] = /^(INSERT INTO [^()]+\([^()]+\)\s+)VALUES \(([^()]*)\)$/.exec(asked) ?? []
    return head === undefined ? undefined : `${head}SELECT ${values} FROM ${from}`
  }
  return /^UPDATE\b/.test(asked)
    ? asked.replace(/\bWHERE\b/, `FROM ${from} WHERE`)
    : asked.replace(/\bWHERE\b/, `USING ${from} WHERE`)
}

/** An UPDATE with one WHERE, which asks for nothing but the value of a column. */
const KEYED_UPDATE = /^UPDATE\b(?:(?!\bWHERE\b)[^])*\bWHERE \w+ = asked\.p\d+$/

/**
 * The last parameter of an UPDATE is the key of what it changes. Of two rows of parameters with one key, a server would
 * take one and leave out the other.
 *
 * @throws Error for an UPDATE that could not be sent for many rows
 */
function keyOf (asked: string, parameters: number): number | undefined {
  if (!/^UPDATE\b/.test(asked)) return undefined
  if (!KEYED_UPDATE.test(asked)) {
    throw new Error(`an UPDATE for many rows must end in WHERE column = \${…}, and have no other condition: ${asked}`)
  }
  return parameters - 1
}

function join (strings: readonly string[], parameter: (index: number) => string): string {
  return strings.reduce((text, part, index) => text + parameter(index - 1) + part)
}
