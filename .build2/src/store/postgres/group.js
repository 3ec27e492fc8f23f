import { StoreUnavailableError } from '../port/unavailable.js';
/** How many requests one transaction takes at most, so that the first does not wait for a thousand others. */
const GROUP_SIZE_MAX = 128;
/**
 * Makes a group. While one transaction is under way, those who come wait for the next. When its work fails, each of its
 * requests gets a transaction of its own, so that one that fails does not stop the others.
 *
 * @param work carries requests out in one transaction. @returns one result a request, in their order
 */
export function makeGroup(work) {
    const waiting = [];
    let working;
    async function carryOut(group) {
        try {
            const results = await work(group.map(({ request }) => request));
            group.forEach(({ fulfil }, index) => { fulfil(results[index]); });
        }
        catch (error) {
            if (group.length === 1 || error instanceof StoreUnavailableError) {
                for (const { reject } of group)
                    reject(error);
            }
            else {
                for (const alone of group)
                    await carryOut([alone]);
            }
        }
    }
    async function carryOutAll() {
        // The event loop reads first all that the network holds.
        await new Promise((resolve) => { setImmediate(resolve); });
        while (waiting.length > 0)
            await carryOut(waiting.splice(0, GROUP_SIZE_MAX));
        working = undefined;
    }
    return {
        run: async (request) => await new Promise((resolve, reject) => {
            waiting.push({ request, fulfil: resolve, reject });
            working ??= carryOutAll();
        }),
        settle: async () => { await working; }
    };
}
//# sourceMappingURL=group.js.map