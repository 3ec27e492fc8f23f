import { performance } from 'node:perf_hooks'
import type { StoreObserver } from '../observer.js'
import type { SqliteDatabase } from './database.js'

/** Work that waits at the same time shares one transaction and its one sync. */
export interface CommitGroup {
  /**
   * Carries a piece of work out, all or none of it, after all that came before it.
   *
   * @param work reads and writes without waiting for anything. It may be carried out twice, when the first time was undone
   * @returns what the work returned, once it is durable. Rejected when the work threw, and then nothing of it is written
   *   and its neighbours are as they were; or when the transaction itself failed, and then nothing of the whole group is
   *   written, and all that waits behind it fails, too
   */
  run<Result> (work: () => Result): Promise<Result>
  /**
   * Carries out at once what is still waiting.
   *
   * @throws what the transaction itself failed with, if it did: whatever comes behind must not be carried out before those
   */
  flush (): void
}

/** What goes with every transaction of the group. */
export interface CommitGroupHooks {
  /** At the beginning of each transaction, inside it. */
  begin (groupSize: number): void
  /** At its end, inside it. */
  end (): void
  /** After a transaction was rolled back, whatever had been done in it, or could not begin. */
  rolledBack (error: unknown): void
}

/** A piece of work that waits, and how its promise is settled. */
interface Waiting {
  readonly work: () => unknown
  readonly fulfil: (result: unknown) => void
  readonly reject: (error: unknown) => void
}

/** How many pieces of work one commit takes at most, so that the first does not wait for a thousand others. */
const GROUP_SIZE_MAX = 256

/** Thrown through a transaction to undo it when a piece of work has failed, and not the transaction itself. */
class WorkFailed extends Error {}

/**
 * Makes the commit group of a database.
 *
 * A sync costs as much as several updates, and one sync makes everything durable that was written before it. So work is
 * not carried out when it arrives but when the event loop has read what the network holds, which for a lone request is at
 * once. While each turn of the loop brings more, the group waits on, but no longer than the last commit took: so nobody
 * waits for others longer than for the commit that this may save. Whatever arrives during a commit makes up the next group.
 *
 * Work does not fail in the ordinary course: what the rules refuse is an outcome. So a group is carried out without
 * savepoints, which would copy every page that is written to. Should a piece fail after all, the whole transaction is
 * undone, and each piece is carried out again in a transaction of its own.
 *
 * @param observer told of each commit
 * @param now milliseconds of a clock that never jumps
 */
export function makeCommitGroup (database: SqliteDatabase, hooks: CommitGroupHooks, observer: StoreObserver, now = () => performance.now()): CommitGroup {
  const waiting: Waiting[] = []
  /** How many of those that wait get a transaction of their own, because one of them has failed. */
  let alone = 0
  let workedUntilMs = 0
  /** How long the last commit took, and since when the next group gathers, with how much work at the last look. */
  let commitMs = 0
  let gatheringSinceMs = 0
  let seen = 0

  const transaction = database.transaction((group: readonly Waiting[]) => {
    hooks.begin(group.length)
    const results = group.map(({ work }) => carryOut(work))
    hooks.end()
    workedUntilMs = now()
    return results
  }).immediate

  function carryOut (work: () => unknown): unknown {
    try {
      return work()
    } catch (error) {
      throw new WorkFailed('a piece of work has failed', { cause: error })
    }
  }

  /** @throws what the transaction itself failed with; all that wait were told by then */
  function commit (group: readonly [Waiting, ...Waiting[]]): void {
    let results: unknown[]
    try {
      results = transaction(group)
    } catch (error) {
      hooks.rolledBack(error)
      if (!(error instanceof WorkFailed)) {
        rejectAll(group, error)
        throw error
      }
      if (group.length === 1) group[0].reject(error.cause)
      else {
        waiting.unshift(...group)
        alone = group.length
      }
      return
    }
    commitMs = now() - workedUntilMs
    observer.committed(group.length, commitMs)
    group.forEach(({ fulfil }, index) => { fulfil(results[index]) })
  }

  /** Whatever waits behind them fails with them, so that nobody who tries again is overtaken by those who came later. */
  function rejectAll (group: readonly Waiting[], error: unknown): void {
    alone = 0
    for (const { reject } of [...group, ...waiting.splice(0)]) reject(error)
  }

  function commitNext (): void {
    const [first, ...others] = waiting.splice(0, alone > 0 ? 1 : GROUP_SIZE_MAX)
    alone = Math.max(0, alone - 1)
    if (first !== undefined) commit([first, ...others]) // A flush may have been faster than the event loop.
  }

  function gather (): void {
    const isWorthwhile = waiting.length > seen && waiting.length < GROUP_SIZE_MAX && now() - gatheringSinceMs < commitMs
    seen = waiting.length
    if (isWorthwhile) setImmediate(gather)
    else commitInTurn()
  }

  function commitInTurn (): void {
    try {
      commitNext()
    } catch {
      // All whom it concerns were told.
    }
    if (waiting.length > 0) setImmediate(commitInTurn)
  }

  return {
    run: async <Result>(work: () => Result) => await new Promise<Result>((resolve, reject) => {
      if (waiting.length === 0) {
        gatheringSinceMs = now()
        seen = 1
        setImmediate(gather)
      }
      waiting.push({ work, fulfil: (result) => { resolve(result as Result) }, reject })
    }),
    flush: () => {
      while (waiting.length > 0) commitNext()
    }
  }
}
