import type { StoreObserver } from '../observer.js'
import { prepareAccountCache, type AccountCache } from './account-cache.js'
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
  /** Carries out what still waits, and leaves the accounts true where it can. */
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
    rolledBack: accounts.distrust
  }, observer)
  const readTrue = database.transaction((work: () => unknown) => accounts.isBehind() ? undefined : { result: work() })

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
      accounts.distrust()
      if (!(error instanceof Undone)) throw error
    }
    return (outcome as { readonly result: Result }).result
  }

  function catchUp (): void {
    try {
      group.flush()
      if (accounts.isBehind()) carryOutTrue(() => {})
    } catch {
      // Whoever comes next makes up for it, and is told why it cannot be done.
    }
  }

  const idle = setTimeout(catchUp, IDLE_MS).unref()

  return {
    accounts,
    update: async (work) => {
      const result = await group.run(work)
      idle.refresh()
      return result
    },
    change: async (work) => await carryOutTrue(() => {
      try {
        return work()
      } finally {
        accounts.forget()
      }
    }),
    read: async <Result>(work: () => Result | Promise<Result>) => {
      const found = readTrue(work) as { readonly result: Result | Promise<Result> } | undefined
      return await (found === undefined ? carryOutTrue(work) : found.result)
    },
    close: () => {
      clearTimeout(idle)
      catchUp()
    }
  }
}
