import { STATUS_CODES } from 'node:http';
import { InputError } from '../domain/faults.js';
import { JsonError } from '../exact-json/parse.js';
import { describeViolation } from '../exact-json/violation.js';
import { REQUEST_FAULTS } from './request-fault.js';
import { isUnavailable } from './unavailable.js';
const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';
/**
 * Writes problem details (RFC 9457).
 *
 * @param detail the fault of this very request
 * @param errors every fault with its place, where there may be several
 */
function writeProblem(status, detail, errors) {
    const problem = {
        type: 'about:blank',
        title: STATUS_CODES[status],
        status,
        detail,
        errors
    };
    return JSON.stringify(problem);
}
/** Answers with problem details. */
export function sendProblem(reply, status, ...details) {
    return reply.code(status).type(PROBLEM_TYPE).send(writeProblem(status, ...details));
}
/** Answers with problem details that name every fault. */
export function sendFaults(reply, status, faults) {
    return sendProblem(reply, status, faults[0], faults);
}
/** Answers a request that no route has seen. */
export const answerProblemFault = (fault) => {
    const { status, text } = REQUEST_FAULTS[fault];
    return { status, contentType: PROBLEM_TYPE, body: writeProblem(status, text) };
};
/** Answers whatever was thrown. The cause of an unforeseen error is in the log and never in the answer. */
export function handleError(error, request, reply) {
    if (error instanceof JsonError)
        return sendProblem(reply, 400, `the body ${error.message}`);
    if (error instanceof InputError)
        return sendFaults(reply, 422, error.faults);
    const violation = error.validation?.[0];
    if (violation !== undefined) {
        return sendProblem(reply, 400, describeViolation(violation, `the ${error.validationContext}`));
    }
    if (error.statusCode === 413) {
        return sendProblem(reply, 413, `The body must not have more than ${request.routeOptions.bodyLimit} bytes`);
    }
    if (error.statusCode !== undefined && error.statusCode < 500) {
        return sendProblem(reply, error.statusCode, error.message);
    }
    if (isUnavailable(error, reply)) {
        return sendProblem(reply, 503, 'The database is not available for now. Send the request again');
    }
    request.log.error({ err: error }, 'the request failed for an unforeseen reason');
    return sendProblem(reply, 500);
}
//# sourceMappingURL=problem.js.map