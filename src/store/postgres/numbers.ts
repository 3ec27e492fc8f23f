import { randomInt } from 'node:crypto'
import type { Sequence, Step } from '../sql.js'
import type { ConnectionPool } from './connections.js'
import { leavesHost } from './errors.js'
import { makeSend, silenceOf } from './send.js'

export type Drawing = Extract<Step, { kind: 'draw' }>

/** Draws numbers of several kinds at once. @returns the first number of each */
export type DrawNumbers = (drawings: readonly Drawing[]) => Promise<readonly bigint[]>

/** What pg gives for one of several statements in a text. */
interface DrawnResult {
  readonly rows: ReadonlyArray<{ readonly last_number: bigint }>
}

/** The order in which rows of several kinds are locked, so that two drawings never wait for each other. */
const ORDER: readonly Sequence[] = [
  'operation', 'change', 'snapshot', 'file', 'job', 'report', 'request', 'transaction', 'message', 'transition',
  'event'
]

/**
 * Makes the drawing of numbers, in transactions of their own: nobody waits for another's commit, and a number is never
 * drawn twice, also after what it was for was taken back. Who draws while an account is locked draws a greater number
 * than everybody who had the account before.
 *
 * Such a transaction does not wait for its sync. The commit of what the numbers are for comes behind it in the server's
 * log, and makes both durable.
 *
 * @param statementTimeoutMs how long it waits for somebody who has locked the numbers
 */
export function makeDrawNumbers (pool: ConnectionPool, statementTimeoutMs: number): DrawNumbers {
  return async (drawings) => {
    const sorted = [...drawings].sort((left, right) => ORDER.indexOf(left.sequence) - ORDER.indexOf(right.sequence))
    const updates = sorted.map(({ sequence, count }) => `UPDATE sequences
      SET last_number = last_number + ${BigInt(count)} WHERE name = '${sequence}' RETURNING last_number;`)
    const connection = await pool.connect()
    const send = makeSend(connection.client, silenceOf(statementTimeoutMs))
    try {
      const text = `BEGIN; SET LOCAL statement_timeout = ${statementTimeoutMs}; SET LOCAL synchronous_commit = off; ` +
        `${updates.join(' ')} COMMIT`
      const results = await send(text) as unknown as readonly DrawnResult[]
      const firsts = new Map(sorted.map((drawing, index) =>
        [drawing, (results[index + 3]?.rows[0]?.last_number as bigint) - BigInt(drawing.count) + 1n]))
      connection.release()
      return drawings.map((drawing) => firsts.get(drawing) as bigint)
    } catch (error) {
      if (leavesHost(error)) connection.leaveHost()
      else connection.discard()
      throw error
    }
  }
}

/** The kinds whose numbers listeners read in their order, and look for where one is left out. */
const LISTENED: ReadonlySet<Sequence> = new Set(['operation', 'event'])

/** Numbers from here on are drawn for nothing that is kept. */
const UNSEEN = 2n ** 62n

/** How far apart such numbers begin. No drawing takes as many, nor comes to an event at which old ones are removed. */
const UNSEEN_STEP = 10_000n

/**
 * Makes the drawing of numbers for what is taken back in any case: it leaves out none that listeners would look for.
 * Each process begins elsewhere, so that nobody waits for a number that another has written meanwhile.
 */
export function makeDrawUnseen (draw: DrawNumbers): DrawNumbers {
  let next = UNSEEN + BigInt(randomInt(2 ** 47)) * UNSEEN_STEP + 1n
  return async (drawings) => {
    const real = drawings.filter(({ sequence }) => !LISTENED.has(sequence))
    const firsts = real.length === 0 ? [] : await draw(real)
    return drawings.map((drawing) => {
      if (!LISTENED.has(drawing.sequence)) return firsts[real.indexOf(drawing)] as bigint
      next += UNSEEN_STEP
      return next
    })
  }
}
