import { BODY_PROBLEMS, COMMON_PROBLEMS, problemResponse } from '../../../schemas/problem.js';
import { Client, ClientPage, ClientParameters, ClientWithAmlyzeToken, ClientWithKey, NewClient } from '../../../schemas/sandbox/clients.js';
import { PageQuery } from '../../../schemas/sandbox/pages.js';
import { hashApiKey } from '../../domain/api-key.js';
import { sendProblem } from '../../http/problem.js';
import { makeSecret } from '../../secret.js';
import { CURSOR_FAULT, readPage, writeCursor } from './parameters.js';
import { presentClient } from './present.js';
const CLIENT_UNKNOWN = {
    404: problemResponse('There is no such client.', {
        title: 'Not Found',
        status: 404,
        detail: 'There is no client 789'
    })
};
const CREATE_CLIENT = {
    operationId: 'createClient',
    tags: ['Clients'],
    summary: 'Create a client',
    description: 'Makes a client with an API key, which is shown in this answer only.',
    body: NewClient,
    response: {
        201: ClientWithKey,
        ...COMMON_PROBLEMS,
        409: problemResponse('There is a client with this number.', {
            title: 'Conflict',
            status: 409,
            detail: 'There is a client 123 already'
        }),
        ...BODY_PROBLEMS
    }
};
const LIST_CLIENTS = {
    operationId: 'listClients',
    tags: ['Clients'],
    summary: 'List clients',
    description: 'All clients, page by page. Keys are not shown.',
    querystring: PageQuery,
    response: { 200: ClientPage, ...COMMON_PROBLEMS }
};
/** Clients and their API keys. A key is shown once, when it is made. */
export const clients = async (app, { store }) => {
    app.post('/clients', { schema: CREATE_CLIENT }, async (request, reply) => {
        const { client_id: clientId, name } = request.body;
        const apiKey = makeSecret();
        const client = await store.createClient({ clientId, name, keyHash: hashApiKey(apiKey) });
        if (client === undefined)
            return sendProblem(reply, 409, `There is a client ${clientId} already`);
        return reply.code(201).send({ ...presentClient(client), api_key: apiKey });
    });
    app.get('/clients', { schema: LIST_CLIENTS }, async (request, reply) => {
        const page = readPage(request.query);
        if (page === undefined)
            return sendProblem(reply, 400, CURSOR_FAULT);
        const { items, next } = await store.listClients(page);
        return { clients: items.map(presentClient), next_cursor: writeCursor(next) };
    });
    for (const { kind, path, rotation, revocation, ClientWithSecret, showSecret } of KEYS) {
        app.post(`/clients/:client_id/${path}`, {
            schema: {
                ...rotation,
                tags: ['Clients'],
                params: ClientParameters,
                response: { 201: ClientWithSecret, ...COMMON_PROBLEMS, ...BODY_PROBLEMS, ...CLIENT_UNKNOWN }
            }
        }, async (request, reply) => {
            const secret = makeSecret();
            const client = await store.replaceKey(Number(request.params.client_id), kind, hashApiKey(secret));
            if (client === undefined)
                return sendProblem(reply, 404, `There is no client ${request.params.client_id}`);
            return reply.code(201).send({ ...presentClient(client), ...showSecret(secret) });
        });
        app.delete(`/clients/:client_id/${path}`, {
            schema: {
                ...revocation,
                tags: ['Clients'],
                params: ClientParameters,
                response: { 200: Client, ...COMMON_PROBLEMS, ...BODY_PROBLEMS, ...CLIENT_UNKNOWN }
            }
        }, async (request, reply) => {
            const client = await store.replaceKey(Number(request.params.client_id), kind, undefined);
            if (client === undefined)
                return sendProblem(reply, 404, `There is no client ${request.params.client_id}`);
            return presentClient(client);
        });
    }
};
/** The two kinds of keys that a client may have, and how their calls are shown. */
const KEYS = [
    {
        kind: 'paymentology',
        path: 'api-key',
        ClientWithSecret: ClientWithKey,
        showSecret: (secret) => ({ api_key: secret }),
        rotation: {
            operationId: 'rotateApiKey',
            summary: 'Rotate a client\'s API key',
            description: 'Makes a new API key, which is shown in this answer only. The client\'s key before it is unknown ' +
                'from now on.'
        },
        revocation: {
            operationId: 'revokeApiKey',
            summary: 'Revoke a client\'s API key',
            description: 'The key is unknown from now on. The client and its accounts stay; rotating gives it a new key.'
        }
    },
    {
        kind: 'amlyze',
        path: 'amlyze-token',
        ClientWithSecret: ClientWithAmlyzeToken,
        showSecret: (secret) => ({ amlyze_token: secret }),
        rotation: {
            operationId: 'rotateAmlyzeToken',
            summary: 'Make or rotate a client\'s AMLYZE token',
            description: 'Makes a new bearer token for AMLYZE\'s calls, which is shown in this answer only. One before it ' +
                'is unknown from now on.'
        },
        revocation: {
            operationId: 'revokeAmlyzeToken',
            summary: 'Revoke a client\'s AMLYZE token',
            description: 'The token is unknown from now on. What was reported with it stays.'
        }
    }
];
//# sourceMappingURL=clients.js.map