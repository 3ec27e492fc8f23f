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
  /** Carries out work that changes accounts or what hangs on them. It is a transaction of its own, or several. */
  change<Result> (work: () => Result | Promise<Result>): Promise<Result>
  /** Carries out work that only reads, as of one moment. */
  read<Result> (work: () => Result | Promise<Result>): Promise<Result>
  /** Carries out what still waits, and leaves the accounts true. */
  close (): void
}

/** With so many updates in one commit, the accounts' rows follow behind. Below it each commit leaves them true. */
const FOLLOWING_GROUP_MIN = 4

/** How long after the last update the accounts' rows are written that are still behind, for whoever reads the file past the service. */
const IDLE_MS = 100

/**
 * Makes the access to balances.
 *
 * @param observer told of each commit
 */
export function makeBalanceAccess (database: SqliteDatabase, observer: StoreObserver): BalanceAccess {
  const accounts = prepareAccountCache(database)
  const group = makeCommitGroup(database, {
    begin: (groupSize) => { accounts.begin(groupSize >= FOLLOWING_GROUP_MIN) },
    end: accounts.end,
    rolledBack: accounts.distrust
  }, observer)
  const readTrue = database.transaction(<Result>(work: () => Result) => accounts.isBehind() ? undefined : { result: work() })

  function catchUpNow (): void {
    // Where it fails, whoever comes next makes up for it, and is told why it cannot be done.
    if (accounts.isBehind()) group.run(accounts.writeBack).catch(() => {})
  }

  const catchUp = setTimeout(catchUpNow, IDLE_MS).unref()

  return {
    accounts,
    update: async (work) => {
      catchUp.refresh()
      return await group.run(work)
    },
    change: async (work) => await group.run(() => accounts.bypass(work)),
    read: async <Result>(work: () => Result | Promise<Result>) => {
      const found = readTrue(work) as { result: Result | Promise<Result> } | undefined
      return await (found === undefined ? group.run(() => accounts.bypass(work)) : found.result)
    },
    close: () => {
      clearTimeout(catchUp)
      group.flush()
      if (database.open) catchUpNow()
      group.flush()
    }
  }
}
