import { setTimeout as wait } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { StoreUnavailableError } from '../unavailable.js'

/** How long an operation waits for another process that holds the database's lock. */
const LOCK_TIMEOUT_MS = 5000

/** How long it waits before it tries again. SQLite's own waiting would hold up everything else that the service does. */
const LOCK_RETRY_MS = 20

/** SQLite's result codes for what lies outside the database and may pass: a lock, the disk, the rights, the memory. */
const PASSING_CODE = /^SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|NOMEM)/

const LOCK_CODE = /^SQLITE_(BUSY|LOCKED)/

/** What the methods of a store that only read are called. They need no lock, and so none of them has to wait in line. */
const READING = /^(?:check|export|find|is|list|read)/

type Operation<Result> = () => Promise<Result>

/** How the operations of one store wait for the database. */
export interface Availability {
  /**
   * Carries out an operation of one transaction that writes. When another process holds the lock, it is tried again for a
   * while, and so are those that come after it, each behind the one that came before: no balance is set over a newer one.
   *
   * SQLite refuses a lock before the transaction's work begins, so that nothing is done twice.
   *
   * @throws StoreUnavailableError when it cannot be carried out for now
   */
  readonly whenAvailable: <Result>(operation: Operation<Result>) => Promise<Result>
  /** Lets every method of a store wait for the database, and tell when it is not available. */
  readonly waitingForDatabase: <Methods extends object>(methods: Methods) => Methods
}

/** Makes the waiting of one store. */
export function makeAvailability (): Availability {
  /** Settled together with the last operation in line; undefined while nobody waits. */
  let line: Promise<unknown> | undefined

  async function waitInLine<Result> (operation: Operation<Result>, deadline: number): Promise<Result> {
    const ahead = line
    const turn = (async () => {
      await ahead
      return await untilUnlocked(operation, deadline)
    })()
    const settled = turn.then(leave, leave)
    line = settled
    return await turn

    function leave (): void {
      if (line === settled) line = undefined
    }
  }

  async function whenAvailable<Result> (operation: Operation<Result>): Promise<Result> {
    const deadline = newDeadline()
    if (line !== undefined) return await waitInLine(operation, deadline)
    try {
      return await operation()
    } catch (error) {
      if (isLocked(error)) return await waitInLine(operation, deadline)
      throw toldOf(error)
    }
  }

  return {
    whenAvailable,
    waitingForDatabase: <Methods extends object>(methods: Methods) => Object.fromEntries(
      Object.entries(methods).map(([name, method]: [string, (...parameters: unknown[]) => Promise<unknown>]) => {
        const carryOut = READING.test(name) ? readWhenAvailable : whenAvailable
        return [name, async (...parameters: unknown[]) => await carryOut(async () => await method(...parameters))]
      })) as Methods
  }
}

async function readWhenAvailable<Result> (operation: Operation<Result>): Promise<Result> {
  return await untilUnlocked(operation, newDeadline())
}

async function untilUnlocked<Result> (operation: Operation<Result>, deadline: number): Promise<Result> {
  for (;;) {
    try {
      return await operation()
    } catch (error) {
      if (!isLocked(error) || performance.now() > deadline) throw toldOf(error)
    }
    await wait(LOCK_RETRY_MS)
  }
}

/** Not by the clock of the service: that one may jump. */
function newDeadline (): number {
  return performance.now() + LOCK_TIMEOUT_MS
}

function isLocked (error: unknown): boolean {
  return error instanceof Database.SqliteError && LOCK_CODE.test(error.code)
}

/** Gives what the caller is told of an error: its own, unless it lies outside the database and may pass. */
function toldOf (error: unknown): unknown {
  if (!(error instanceof Database.SqliteError) || !PASSING_CODE.test(error.code)) return error
  return new StoreUnavailableError(`${error.message} (${error.code})`, { cause: error })
}
