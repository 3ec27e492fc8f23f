import { pageOf } from './operations/page.js';
import { compareSnapshot, restoreSnapshot } from './operations/snapshot-comparison.js';
import { beginSnapshot, hideSnapshot, publishSnapshot, readToSave, removeSlice, stageAccounts } from './operations/snapshot-staging.js';
import { findSnapshot, listSnapshots, readSnapshot, saveChosen } from './operations/snapshots.js';
import { serveOthers } from '../turns.js';
/** Begins a snapshot that is written part by part. Each part is a transaction of its own. */
async function begin(engine, name) {
    const snapshotId = await engine.change(beginSnapshot, name);
    if (snapshotId === undefined)
        return undefined;
    let accountCount = 0;
    return {
        add: async (accounts) => {
            const repeated = await engine.change(stageAccounts, snapshotId, accounts);
            accountCount += accounts.length - repeated.length;
            return repeated;
        },
        finish: async (head) => await engine.change(publishSnapshot, { snapshotId, name, accountCount, ...head }),
        discard: async () => { await remove(engine, snapshotId); }
    };
}
async function remove(engine, snapshotId) {
    while (await engine.change(removeSlice, snapshotId))
        await serveOthers();
}
async function saveAll(engine, name) {
    const staging = await begin(engine, name);
    if (staging === undefined)
        return { kind: 'name-taken' };
    let snapshot;
    try {
        let savedAtMs = 0;
        for await (const slices of engine.readSlices(readToSave)) {
            for (const slice of slices) {
                await staging.add(slice.accounts);
                savedAtMs = slice.savedAtMs;
            }
        }
        snapshot = await staging.finish({ savedAt: new Date(savedAtMs), coversAll: true });
        return snapshot === undefined ? { kind: 'name-taken' } : { kind: 'saved', snapshot };
    }
    finally {
        if (snapshot === undefined)
            await staging.discard();
    }
}
/** Makes the snapshots' part of the store on an engine. Large work consists of many operations here. */
export function makeSnapshotMethods(engine) {
    async function stage(name) {
        const staging = await begin(engine, name);
        return staging && { ...staging, add: async (accounts) => await staging.add(accounts.map(stagedOf)) };
    }
    async function* read(name) {
        for await (const slices of engine.readSlices(readSnapshot, name))
            yield* slices;
    }
    /** Reads on until a page is full, or nothing is left. */
    async function listDifferences(name, { from = 1n, limit }) {
        let found;
        for await (const slices of engine.readSlices(compareSnapshot, name, from)) {
            for (const differences of slices)
                found = [...found ?? [], ...differences];
            if (found !== undefined && found.length > limit)
                break;
        }
        return found && pageOf(found, limit, ({ accountId }) => accountId, (difference) => difference);
    }
    return {
        saveSnapshot: async (name, accountIds) => accountIds === undefined ? await saveAll(engine, name) : await engine.change(saveChosen, name, accountIds),
        stageSnapshot: stage,
        findSnapshot: async (name) => await engine.read(findSnapshot, name),
        listSnapshots: async (page) => await engine.read(listSnapshots, page),
        readSnapshot: read,
        listDifferences,
        restoreSnapshot: async (name, dryRun, clientId) => dryRun
            ? await engine.rehearse(restoreSnapshot, name, clientId)
            : await engine.change(restoreSnapshot, name, clientId),
        deleteSnapshot: async (name) => {
            const snapshotId = await engine.change(hideSnapshot, name);
            if (snapshotId === undefined)
                return false;
            await remove(engine, snapshotId);
            return true;
        }
    };
}
/** A file does not know which account under a number it was. */
function stagedOf({ accountId, clientId, currency: { numericCode }, balances }) {
    return { accountId, incarnation: undefined, clientId, currency: numericCode, balances };
}
//# sourceMappingURL=snapshot-methods.js.map