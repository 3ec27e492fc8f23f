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

/** What the methods of a store that only read are called. They rarely need a lock, and so none of them has to wait in line. */
const READING = /^(?:check|export|find|is|list|read)/

type Operation<Parameters extends unknown[], Result> = (...parameters: Parameters) => Promise<Result>

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
  readonly whenAvailable: <Result>(operation: Operation<[], Result>) => Promise<Result>
  /** Lets every method of a store wait for the database, and tell when it is not available. */
  readonly waitingForDatabase: <Methods extends object>(methods: Methods) => Methods
}

/** An operation that waits in line. */
interface Place {
  /** Given when it came. Refusals may arrive in another order. */
  readonly number: number
  readonly deadline: number
  readonly goOn: () => void
}

/**
 * Makes the waiting of one store.
 *
 * @param assertSame throws when the files are not those of the database any more. It is called after each operation and
 *   before its result is told
 */
export function makeAvailability (assertSame: () => void): Availability {
  const line: Place[] = []
  let lastNumber = 0

  async function waitInLine (number: number, deadline: number): Promise<void> {
    await new Promise<void>((resolve) => {
      line.push({ number, deadline, goOn: resolve })
      line.sort((left, right) => left.number - right.number)
      if (line.length === 1) setTimeout(tryFirst, LOCK_RETRY_MS)
    })
  }

  /** Lets the first in line try again, and with it those whose time is over. The line is in the order of their deadlines, too. */
  function tryFirst (): void {
    const now = performance.now()
    const count = Math.max(1, line.filter(({ deadline }) => deadline < now).length)
    for (const { goOn } of line.splice(0, count)) goOn()
    if (line.length > 0) setTimeout(tryFirst, LOCK_RETRY_MS)
  }

  /** Lets all in line try at once, in their order, so that they can share a commit. */
  function tryAll (): void {
    for (const { goOn } of line.splice(0)) goOn()
  }

  /** Makes of an operation that writes one that waits in line. Where nobody has to, it costs no promise but its own. */
  function writing<Parameters extends unknown[], Result> (operation: Operation<Parameters, Result>): Operation<Parameters, Result> {
    return async (...parameters) => {
      const number = lastNumber += 1
      const deadline = newDeadline()
      if (line.length > 0) await waitInLine(number, deadline)
      for (;;) {
        try {
          const result = await operation(...parameters)
          assertSame()
          tryAll()
          return result
        } catch (error) {
          if (!isLocked(error) || performance.now() > deadline) throw toldOf(error)
        }
        await waitInLine(number, deadline)
      }
    }
  }

  return {
    whenAvailable: async (operation) => await writing(operation)(),
    waitingForDatabase: <Methods extends object>(methods: Methods) => Object.fromEntries(
      Object.entries(methods).map(([name, method]: [string, Operation<unknown[], unknown>]) =>
        [name, READING.test(name) ? reading(method, assertSame) : writing(method)])) as Methods
  }
}

/** Makes of an operation that only reads one that waits for the lock, by itself. */
function reading<Parameters extends unknown[], Result> (operation: Operation<Parameters, Result>, assertSame: () => void): Operation<Parameters, Result> {
  return async (...parameters) => {
    const deadline = newDeadline()
    for (;;) {
      try {
        const result = await operation(...parameters)
        assertSame()
        return result
      } catch (error) {
        if (!isLocked(error) || performance.now() > deadline) throw toldOf(error)
      }
      await wait(LOCK_RETRY_MS)
    }
  }
}

/** Not by the clock of the service: that one may jump. */
function newDeadline (): number {
  return performance.now() + LOCK_TIMEOUT_MS
}

/** Tells whether an error says that another process holds the lock. */
export function isLocked (error: unknown): boolean {
  return error instanceof Database.SqliteError && LOCK_CODE.test(error.code)
}

/** Gives what the caller is told of an error: its own, unless it lies outside the database and may pass. */
function toldOf (error: unknown): unknown {
  if (!(error instanceof Database.SqliteError) || !PASSING_CODE.test(error.code)) return error
  return new StoreUnavailableError(`${error.message} (${error.code})`, { cause: error })
}
