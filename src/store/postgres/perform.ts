import type { Operation, Step } from '../sql.js'
import { serveOthers } from '../../turns.js'
import type { DrawNumbers, Drawing } from './numbers.js'
import { allOf, makeQueries } from './queries.js'
import type { Send } from './send.js'

/** Runs an operation to its end, on one connection, in the transaction that stands open there. */
export type Perform = <Result>(operation: Operation<Result>) => Promise<Result>

/**
 * Makes what answers the steps of operations.
 *
 * @param draw draws numbers. It does so in another transaction, while this one holds the rows that it has locked
 */
export function makePerform (send: Send, draw: DrawNumbers): Perform {
  const { query, answerEach, runEach } = makeQueries(send)

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

  return async (operation) => {
    let turn = operation.next()
    while (turn.done !== true) turn = operation.next(await answer(turn.value))
    return turn.value
  }
}
