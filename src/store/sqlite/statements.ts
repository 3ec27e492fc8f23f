import type Database from 'better-sqlite3'
import type { Operation, Sql, Statement, Step, Value } from '../sql.js'
import type { SqliteDatabase } from './connection.js'

/** Values are given one by one, because better-sqlite3 binds those of an array more slowly. */
type Prepared = Database.Statement<Value[], unknown>

/** Carries operations out on one connection. To be called inside a transaction. */
export type Perform = <Result>(operation: Operation<Result>) => Result

/**
 * Makes the carrying out of operations: runs a generator to its end, step by step and at once. Each statement is
 * prepared once a connection.
 */
export function makePerform (database: SqliteDatabase): Perform {
  const find = makeFind(database)
  const drawNumbers = database.prepare<[bigint, string], bigint>(
    'UPDATE sequences SET last_number = last_number + ? WHERE name = ? RETURNING last_number').pluck()

  function answer (step: Step): unknown {
    switch (step.kind) {
      case 'all': {
        const { prepared, values } = find(step.sql)
        return prepared.all(...values)
      }
      case 'run': {
        const { prepared, values } = find(step.sql)
        return prepared.run(...values).changes
      }
      case 'each-first': {
        const prepared = find.once(step.statement)
        return step.rows.map((row) => prepared.get(...row))
      }
      case 'each-all': {
        const prepared = find.once(step.statement)
        return step.rows.map((row) => prepared.all(...row))
      }
      case 'each-run': {
        const prepared = find.once(step.statement)
        let changes = 0
        for (const row of step.rows) changes += prepared.run(...row).changes
        return changes
      }
      case 'draw': {
        const count = BigInt(step.count)
        return drawNumbers.get(count, step.sequence) as bigint - count + 1n
      }
      case 'lock': // There is one writer at a time.
      case 'pause':
        return undefined
      case 'together':
        return step.steps.map(answer)
    }
  }

  return (operation) => {
    let turn = operation.next()
    while (turn.done !== true) turn = operation.next(answer(turn.value))
    return turn.value
  }
}

interface Find {
  (sql: Sql): { readonly prepared: Prepared, readonly values: readonly Value[] }
  /** Finds a statement whose text never changes. */
  once: (statement: Statement) => Prepared
}

/**
 * Makes the finding of prepared statements. The strings of a template are the same object at each call, and so a quick
 * key; where a part of the statement comes from elsewhere, its whole text is the key.
 */
function makeFind (database: SqliteDatabase): Find {
  const byStrings = new Map<readonly string[], Prepared>()
  const byText = new Map<string, Prepared>()

  function prepare (text: string): Prepared {
    const known = byText.get(text)
    if (known !== undefined) return known
    const prepared = database.prepare<Value[], unknown>(text) as Prepared
    byText.set(text, prepared)
    return prepared
  }

  function once ({ strings }: Pick<Statement, 'strings'>): Prepared {
    const known = byStrings.get(strings)
    if (known !== undefined) return known
    const prepared = prepare(strings.join('?'))
    byStrings.set(strings, prepared)
    return prepared
  }

  function find (sql: Sql): ReturnType<Find> {
    if (sql.values.every(isValue)) return { prepared: once(sql), values: sql.values }
    const { text, values } = flatten(sql)
    return { prepared: prepare(text), values }
  }
  return Object.assign(find, { once })
}

function isValue (part: Value | Sql): part is Value {
  return typeof part !== 'object' || part === null || part instanceof Uint8Array
}

/** Puts the parts of a statement in their places. */
function flatten ({ strings, values: parts }: Sql): { readonly text: string, readonly values: Value[] } {
  let text = strings[0] as string
  const values: Value[] = []
  parts.forEach((part, index) => {
    if (isValue(part)) {
      text += '?'
      values.push(part)
    } else {
      const inner = flatten(part)
      text += inner.text
      values.push(...inner.values)
    }
    text += strings[index + 1] as string
  })
  return { text, values }
}
