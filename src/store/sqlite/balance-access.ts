import type { StoreObserver } from '../observer.js'
import { prepareAccountCache, type AccountCache } from './account-cache.js'
import { isLocked } from './availability.js'
import { makeCommitGroup } from './commit-group.js'
import type { SqliteDatabase } from './database.js'

/**
 * The ways in which work meets the balances of accounts. Work reads and writes without waiting for anything, and what it
 * returns is given once it is durable. Nothing else may read or write accounts.
 */
export interface BalanceAccess {
  /** What updates find accounts in, and note their changes in. */
  readonly accounts: AccountCache
  /** Carries out an update of balances, which reaches accounts through the cache only. It must not fail in the ordinary course. */
  update<Result> (work: () => Result): Promise<Result>
  /** Carries out work that changes accounts, or what hangs on them, past the cache, behind all updates that wait. */
  change<Result> (work: () => Result | Promise<Result>): Promise<Result>
  /** Carries out work that only reads, as of one moment. It needs the lock only while rows of accounts are behind. */
  read<Result> (work: () => Result | Promise<Result>): Promise<Result>
  /** The same for work that reads ahead of the rows: it leaves them behind, and needs no lock while no other process writes. */
  readAhead<Result> (work: () => Result | Promise<Result>): Promise<Result>
  /** Carries out what still waits, and makes the accounts' rows true where it can. */
  catchUp (): void
  /** Does so for the last time. */
  close (): void
}

/** With so many updates in one commit, the accounts' rows follow behind. Smaller ones write theirs, and some of those that are behind. */
const FOLLOWING_GROUP_MIN = 4

/** How long after the last update the accounts' rows are written that are still behind, for whoever reads the file past the service. */
const IDLE_MS = 100

/** Thrown when SQLite has undone a whole transaction because of a statement in it, whose own error went to a promise. */
class Undone extends Error {}

/**
 * Makes the access to balances.
 *
 * @param observer told of each commit of updates
 */
export function makeBalanceAccess (database: SqliteDatabase, observer: StoreObserver): BalanceAccess {
  const accounts = prepareAccountCache(database)
  const group = makeCommitGroup(database, {
    begin: (groupSize) => { accounts.begin(groupSize >= FOLLOWING_GROUP_MIN) },
    end: accounts.end,
    rolledBack: undone
  }, observer)

  /** A lock is refused before anything is begun, and leaves the memory as true as it was. */
  function undone (error: unknown): void {
    if (!isLocked(error)) accounts.distrust()
  }

  const readWhen = database.transaction((isReadable: () => boolean, work: () => unknown) => isReadable() ? { result: work() } : undefined)

  const writeSome = database.transaction(() => {
    accounts.begin(false)
    accounts.writeSome()
    return accounts.isBehind()
  }).immediate

  const writeTrue = database.transaction((work: () => void) => {
    accounts.begin(false)
    accounts.writeBack()
    work()
    if (!database.inTransaction) throw new Undone()
  }).immediate

  /** Carries out work in one transaction with the writing of all rows that are behind. */
  function carryOutTrue<Result> (work: () => Result): Result {
    group.flush()
    let outcome: { readonly result: Result } | undefined
    try {
      writeTrue(() => { outcome = { result: work() } })
    } catch (error) {
      undone(error)
      if (!(error instanceof Undone)) throw error
    }
    return (outcome as { readonly result: Result }).result
  }

  async function readOrCatchUp<Result> (isReadable: () => boolean, work: () => Result | Promise<Result>): Promise<Result> {
    const found = readWhen(isReadable, work) as { readonly result: Result | Promise<Result> } | undefined
    return await (found === undefined ? carryOutTrue(work) : found.result)
  }

  const isRowsTrue = (): boolean => !accounts.isBehind()

  function catchUp (): void {
    try {
      group.flush()
      if (accounts.isBehind()) carryOutTrue(() => {})
    } catch {
      // Whoever comes next makes up for it, and is told why it cannot be done.
    }
  }

  /**
   * Writes rows that are behind, a few at a time, so that an update that comes meanwhile waits for a few only. It ends this,
   * or there would be no end to it while updates come. What cannot be written now is later.
   */
  function catchUpSlowly (): void {
    try {
      if (accounts.isBehind() && writeSome()) nextSlice = setImmediate(catchUpSlowly)
    } catch (error) {
      undone(error)
      idle.refresh()
    }
  }

  let nextSlice: NodeJS.Immediate | undefined
  const idle = setTimeout(catchUpSlowly, IDLE_MS).unref()

  return {
    accounts,
    update: async (work) => {
      clearImmediate(nextSlice)
      try {
        return await group.run(work)
      } finally {
        idle.refresh()
      }
    },
    change: async (work) => await carryOutTrue(() => {
      try {
        return work()
      } finally {
        accounts.forget()
      }
    }),
    read: async (work) => await readOrCatchUp(isRowsTrue, work),
    readAhead: async (work) => await readOrCatchUp(() => isRowsTrue() || accounts.isTrue(), work),
    catchUp,
    close: () => {
      clearTimeout(idle)
      clearImmediate(nextSlice)
      catchUp()
    }
  }
}
