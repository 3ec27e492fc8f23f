import type { Operation, Step } from '../sql.js'
import { serveOthers } from '../../turns.js'
import type { DrawNumbers, Drawing } from './numbers.js'
import { allOf, makeQueries } from './queries.js'
import type { Send } from './send.js'

/** Answers the steps of operations on one connection, in the transaction that stands open there. */
export interface Driver {
  /** Runs an operation to its end. */
  perform: <Result>(operation: Operation<Result>) => Promise<Result>
  /** Tells whether a transaction stands open: an operation that asked nothing has none. */
  hasBegun: () => boolean
}

/**
 * Makes a driver.
 *
 * @param draw draws numbers. It does so in another transaction, while this one holds the rows that it has locked
 * @param begin the statement that begins the transaction; undefined for none. It goes out with the first step, when
 *   that only reads: else a step could run in no transaction after a begin that failed
 */
export function makeDriver (send: Send, draw: DrawNumbers, begin: string | undefined): Driver {
  const { query, answerEach, runEach } = makeQueries(send)
  let isBegun = false

  async function answer (step: Step): Promise<unknown> {
    switch (step.kind) {
      case 'all': return (await query(step)).rows
      case 'run': return (await query(step)).rowCount
      case 'lock': return await query(step).then(() => undefined)
      case 'each-first': {
        const found = await answerEach(step)
        return found.map(([row]) => row)
      }
      case 'each-all': return await answerEach(step)
      case 'each-run': return await runEach(step)
      case 'draw': return (await draw([step]))[0]
      case 'pause': return await serveOthers()
      case 'together': return await answerTogether(step.steps)
    }
  }

  /** Numbers are drawn in one transaction, so that those of several kinds are in the same order as each other. */
  async function answerTogether (steps: readonly Step[]): Promise<readonly unknown[]> {
    const drawings = steps.filter((step): step is Drawing => step.kind === 'draw')
    const drawn = drawings.length === 0 ? [] : draw(drawings)
    return await allOf(steps.map(async (step) =>
      step.kind === 'draw' ? (await drawn)[drawings.indexOf(step)] : await answer(step)))
  }

  /** Sends the begin, and with it the first step when that only reads. */
  async function answerFirst (step: Step, begin: string): Promise<unknown> {
    const begun = send(begin)
    isBegun = true
    if (!onlyReads(step)) await begun
    const [, result] = await allOf([begun, answer(step)])
    return result
  }

  return {
    perform: async (operation) => {
      let turn = operation.next()
      while (turn.done !== true) {
        const isFirst = !isBegun && begin !== undefined
        turn = operation.next(isFirst ? await answerFirst(turn.value, begin) : await answer(turn.value))
      }
      return turn.value
    },
    hasBegun: () => isBegun
  }
}

function onlyReads (step: Step): boolean {
  switch (step.kind) {
    case 'all':
    case 'lock': return /^\s*(?:SELECT|WITH)\b/.test(step.sql.strings[0] as string)
    case 'each-first':
    case 'each-all': return (step.statement.strings[0] as string).startsWith('SELECT')
    case 'together': return step.steps.every(onlyReads)
    default: return false
  }
}
