import { hash } from 'node:crypto'
import type { ClientBase, QueryConfig, QueryResult } from 'pg'
import type { Value } from '../sql.js'
import { sqlStateOf, StatementError } from './errors.js'
import { endingOf, limitSilence } from './socket.js'

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

/** How much longer than a statement may take we wait for word of it: the server says first that it took too long. */
const WORD_MS = 1000

/**
 * Gives how long a connection may be silent while it owes an answer, where the server itself ends statements.
 *
 * @param statementTimeoutMs 0 for statements that may take as long as they need
 */
export function silenceOf (statementTimeoutMs: number): number {
  return statementTimeoutMs === 0 ? 0 : statementTimeoutMs + WORD_MS
}

/**
 * Makes the sending on a connection. Statements whose plan is kept are prepared once a connection.
 *
 * @param silenceMs how long nothing may come while an answer is owed, milliseconds; the connection breaks then. It
 *   never does with 0. Each answer begins the time anew, so that many statements may go out at once
 */
export function makeSend (client: ClientBase, silenceMs = 0): Send {
  let owed = 0
  const query = async (config: QueryConfig): Promise<QueryResult<Row>> => {
    if (silenceMs === 0) return await client.query(config)
    if (owed++ === 0) limitSilence(client, silenceMs)
    try {
      return await client.query(config)
    } finally {
      if (--owed === 0) limitSilence(client, 0)
    }
  }
  return async (text, values, plan = 'kept') => {
    try {
      // Without values there is nothing to be prepared, and several statements can stand in one text.
      if (values === undefined) return await query({ text })
      const name = plan === 'kept' ? { name: nameOf(text) } : {}
      return await query({ ...name, text, values: values as unknown[] })
    } catch (error) {
      const ending = sqlStateOf(error) === undefined ? endingOf(client) : undefined
      throw new StatementError(ending ?? error as Error)
    }
  }
}
