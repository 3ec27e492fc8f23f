import { serveOthers } from '../../turns.js';
import { allOf, makeQueries } from './queries.js';
/**
 * Makes a driver.
 *
 * @param draw draws numbers. It does so in another transaction, while this one holds the rows that it has locked
 * @param begin the statement that begins the transaction; undefined for none. It goes out with the first step, when
 *   that only reads: else a step could run in no transaction after a begin that failed
 */
export function makeDriver(send, draw, begin) {
    const { query, answerEach, runEach } = makeQueries(send);
    let isBegun = false;
    async function answer(step) {
        switch (step.kind) {
            case 'all': return (await query(step)).rows;
            case 'run': return (await query(step)).rowCount;
            case 'lock': return await query(step).then(() => undefined);
            case 'each-first': {
                const found = await answerEach(step);
                return found.map(([row]) => row);
            }
            case 'each-all': return await answerEach(step);
            case 'each-run': return await runEach(step);
            case 'draw': return (await draw([step]))[0];
            case 'pause': return await serveOthers();
            case 'together': return await answerTogether(step.steps);
        }
    }
    /** Numbers are drawn in one transaction, so that those of several kinds are in the same order as each other. */
    async function answerTogether(steps) {
        const drawings = steps.filter((step) => step.kind === 'draw');
        const drawn = drawings.length === 0 ? [] : draw(drawings);
        return await allOf(steps.map(async (step) => step.kind === 'draw' ? (await drawn)[drawings.indexOf(step)] : await answer(step)));
    }
    /** Sends the begin, and with it the first step when that only reads. */
    async function answerFirst(step, begin) {
        const begun = send(begin);
        isBegun = true;
        if (!onlyReads(step))
            await begun;
        const [, result] = await allOf([begun, answer(step)]);
        return result;
    }
    return {
        perform: async (operation) => {
            let turn = operation.next();
            while (turn.done !== true) {
                const isFirst = !isBegun && begin !== undefined;
                turn = operation.next(isFirst ? await answerFirst(turn.value, begin) : await answer(turn.value));
            }
            return turn.value;
        },
        hasBegun: () => isBegun
    };
}
function onlyReads(step) {
    switch (step.kind) {
        case 'all':
        case 'lock': return /^\s*(?:SELECT|WITH)\b/.test(step.sql.strings[0]);
        case 'each-first':
        case 'each-all': return step.statement.strings[0].startsWith('SELECT');
        case 'together': return step.steps.every(onlyReads);
        default: return false;
    }
}
//# sourceMappingURL=driver.js.map