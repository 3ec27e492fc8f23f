import { setImmediate as nextTurn } from 'node:timers/promises';
/**
 * How many turns of the event loop others get. A request needs about five: its connection is accepted, it is read, its
 * key is looked up, it gathers with others, it is written. A turn with nothing to do costs a few microseconds.
 */
const TURNS = 8;
/** Lets the requests that have come in be answered before a long work goes on. */
export async function serveOthers() {
    for (let turn = 0; turn < TURNS; turn += 1)
        await nextTurn();
}
//# sourceMappingURL=turns.js.map