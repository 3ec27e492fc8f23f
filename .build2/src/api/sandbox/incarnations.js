import { problemResponse } from '../../../schemas/problem.js';
import { sendProblem } from '../../http/problem.js';
/** Documents the answer of calls that read of deleted accounts, too. */
export const NEVER_AN_ACCOUNT = {
    404: problemResponse('There never was such an account.', {
        title: 'Not Found',
        status: 404,
        detail: 'There is no account 987654321, and there was none'
    })
};
/**
 * Answers that there is no such account and never was.
 *
 * @param incarnation as it was asked for, where it was
 */
export function sendNeverAnAccount(reply, accountId, incarnation) {
    const which = incarnation === undefined
        ? `account ${accountId}`
        : `incarnation ${incarnation} of account ${accountId}`;
    return sendProblem(reply, 404, `There is no ${which}, and there was none`);
}
//# sourceMappingURL=incarnations.js.map