import { beginPruning, findCut, forgetFiles, pruneChanges, pruneOperations, pruneReports, readNewestOperation, removeFiles, removeRecords } from './operations/pruning.js';
import { serveOthers } from '../turns.js';
const NOTHING = {
    changes: 0, answers: 0, deletedAccounts: 0, balanceFiles: 0, balanceFileRecords: 0, reportedBalances: 0
};
/** Makes the prune's part of the store on an engine: it puts the slices together. */
export function makePruneMethods(engine) {
    async function cutBefore(beforeMs) {
        let found = await engine.read(findCut, beforeMs, 0n);
        while (!('cut' in found)) {
            await serveOthers();
            found = await engine.read(findCut, beforeMs, found.after);
        }
        return found.cut;
    }
    async function prune(beforeMs, dryRun) {
        const report = { ...NOTHING };
        const changeOrRehearse = dryRun ? engine.rehearse : engine.change;
        /** Works slice by slice, and adds up what they removed. */
        async function each(work) {
            let cursor;
            do {
                const { removed, next } = await work(cursor);
                for (const [name, count] of Object.entries(removed))
                    report[name] += count;
                cursor = next;
                await serveOthers();
            } while (cursor !== undefined);
        }
        const cut = await cutBefore(beforeMs);
        if (!dryRun)
            await engine.change(beginPruning, cut);
        await each(async (cursor) => await changeOrRehearse(pruneChanges, beforeMs, cut, cursor));
        await each(async (after) => await changeOrRehearse(pruneOperations, beforeMs, cut, after));
        await each(async (after) => await changeOrRehearse(pruneReports, beforeMs, after));
        await each(async () => await changeOrRehearse(forgetFiles, beforeMs));
        if (!dryRun) {
            await each(async (cursor) => await engine.change(removeRecords, cursor));
            await each(async () => await engine.change(removeFiles));
        }
        return report;
    }
    return { prune, readNewestOperation: async () => await engine.read(readNewestOperation) };
}
//# sourceMappingURL=prune-methods.js.map