import { DryRunQuery } from '../../../schemas/dry-run.js';
import { BODY_PROBLEMS, COMMON_PROBLEMS, faultsResponse, problemResponse } from '../../../schemas/problem.js';
import { Account, AccountPage, AccountParameters, AccountQuery, accountsCreated, DELETED_ACCOUNT, NewAccounts } from '../../../schemas/sandbox/accounts.js';
import { numericCodeOf } from '../../domain/currency.js';
import { Faults, firstOf } from '../../domain/faults.js';
import { readNewAccounts } from '../../domain/new-account.js';
import { sendFaults, sendProblem } from '../../http/problem.js';
import { readDryRun } from '../dry-run.js';
import { CURSOR_FAULT, readSoughtNumber, readPage, writeCursor } from './parameters.js';
import { presentAccount } from './present.js';
/** Room for 1000 accounts with references of the greatest length, each character as an escape, and 50 tokens each. */
const CREATE_BODY_LIMIT_BYTES = 2 * 1024 * 1024;
export const ACCOUNT_UNKNOWN = {
    404: problemResponse('There is no such account.', {
        title: 'Not Found',
        status: 404,
        detail: 'There is no account 987654321'
    })
};
const CREATE_ACCOUNTS = {
    operationId: 'createAccounts',
    tags: ['Accounts'],
    summary: 'Create accounts',
    description: 'Creates 1 to 1000 accounts in one transaction, or none of them. An existing account that is ' +
        'exactly as asked for stays as it is; one that differs refuses the request. So you can send the same request ' +
        'again.',
    querystring: DryRunQuery,
    body: NewAccounts,
    response: {
        200: accountsCreated('All of the accounts existed already.', 'unchanged'),
        201: accountsCreated('At least one account was created.', 'created'),
        ...COMMON_PROBLEMS,
        409: faultsResponse('It conflicts with the database. Nothing was written.', 409, 'accounts[0].account_id is that of an account with another currency'),
        ...BODY_PROBLEMS,
        422: faultsResponse('The accounts themselves are not right. Nothing was written.', 422, 'accounts[0].actual_balance has more decimals than KES has (2)')
    }
};
const LIST_ACCOUNTS = {
    operationId: 'listAccounts',
    tags: ['Accounts'],
    summary: 'List accounts',
    description: 'The accounts that match all of the filters, page by page.',
    querystring: AccountQuery,
    response: { 200: AccountPage, ...COMMON_PROBLEMS }
};
const READ_ACCOUNT = {
    operationId: 'readAccount',
    tags: ['Accounts'],
    summary: 'Read an account',
    description: 'One account with its tokens and balances, whichever client it belongs to.',
    params: AccountParameters,
    response: { 200: Account, ...COMMON_PROBLEMS, ...ACCOUNT_UNKNOWN }
};
const DELETE_ACCOUNT = {
    operationId: 'deleteAccount',
    tags: ['Accounts'],
    summary: 'Delete an account',
    description: 'Deletes an account with its tokens. Its history and what was reported about it stay readable ' +
        'under its number, also when an account is made there anew, which is another one with a history of its own.',
    params: AccountParameters,
    querystring: DryRunQuery,
    response: { 200: DELETED_ACCOUNT, ...COMMON_PROBLEMS, ...BODY_PROBLEMS, ...ACCOUNT_UNKNOWN }
};
/** Accounts as such: making, reading and deleting them. */
export const accounts = async (app, { store }) => {
    app.post('/accounts', {
        bodyLimit: CREATE_BODY_LIMIT_BYTES,
        schema: CREATE_ACCOUNTS
    }, async (request, reply) => {
        const dryRun = readDryRun(request.query, reply);
        const faults = new Faults();
        const wanted = readNewAccounts(request.body.accounts, faults);
        faults.refuse();
        const outcome = await store.createAccounts(wanted, dryRun);
        if (outcome.kind === 'refused')
            return sendFaults(reply, 409, firstOf(outcome.conflicts, describeConflict));
        const answer = presentCreations(outcome);
        return reply.code(answer.created === 0 ? 200 : 201).send(answer);
    });
    app.get('/accounts', { schema: LIST_ACCOUNTS }, async (request, reply) => {
        const { client_id: clientId, currency, external_reference: externalReference, token } = request.query;
        const page = readPage(request.query);
        if (page === undefined)
            return sendProblem(reply, 400, CURSOR_FAULT);
        const filter = {
            clientId: clientId === undefined ? undefined : Number(clientId),
            currency: currency && numericCodeOf(currency),
            externalReference,
            token: token === undefined ? undefined : readSoughtNumber(token)
        };
        const { items, next } = await store.listAccounts(filter, page);
        return { accounts: items.map(presentAccount), next_cursor: writeCursor(next) };
    });
    app.get('/accounts/:account_id', { schema: READ_ACCOUNT }, async (request, reply) => {
        const accountId = readSoughtNumber(request.params.account_id);
        const account = await store.readAccount(accountId);
        if (account === undefined)
            return sendProblem(reply, 404, `There is no account ${request.params.account_id}`);
        return presentAccount(account);
    });
    app.delete('/accounts/:account_id', { schema: DELETE_ACCOUNT }, async (request, reply) => {
        const accountId = readSoughtNumber(request.params.account_id);
        const dryRun = readDryRun(request.query, reply);
        const account = await store.deleteAccount(accountId, dryRun);
        if (account === undefined)
            return sendProblem(reply, 404, `There is no account ${request.params.account_id}`);
        return presentAccount(account);
    });
};
function presentCreations({ creations }) {
    const created = creations.filter(({ status }) => status === 'created').length;
    return {
        created,
        unchanged: creations.length - created,
        results: creations.map(({ status, account }) => ({ status, account: presentAccount(account) }))
    };
}
/** Puts a conflict into words, beginning with its place. */
function describeConflict(conflict) {
    const place = `accounts[${conflict.index}]`;
    switch (conflict.code) {
        case 'client-unknown':
            return `${place}.client_id is ${conflict.clientId}, and there is no such client`;
        case 'account-differs':
            return `${place}.account_id is that of an account with another ${conflict.fields.join(', ')}`;
        case 'external-reference-taken':
            return `${place}.external_reference is that of the client's account ${conflict.accountId}`;
        case 'token-taken':
            return `${place}.tokens[${conflict.tokenIndex}] is on account ${conflict.accountId}`;
    }
}
//# sourceMappingURL=accounts.js.map