import { StoreUnavailableError } from '../port/unavailable.js'
import { meetsLock } from './errors.js'

/** Requests that wait at the same time share one transaction. */
export interface Group<Request, Result> {
  /**
   * @returns the request's result, once it is durable. Requests are applied in the order in which they came, but for
   *   those that meet a lock
   */
  run: (request: Request) => Promise<Result>
  /** Waits until nobody waits. */
  settle: () => Promise<void>
}

interface Waiting<Request, Result> {
  readonly request: Request
  readonly fulfil: (result: Result) => void
  readonly reject: (error: unknown) => void
  readonly sinceMs: number
}

/** Carries requests out in one transaction. @returns one result a request, in their order */
type Work<Request, Result> = (requests: readonly Request[]) => Promise<readonly Result[]>

/** What becomes of a group that has met a lock of somebody else's, so that nobody waits but who must. */
export interface LockWays<Request, Result> {
  /** Carries one out that may have met it. Gives up where it must wait. */
  readonly tryAlone: Work<Request, Result>
  /**
   * Carries one out that must wait, and the group does not wait for it. Or for how long, milliseconds, the group tries
   * it again, before those that came later.
   */
  readonly wait: ((request: Request) => Promise<Result>) | number
}

/** How many requests one transaction takes at most, so that the first does not wait for a thousand others. */
const GROUP_SIZE_MAX = 128

/**
 * Makes a group. While one transaction is under way, those who come wait for the next. When its work fails, each of its
 * requests gets a transaction of its own, so that one that fails does not stop the others.
 */
export function makeGroup<Request, Result> (
  work: Work<Request, Result>, locks?: LockWays<Request, Result>
): Group<Request, Result> {
  const waiting: Array<Waiting<Request, Result>> = []
  let working: Promise<void> | undefined

  /** @returns those that are tried again */
  async function carryOut (
    group: ReadonlyArray<Waiting<Request, Result>>, attempt = work
  ): Promise<Array<Waiting<Request, Result>>> {
    try {
      const results = await attempt(group.map(({ request }) => request))
      group.forEach(({ fulfil }, index) => { fulfil(results[index] as Result) })
      return []
    } catch (error) {
      const met = meetsLock(error) ? locks : undefined
      if (group.length === 1 || (met === undefined && error instanceof StoreUnavailableError)) {
        return group.filter((one) => !end(one, error, met?.wait))
      }
      const again: Array<Waiting<Request, Result>> = []
      for (const alone of group) again.push(...await carryOut([alone], met?.tryAlone))
      return again
    }
  }

  /** Ends a request that has failed. @returns false for one that is tried again */
  function end (
    { request, fulfil, reject, sinceMs }: Waiting<Request, Result>, error: unknown,
    wait: LockWays<Request, Result>['wait'] | undefined
  ): boolean {
    if (typeof wait === 'number' && performance.now() < sinceMs + wait) return false
    if (typeof wait === 'function') wait(request).then(fulfil, reject)
    else reject(error)
    return true
  }

  async function carryOutAll (): Promise<void> {
    // The event loop reads first all that the network holds.
    await new Promise((resolve) => { setImmediate(resolve) })
    while (waiting.length > 0) waiting.unshift(...await carryOut(waiting.splice(0, GROUP_SIZE_MAX)))
    working = undefined
  }

  return {
    run: async (request) => await new Promise<Result>((resolve, reject) => {
      waiting.push({ request, fulfil: resolve, reject, sinceMs: performance.now() })
      working ??= carryOutAll()
    }),
    settle: async () => { await working }
  }
}
