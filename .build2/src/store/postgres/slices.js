import { serveOthers } from '../../turns.js';
import { makeDriver } from './driver.js';
import { leavesHost, storeErrorOf } from './errors.js';
import { makeSend } from './send.js';
/** Reads slice by slice in one transaction. @throws StoreUnavailableError when the database cannot do it for now */
export async function* readSlices({ pool, draw, begin, context, operation, parameters }) {
    const connection = await pool.connect();
    let end = connection.discard; // Who reads may stop in the middle, and the transaction ends with it.
    try {
        const { perform } = makeDriver(makeSend(connection.client), draw, begin);
        let cursor;
        do {
            const { items, next } = await perform(operation.work(context, cursor, ...parameters));
            yield items;
            cursor = next;
            await serveOthers();
        } while (cursor !== undefined);
    }
    catch (error) {
        if (leavesHost(error))
            end = connection.leaveHost;
        throw storeErrorOf(error);
    }
    finally {
        end();
    }
}
//# sourceMappingURL=slices.js.map