import { AccountBalanceBatchList } from '../../../schemas/amlyze.js';
import { compileExact } from '../../exact-json/validator.js';
import { describeViolation } from '../../exact-json/violation.js';
import { rejectionOf } from './catalogue.js';
import { readBalance } from './read-balance.js';
const validateList = compileExact(AccountBalanceBatchList);
/**
 * Reads the items of a batch. One that breaks the contract is rejected by itself. Only a wrong list rejects them all.
 */
export function readBatch(body) {
    if (validateList(body)) {
        const { accountBalances } = body;
        return accountBalances.map((sent) => ({ sent, reading: readBalance(sent) }));
    }
    const violation = validateList.errors?.[0];
    const isWhole = violation.instancePath === '' && violation.keyword === 'type';
    return isWhole ? rejectionOf('body-invalid') : rejectionOf('batch-invalid', describeViolation(violation, 'the body'));
}
/**
 * Writes one result an item, in their order. An item that breaks the contract never reached the store, and took no time
 * worth a millisecond.
 */
export function writeResults(items, { faults, elapsedMs }) {
    let taken = 0;
    return items.map(({ sent, reading }) => {
        if ('rejection' in reading)
            return writeResult(sent, reading.rejection, 0);
        const fault = faults[taken];
        taken += 1;
        return writeResult(sent, fault && rejectionOf(fault), elapsedMs);
    });
}
function writeResult(sent, rejection, timeElapsedMs) {
    const resultType = rejection === undefined ? 'REQUEST_ACCEPTED' : 'REQUEST_REJECTED';
    return { resultType, ...namesOf(sent), ...rejection, timeElapsedMs };
}
/** The texts that name an item, as far as they were sent. */
function namesOf(sent) {
    const { communicationNumber, accountExtId, businessUnit } = Object(sent);
    const names = Object.entries({ communicationNumber, accountExtId, businessUnit });
    return Object.fromEntries(names.filter(([, value]) => typeof value === 'string'));
}
//# sourceMappingURL=batch.js.map