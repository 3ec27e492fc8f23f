import { hash } from 'node:crypto'
import type { ClientBase, QueryResult } from 'pg'
import type { Value } from '../sql.js'
import { StatementError } from './errors.js'

/** A row as it is read. */
export interface Row {
  readonly [column: string]: unknown
  /** Of a statement for many rows: the place of the row of parameters, from 1. */
  readonly asked_n?: bigint
}

/**
 * Sends a statement at once, behind those that were sent before it, without waiting for their answers.
 *
 * A server keeps the plan of a prepared statement until it analyzes the tables, a minute later or more. One for many
 * rows that was planned for a table that was nearly empty would read all of it for each of them, however much it has
 * grown. So it is planned `anew` each time.
 */
export type Send = (text: string, values?: readonly Value[], plan?: 'kept' | 'anew') => Promise<QueryResult<Row>>

/** The names of prepared statements. They are the same in every process: a pooler may share connections out. */
const statementNames = new Map<string, string>()

function nameOf (text: string): string {
  const known = statementNames.get(text)
  if (known !== undefined) return known
  const name = `stip_${hash('sha256', text).slice(0, 32)}`
  statementNames.set(text, name)
  return name
}

/**
 * Makes the sending on a connection. Statements whose plan is kept are prepared once a connection.
 *
 * @param timeoutMs how long a statement outside of a transaction may take; its connection is given up then
 */
export function makeSend (client: ClientBase, timeoutMs?: number): Send {
  const limit = timeoutMs === undefined ? {} : { query_timeout: timeoutMs }
  return async (text, values, plan = 'kept') => {
    try {
      // Without values there is nothing to be prepared, and several statements can stand in one text.
      if (values === undefined) return await client.query({ text, ...limit })
      const name = plan === 'kept' ? { name: nameOf(text) } : {}
      return await client.query({ ...name, text, values: values as unknown[], ...limit })
    } catch (error) {
      throw new StatementError(error as Error)
    }
  }
}
