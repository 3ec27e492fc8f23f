import { DryRunQuery } from '../../../schemas/dry-run.js';
import { BODY_PROBLEMS, COMMON_PROBLEMS, problemResponse } from '../../../schemas/problem.js';
import { PruneReport, PruneRequest } from '../../../schemas/sandbox/pruning.js';
import { parseTimestamp, TIMESTAMP_RULE } from '../../domain/timestamp.js';
import { sendProblem } from '../../http/problem.js';
import { readDryRun } from '../dry-run.js';
import { presentPruneReport } from './present.js';
/** The clocks of two machines differ. A time that lies further ahead is a mistake. */
const CLOCK_SKEW_MS = 5 * 60 * 1000;
const FUTURE = 'before lies in the future';
/** Removes old history, answers, reports and files. */
export const pruning = async (app, { store, clock }) => {
    app.post('/prune', {
        schema: {
            operationId: 'prune',
            tags: ['History'],
            summary: 'Remove old history',
            description: 'Removes history, stored answers, reported balances and balance files that are older than a time. ' +
                'Balances and snapshots stay as they are.',
            querystring: DryRunQuery,
            body: PruneRequest,
            response: {
                200: PruneReport,
                ...COMMON_PROBLEMS,
                ...BODY_PROBLEMS,
                422: problemResponse('The time cannot be taken. Nothing was removed.', {
                    title: 'Unprocessable Entity',
                    status: 422,
                    detail: `before ${TIMESTAMP_RULE}`
                })
            }
        }
    }, async (request, reply) => {
        const dryRun = readDryRun(request.query, reply);
        const beforeMs = parseTimestamp(request.body.before);
        if (beforeMs === undefined)
            return sendProblem(reply, 422, `before ${TIMESTAMP_RULE}`);
        if (beforeMs > clock().getTime() + CLOCK_SKEW_MS)
            return sendProblem(reply, 422, FUTURE);
        return presentPruneReport(beforeMs, await store.prune(beforeMs, dryRun));
    });
};
//# sourceMappingURL=pruning.js.map