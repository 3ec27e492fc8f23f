import { randomUUID } from 'node:crypto';
import { BODY_PROBLEMS, COMMON_PROBLEMS, problemResponse } from '../../../schemas/problem.js';
import { JournalledRequest, JournalQuery, RequestPage, RequestParameters, ResendQuery, ResentRequest } from '../../../schemas/sandbox/requests.js';
import { textOf } from '../../http/journal-entry.js';
import { sendProblem } from '../../http/problem.js';
import { REQUEST_ID_HEADER } from '../../http/request-id.js';
import { readDryRun } from '../dry-run.js';
import { paymentologyJournal, renewIdentifier } from '../paymentology/journal.js';
import { CURSOR_FAULT, readPage, readSoughtNumber, writeCursor } from './parameters.js';
import { presentRequest, presentRequestSummary, presentSentRequest } from './present-request.js';
const REQUEST_UNKNOWN = {
    404: problemResponse('The journal has no such request.', {
        title: 'Not Found',
        status: 404,
        detail: 'The journal has no request 42. It keeps the newest; see JOURNAL_REQUESTS and JOURNAL_BYTES'
    })
};
const LIST_REQUESTS = {
    operationId: 'listRequests',
    tags: ['Journal'],
    summary: 'List requests',
    description: 'What arrived at the dialects, newest first, refused requests too. The journal keeps the newest ' +
        '(`JOURNAL_REQUESTS`, `JOURNAL_BYTES`). A killed process may lack its last second.',
    querystring: JournalQuery,
    response: { 200: RequestPage, ...COMMON_PROBLEMS }
};
const READ_REQUEST = {
    operationId: 'readRequest',
    tags: ['Journal'],
    summary: 'Read a request',
    description: 'One request with its body as it came and its answer as it went out. Headers and keys are never kept.',
    params: RequestParameters,
    response: { 200: JournalledRequest, ...COMMON_PROBLEMS, ...REQUEST_UNKNOWN }
};
const RESEND_REQUEST = {
    operationId: 'resendRequest',
    tags: ['Journal'],
    summary: 'Send a request again',
    description: 'Sends the same body to the same call, for the same client and with the same preferences, and answers ' +
        'with the new request, whatever its status. No key is needed.',
    params: RequestParameters,
    querystring: ResendQuery,
    response: {
        200: ResentRequest,
        ...COMMON_PROBLEMS,
        ...BODY_PROBLEMS,
        ...REQUEST_UNKNOWN,
        409: problemResponse('The request cannot be sent again.', {
            title: 'Conflict',
            status: 409,
            detail: 'The request cannot be sent again: its body was not kept'
        })
    }
};
/** What arrived at the dialects: listed, read, and sent again. */
export const requests = async (app, { store, resends }) => {
    app.get('/requests', { schema: LIST_REQUESTS }, async (request, reply) => {
        const { client_id: clientId, status, failed_items: failed, account_id: accountId } = request.query;
        const page = readPage(request.query);
        if (page === undefined)
            return sendProblem(reply, 400, CURSOR_FAULT);
        await app.flushJournal();
        const { items, next } = await store.listRequests({
            clientId: clientId === undefined ? undefined : Number(clientId),
            statuses: status === undefined ? undefined : statusesOf(status),
            withFailedItems: failed === undefined ? undefined : failed === 'true',
            identifier: request.query.identifier,
            xRequestId: request.query.x_request_id,
            accountId: accountId === undefined ? undefined : readSoughtNumber(accountId)
        }, page);
        return { requests: items.map(presentRequestSummary), next_cursor: writeCursor(next) };
    });
    app.get('/requests/:request_id', { schema: READ_REQUEST }, async (request, reply) => {
        const { request_id: requestId } = request.params;
        const found = await readRequest(requestId);
        return found === undefined ? sendProblem(reply, 404, describeUnknown(requestId)) : presentRequest(found);
    });
    app.post('/requests/:request_id/resend', { schema: RESEND_REQUEST }, async (request, reply) => {
        const { request_id: requestId } = request.params;
        const found = await readRequest(requestId);
        if (found === undefined)
            return sendProblem(reply, 404, describeUnknown(requestId));
        const prepared = prepare(found, request.query.identifier !== 'same');
        if ('fault' in prepared)
            return sendProblem(reply, 409, `The request cannot be sent again: ${prepared.fault}`);
        const dryRun = readDryRun(request.query, reply) || found.dryRun === true;
        return presentSentRequest(await send(found, prepared, dryRun));
    });
    async function readRequest(requestId) {
        await app.flushJournal();
        return await store.readRequest(readSoughtNumber(requestId));
    }
    /** Sends a request through the service as its client would. @returns how it was journalled */
    async function send({ requestId, method, route, preferences }, { clientId, body }, dryRun) {
        const xRequestId = randomUUID();
        const resend = { clientId, requestId, entry: undefined };
        resends.set(xRequestId, resend);
        try {
            await app.inject({
                method: method,
                url: `${route}${dryRun ? '?dry_run=true' : ''}`,
                headers: {
                    'content-type': 'application/json', [REQUEST_ID_HEADER]: xRequestId, ...preferences && { prefer: preferences }
                },
                payload: body
            });
            await app.flushJournal();
        }
        finally {
            resends.delete(xRequestId);
        }
        const { items: [listed] } = await store.listRequests({ xRequestId }, { from: undefined, limit: 1 });
        const sent = listed && await store.readRequest(listed.requestId);
        return sent ?? { ...resend.entry, requestId: undefined };
    }
};
/** Finds what a request needs to be sent again, or why that cannot be. */
function prepare({ clientId, route, redacted, dryRun, body, dialect }, withNewIdentifier) {
    if (redacted)
        return { fault: 'numbers of accounts and tokens are masked in it (JOURNAL_REDACT)' };
    if (route === 'unknown')
        return { fault: 'it reached no call' };
    if (dryRun === undefined)
        return { fault: 'its query was refused, and may have been meant as a dry run' };
    if (clientId === undefined)
        return { fault: 'its key was unknown, and so is its client' };
    if (body === undefined)
        return { fault: 'its body was not read, or was too large to keep' };
    if (dialect !== paymentologyJournal.name || !withNewIdentifier)
        return { clientId, body: Buffer.from(body) };
    const renewed = renewIdentifier(textOf(body) ?? '', randomUUID());
    if (renewed === undefined) {
        return { fault: 'its body has no identifier to put a new one in its place. Send it with identifier=same' };
    }
    return { clientId, body: Buffer.from(renewed) };
}
function describeUnknown(requestId) {
    return `The journal has no request ${requestId}. It keeps the newest; see JOURNAL_REQUESTS and JOURNAL_BYTES`;
}
/** Reads a status such as 409, or a class of them such as 4xx. */
function statusesOf(status) {
    return [Number(status.replace('xx', '00')), Number(status.replace('xx', '99'))];
}
//# sourceMappingURL=requests.js.map