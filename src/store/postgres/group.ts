import { StoreUnavailableError } from '../port/unavailable.js'

/** Requests that wait at the same time share one transaction. */
export interface Group<Request, Result> {
  /** @returns the request's result, once it is durable. Requests are applied in the order in which they came */
  run: (request: Request) => Promise<Result>
  /** Waits until nobody waits. */
  settle: () => Promise<void>
}

interface Waiting<Request, Result> {
  readonly request: Request
  readonly fulfil: (result: Result) => void
  readonly reject: (error: unknown) => void
}

/** How many requests one transaction takes at most, so that the first does not wait for a thousand others. */
const GROUP_SIZE_MAX = 128

/**
 * Makes a group. While one transaction is under way, those who come wait for the next. When its work fails, each of its
 * requests gets a transaction of its own, so that one that fails does not stop the others.
 *
 * @param work carries requests out in one transaction. @returns one result a request, in their order
 */
export function makeGroup<Request, Result> (
  work: (requests: readonly Request[]) => Promise<readonly Result[]>
): Group<Request, Result> {
  const waiting: Array<Waiting<Request, Result>> = []
  let working: Promise<void> | undefined

  async function carryOut (group: ReadonlyArray<Waiting<Request, Result>>): Promise<void> {
    try {
      const results = await work(group.map(({ request }) => request))
      group.forEach(({ fulfil }, index) => { fulfil(results[index] as Result) })
    } catch (error) {
      if (group.length === 1 || error instanceof StoreUnavailableError) {
        for (const { reject } of group) reject(error)
      } else {
        for (const alone of group) await carryOut([alone])
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
