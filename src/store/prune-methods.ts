import type { Engine } from './engine.js'
import {
  beginPruning, findCut, forgetFiles, pruneChanges, pruneOperations, prunePayments, pruneReports, readNewestOperation,
  removeFiles, removeRecords, type ChangeCursor, type PrunedSlice, type RecordCursor
} from './operations/pruning.js'
import type { PruneReport, PruneStore } from './port/pruning.js'
import { serveOthers } from '../turns.js'

const NOTHING: PruneReport = {
  changes: 0,
  answers: 0,
  deletedAccounts: 0,
  balanceFiles: 0,
  balanceFileRecords: 0,
  reportedBalances: 0,
  transactions: 0
}

/** Makes the prune's part of the store on an engine: it puts the slices together. */
export function makePruneMethods (engine: Engine): PruneStore {
  async function cutBefore (beforeMs: number): Promise<bigint> {
    let found = await engine.read(findCut, beforeMs, 0n)
    while (!('cut' in found)) {
      await serveOthers()
      found = await engine.read(findCut, beforeMs, found.after)
    }
    return found.cut
  }

  async function prune (beforeMs: number, dryRun: boolean): Promise<PruneReport> {
    const report = { ...NOTHING }
    const changeOrRehearse = dryRun ? engine.rehearse : engine.change

    /** Works slice by slice, and adds up what they removed. */
    async function each<Cursor> (
      work: (cursor: Cursor | undefined) => Promise<PrunedSlice<Cursor>>
    ): Promise<void> {
      let cursor: Cursor | undefined
      do {
        const { removed, next } = await work(cursor)
        for (const [name, count] of Object.entries(removed)) report[name as keyof PruneReport] += count
        cursor = next
        await serveOthers()
      } while (cursor !== undefined)
    }

    const cut = await cutBefore(beforeMs)
    if (!dryRun) await engine.change(beginPruning, cut)
    await each<ChangeCursor>(async (cursor) => await changeOrRehearse(pruneChanges, beforeMs, cut, cursor))
    await each<bigint>(async (after) => await changeOrRehearse(pruneOperations, beforeMs, cut, after))
    await each<bigint>(async (after) => await changeOrRehearse(pruneReports, beforeMs, after))
    await each<bigint>(async (after) => await changeOrRehearse(prunePayments, beforeMs, after))
    await each(async () => await changeOrRehearse(forgetFiles, beforeMs))
    if (!dryRun) {
      await each<RecordCursor>(async (cursor) => await engine.change(removeRecords, cursor))
      await each(async () => await engine.change(removeFiles))
    }
    return report
  }

  return { prune, readNewestOperation: async () => await engine.read(readNewestOperation) }
}
