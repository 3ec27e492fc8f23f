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
}

/** Carries requests out in one transaction. @returns one result a request, in their order */
type Work<Request, Result> = (requests: readonly Request[]) => Promise<readonly Result[]>

/** What becomes of a group that has met a lock of somebody else's, so that nobody waits but who must. */
export interface LockWays<Request, Result> {
  /** Carries one out that may have met it. Gives up where it must wait. */
  readonly tryAlone: Work<Request, Result>
  /** Carries one out that must wait. The group does not wait for it. */
  readonly wait: (request: Request) => Promise<Result>
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

  async function carryOut (group: ReadonlyArray<Waiting<Request, Result>>, attempt = work): Promise<void> {
    try {
      const results = await attempt(group.map(({ request }) => request))
      group.forEach(({ fulfil }, index) => { fulfil(results[index] as Result) })
    } catch (error) {
      const met = meetsLock(error) ? locks : undefined
      if (group.length > 1 && (met !== undefined || !(error instanceof StoreUnavailableError))) {
        for (const alone of group) await carryOut([alone], met?.tryAlone)
      } else {
        for (const { request, fulfil, reject } of group) {
          if (met === undefined) reject(error)
          else met.wait(request).then(fulfil, reject)
        }
      }
    }
  }

  async function carryOutAll (): Promise<void> {
    // The event loop reads first all that the network holds.
    await new Promise((resolve) => { setImmediate(resolve) })
    while (waiting.length > 0) await carryOut(waiting.splice(0, GROUP_SIZE_MAX))
    working = undefined
  }

  return {
    run: async (request) => await new Promise<Result>((resolve, reject) => {
      waiting.push({ request, fulfil: resolve, reject })
      working ??= carryOutAll()
    }),
    settle: async () => { await working }
  }
}
