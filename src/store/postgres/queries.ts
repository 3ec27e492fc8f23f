import type { QueryResult } from 'pg'
import type { Statement, Step, Value } from '../sql.js'
import type { Row, Send } from './send.js'
import { columnsOf } from './arrays.js'
import { bulkStatementOf, queryOf } from './text.js'

interface Each {
  readonly statement: Statement
  readonly rows: ReadonlyArray<readonly Value[]>
}

/** How one step of an operation is asked on one connection. */
export interface Queries {
  readonly query: (step: Extract<Step, { sql: unknown }>) => Promise<QueryResult<Row>>
  /** @returns what was found, a list for each of the step's rows */
  readonly answerEach: (step: Each) => Promise<Row[][]>
  /** @returns how many rows were written */
  readonly runEach: (step: Each) => Promise<number>
}

/** Makes the queries of a connection. Many rows go out as one statement where its kind allows it. */
export function makeQueries (send: Send): Queries {
  async function query ({ sql }: Extract<Step, { sql: unknown }>): Promise<QueryResult<Row>> {
    const { text, values } = queryOf(sql)
    return await send(text, values)
  }

  async function answerEach ({ statement, rows }: Each): Promise<Row[][]> {
    const { single, many, types } = bulkStatementOf(statement)
    if (many === undefined || rows.length === 1) {
      return (await allOf(rows.map(async (row) => await send(single, row)))).map((result) => result.rows)
    }
    const found: Row[][] = rows.map(() => [])
    for (const row of (await send(many, columnsOf(types, rows), 'anew')).rows) found[Number(row.asked_n) - 1]?.push(row)
    return found
  }

  async function runEach ({ statement, rows }: Each): Promise<number> {
    const { single, many, types, key } = bulkStatementOf(statement)
    const isOneEach = key === undefined || new Set(rows.map((row) => row[key])).size === rows.length
    const results = many !== undefined && isOneEach && rows.length > 1
      ? [await send(many, columnsOf(types, rows), 'anew')]
      : await allOf(rows.map(async (row) => await send(single, row)))
    return results.reduce((changes, { rowCount }) => changes + Number(rowCount), 0)
  }

  return { query, answerEach, runEach }
}

/** Waits for all, also after one has failed: what was sent is answered in its order. */
export async function allOf<Result> (promises: ReadonlyArray<Promise<Result>>): Promise<Result[]> {
  const settled = await Promise.allSettled(promises)
  return settled.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason
    return outcome.value
  })
}
