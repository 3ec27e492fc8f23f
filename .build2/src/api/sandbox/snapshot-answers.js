import { problemResponse } from '../../../schemas/problem.js';
import { formatAmount } from '../../domain/money.js';
import { SCENARIO_SNAPSHOT } from '../../domain/snapshot.js';
import { sendProblem } from '../../http/problem.js';
const SCENARIO_RESERVED = `The snapshot ${SCENARIO_SNAPSHOT} is the scenario that the database was started from, and ` +
    'stays as it is';
/**
 * The documentation of the answers to a name that is none of a snapshot, and to one that cannot be given or taken away.
 */
export const SNAPSHOT_PROBLEMS = {
    unknown: problemResponse('There is no such snapshot.', {
        title: 'Not Found',
        status: 404,
        detail: 'There is no snapshot before-test'
    }),
    taken: problemResponse('There is a snapshot of this name, or the name is reserved.', {
        title: 'Conflict',
        status: 409,
        detail: 'There is a snapshot before-test already. Delete it first, or choose another name'
    }),
    reserved: problemResponse('The name is reserved.', { title: 'Conflict', status: 409, detail: SCENARIO_RESERVED })
};
/** Refuses a name that belongs to the scenario. */
export function refuseReserved(reply) {
    return sendProblem(reply, 409, SCENARIO_RESERVED);
}
/** Refuses a name that a snapshot has already: nothing that was saved is ever overwritten. */
export function refuseTaken(reply, name) {
    return sendProblem(reply, 409, `There is a snapshot ${name} already. Delete it first, or choose another name`);
}
/** Answers that there is no such snapshot. */
export function sendUnknownSnapshot(reply, name) {
    return sendProblem(reply, 404, `There is no snapshot ${name}`);
}
/** Shows a snapshot without its accounts. */
export function presentSnapshot({ name, savedAt, coversAll, accountCount }) {
    return { name, saved_at: savedAt.toISOString(), covers: coversAll ? 'all' : 'chosen', accounts: accountCount };
}
/** Shows how an account differs. */
export function presentDifference({ accountId, difference, saved, now }) {
    return {
        account_id: accountId.toString(),
        difference,
        saved: saved === undefined ? null : presentSide(saved),
        now: now === undefined ? null : presentSide(now)
    };
}
/** Shows the balances of an account, with what tells whether it is still the same one. */
export function presentSide({ clientId, currency, balances }) {
    return {
        client_id: clientId,
        currency: currency.numericCode,
        actual_balance: formatAmount(balances.actual, currency),
        blocked_balance: formatAmount(balances.blocked, currency)
    };
}
//# sourceMappingURL=snapshot-answers.js.map