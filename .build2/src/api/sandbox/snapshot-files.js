import { BODY_PROBLEMS, COMMON_PROBLEMS, faultsResponse } from '../../../schemas/problem.js';
import { DOWNLOADED_SNAPSHOT, Snapshot, SNAPSHOT_FILE_VERSION, SnapshotFile, SnapshotParameters } from '../../../schemas/sandbox/snapshots.js';
import { SCENARIO_SNAPSHOT, SnapshotReader } from '../../domain/snapshot.js';
import { isExactNumber, numberText } from '../../exact-json/parse.js';
import { longBodyValidator, makeLongBodyReader, takeLongBodies } from '../long-body.js';
import { writeLongDocument } from '../long-document.js';
import { sendSpooled } from '../spool.js';
import { presentSide, presentSnapshot, refuseReserved, refuseTaken, sendUnknownSnapshot, SNAPSHOT_PROBLEMS } from './snapshot-answers.js';
const OPERATION = { tags: ['Snapshots'] };
/** Snapshots as files, to be kept elsewhere or taken to another sandbox. */
export const snapshotFiles = async (app, { store }) => {
    takeLongBodies(app);
    app.get('/snapshots/:name/file', {
        schema: {
            ...OPERATION,
            operationId: 'downloadSnapshot',
            summary: 'Download a snapshot',
            description: 'The snapshot as a JSON file of any size.',
            params: SnapshotParameters,
            response: { 200: DOWNLOADED_SNAPSHOT, ...COMMON_PROBLEMS, 404: SNAPSHOT_PROBLEMS.unknown }
        }
    }, async ({ params: { name } }, reply) => {
        const slices = store.readSnapshot(name)[Symbol.asyncIterator]();
        const first = await slices.next();
        if (first.done === true)
            return sendUnknownSnapshot(reply, name);
        reply.header('content-disposition', `attachment; filename="${name}.json"`);
        return await sendSpooled(reply, writeFile(first.value, { [Symbol.asyncIterator]: () => slices }));
    });
    app.put('/snapshots/:name/file', {
        bodyLimit: Number.MAX_SAFE_INTEGER,
        validatorCompiler: longBodyValidator,
        schema: {
            ...OPERATION,
            operationId: 'uploadSnapshot',
            summary: 'Upload a snapshot',
            description: 'Makes a snapshot of a file that was downloaded here or elsewhere, under the name in the address. ' +
                'The file may have any size: it is read while it comes in, and the snapshot is there when all of it was ' +
                'right. Accounts that are not here are no fault: a restore names them. A file does not know which account ' +
                'under a number it was: where the client and the currency are the same, it is taken for the same account.',
            params: SnapshotParameters,
            body: SnapshotFile,
            response: {
                201: Snapshot,
                ...COMMON_PROBLEMS,
                409: SNAPSHOT_PROBLEMS.taken,
                ...BODY_PROBLEMS,
                422: faultsResponse('The accounts in the file are not right. Nothing was kept.', 422, 'accounts[0].actual_balance has more decimals than KES has (2)')
            }
        }
    }, async (request, reply) => {
        const { name } = request.params;
        if (name === SCENARIO_SNAPSHOT)
            return refuseReserved(reply);
        const staging = await store.stageSnapshot(name);
        if (staging === undefined)
            return refuseTaken(reply, name);
        let snapshot;
        try {
            snapshot = await upload(request, staging);
            return snapshot === undefined ? refuseTaken(reply, name) : reply.code(201).send(presentSnapshot(snapshot));
        }
        finally {
            if (snapshot === undefined)
                await staging.discard();
        }
    });
};
const readParts = makeLongBodyReader(SnapshotFile, ['accounts'], refuseOtherVersion);
/**
 * Takes in a file part by part.
 *
 * @returns undefined when the name was taken meanwhile
 * @throws InputError with the places that are wrong
 */
async function upload(request, staging) {
    const reader = new SnapshotReader();
    let file;
    for await (const part of readParts(request)) {
        if (part.kind === 'rest') {
            file = part.value;
            continue;
        }
        const placed = reader.read(part.items);
        const repeated = await staging.add(placed.map(({ account }) => account));
        for (const place of repeated)
            reader.refuseRepeated(placed[place]);
    }
    return await staging.finish(reader.finish(file));
}
/** Thrown for a file of another version: it is to be told so, and not that a field of it is unknown. */
class VersionError extends Error {
    name = 'VersionError';
    statusCode = 400;
}
function refuseOtherVersion(file) {
    const version = file?.version;
    if (!isExactNumber(version) || version === SNAPSHOT_FILE_VERSION)
        return;
    throw new VersionError(`version is ${numberText(version)}, and this stip-sandbox reads version ` +
        `${SNAPSHOT_FILE_VERSION}`);
}
function writeFile(first, others) {
    const { name, saved_at: savedAt, covers } = presentSnapshot(first.snapshot);
    async function* parts() {
        yield { accounts: first.accounts.map(presentAccount) };
        for await (const { accounts } of others)
            yield { accounts: accounts.map(presentAccount) };
    }
    return writeLongDocument({ version: SNAPSHOT_FILE_VERSION, name, saved_at: savedAt, covers }, ['accounts'], parts());
}
function presentAccount(account) {
    return { account_id: account.accountId.toString(), ...presentSide(account) };
}
//# sourceMappingURL=snapshot-files.js.map