import { COMMON_PROBLEMS, problemResponse } from '../../../schemas/problem.js';
import { AccountParameters } from '../../../schemas/sandbox/accounts.js';
import { AccountHistoryPage, AccountHistoryQuery, OperationHistory, OperationQuery } from '../../../schemas/sandbox/history.js';
import { sendProblem } from '../../http/problem.js';
import { NEVER_AN_ACCOUNT, sendNeverAnAccount } from './incarnations.js';
import { CURSOR_FAULT, readSoughtNumber, readPage, writeCursor } from './parameters.js';
import { presentChange, presentOperation } from './present.js';
/** What happened: to an account, and by a request. */
export const history = async (app, { store }) => {
    app.get('/accounts/:account_id/history', {
        schema: {
            operationId: 'readAccountHistory',
            tags: ['History'],
            summary: 'Read an account\'s history',
            description: 'Every change of the account\'s balances, newest first, down to those that it began with. The ' +
                'history of a deleted account stays readable, apart from that of an account that has its number later: ' +
                '`incarnation` tells them apart, and `deleted_at` says when each was deleted.',
            params: AccountParameters,
            querystring: AccountHistoryQuery,
            response: { 200: AccountHistoryPage, ...COMMON_PROBLEMS, ...NEVER_AN_ACCOUNT }
        }
    }, async (request, reply) => {
        const page = readPage(request.query);
        if (page === undefined)
            return sendProblem(reply, 400, CURSOR_FAULT);
        const accountId = readSoughtNumber(request.params.account_id);
        const { incarnation } = request.query;
        const wanted = incarnation === undefined ? undefined : Number(incarnation);
        const outcome = await store.readHistory(accountId, page, wanted);
        if (outcome === 'account-unknown')
            return sendNeverAnAccount(reply, request.params.account_id, incarnation);
        if (outcome === 'page-unknown')
            return sendProblem(reply, 400, CURSOR_FAULT);
        return {
            account_id: request.params.account_id,
            incarnation: outcome.incarnation,
            deleted_at: outcome.deletedAt?.toISOString() ?? null,
            changes: outcome.items.map(presentChange),
            next_cursor: writeCursor(outcome.next)
        };
    });
    app.get('/operations', {
        schema: {
            operationId: 'readOperation',
            tags: ['History'],
            summary: 'Read what a request did',
            description: 'Everything that one `api_call_unique_identifier` of a client did, and how it was answered.',
            querystring: OperationQuery,
            response: {
                200: OperationHistory,
                ...COMMON_PROBLEMS,
                404: problemResponse('The client has sent no such request.', {
                    title: 'Not Found',
                    status: 404,
                    detail: 'Client 123 has sent no request with the identifier "001" that was applied'
                })
            }
        }
    }, async (request, reply) => {
        const { client_id: clientId, identifier } = request.query;
        const found = await store.readOperation(Number(clientId), identifier);
        if (found === undefined) {
            return sendProblem(reply, 404, `Client ${clientId} has sent no request with the identifier ${JSON.stringify(identifier)} that was applied`);
        }
        return {
            operation: presentOperation(found.operation),
            changes: found.changes.map(presentChange),
            answer: found.answer
        };
    });
};
//# sourceMappingURL=history.js.map