import type { ClientBase, QueryResult } from 'pg'
import type { Value } from '../sql.js'
import { StatementError } from './errors.js'

/** A row as it is read. */
export interface Row {
  readonly [column: string]: unknown
  /** Of a statement for many rows: the place of the row of parameters, from 1. */
  readonly asked_n?: bigint
}

/** Sends a statement at once, behind those that were sent before it, without waiting for their answers. */
export type Send = (text: string, values?: readonly Value[]) => Promise<QueryResult<Row>>

/** The names of prepared statements. They are the same on every connection. */
const statementNames = new Map<string, string>()

function nameOf (text: string): string {
  const known = statementNames.get(text)
  if (known !== undefined) return known
  const name = `stip_${statementNames.size + 1}`
  statementNames.set(text, name)
  return name
}

/** Makes the sending on a connection. Statements are prepared once a connection. */
export function makeSend (client: ClientBase): Send {
  return async (text, values) => {
    try {
      // Without values there is nothing to be prepared, and several statements can stand in one text.
      if (values === undefined) return await client.query(text)
      return await client.query({ name: nameOf(text), text, values: values as unknown[] })
    } catch (error) {
      throw new StatementError(error as Error)
    }
  }
}
