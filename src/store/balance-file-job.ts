import { makeBalanceFileScratch } from './balance-file-scratch.js'
import type { Engine } from './engine.js'
import { LEASE_RENEWAL_MS, renewLease } from './operations/balance-file-leases.js'
import { carryOutRows, rehearseRows } from './operations/balance-file-rows.js'
import { breakFileOff, finishFile, startFile } from './operations/balance-files.js'
import { BalanceFileEndedError, type BalanceFileJob, type BalanceFileStart } from './port/balance-files.js'
import { observeLostHolds, type StoreObserver } from './port/observer.js'

/**
 * Starts a run of a balance file. While it lasts, its lease is renewed.
 *
 * @returns undefined when there is no such client
 */
export async function startBalanceFile (
  engine: Engine, observer: StoreObserver, start: BalanceFileStart
): Promise<BalanceFileJob | undefined> {
  const run = await engine.change(startFile, start)
  if (run === undefined) return undefined
  const { jobId, dryRun } = run
  const scratch = makeBalanceFileScratch()
  const applyRows = dryRun ? rehearseRows : carryOutRows
  // One renewal that fails matters as little as the database is reachable: the next one may pass.
  const renewal = setInterval(() => { engine.change(renewLease, jobId).catch(() => {}) }, LEASE_RENEWAL_MS).unref()

  function release (): void {
    clearInterval(renewal)
    scratch.close()
  }

  return {
    jobId,
    carryOut: async (rows) => {
      const outcomes = await engine.change(applyRows, run, rows, scratch)
      if (outcomes === undefined) throw new BalanceFileEndedError(jobId)
      scratch.add(outcomes)
      if (dryRun) return
      observer.itemsSettled('batch-file', outcomes.updated, outcomes.reasons)
      observeLostHolds(observer, 'batch-file', outcomes.lostHolds)
    },
    finish: async () => {
      release()
      const summary = await engine.change(finishFile, jobId)
      if (summary === undefined) throw new BalanceFileEndedError(jobId)
      return summary
    },
    breakOff: async (reason) => {
      release()
      await engine.change(breakFileOff, jobId, reason)
    }
  }
}
