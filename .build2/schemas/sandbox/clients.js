import { Type } from '@sinclair/typebox';
import { Int32Text } from '../address.js';
import { Nullable } from '../nullable.js';
import { Int32 } from '../numbers.js';
import { NextCursor } from './pages.js';
export const ClientParameters = Type.Object({
    client_id: Int32Text({ description: 'The client\'s number.', examples: ['123'] })
});
export const NewClient = Type.Object({
    client_id: Int32({ minimum: 1, description: 'The `client_id` of the client\'s requests.' }),
    name: Type.String({ minLength: 1, maxLength: 100 })
}, { additionalProperties: false, title: 'NewClient', examples: [{ client_id: 789, name: 'Third Bank' }] });
const clientFields = {
    client_id: Type.Integer(),
    name: Type.String(),
    created_at: Type.String({ format: 'date-time' }),
    api_key_created_at: Nullable(Type.String({ format: 'date-time' }), 'When the client\'s API key was made. Null while it has none.'),
    amlyze_token_created_at: Nullable(Type.String({ format: 'date-time' }), 'When the client\'s AMLYZE token was made. Null while it has none.')
};
const EXAMPLE = {
    client_id: 789,
    name: 'Third Bank',
    created_at: '2026-01-31T08:15:30.123Z',
    api_key_created_at: '2026-01-31T08:15:30.123Z',
    amlyze_token_created_at: null
};
export const Client = Type.Object(clientFields, {
    title: 'Client',
    description: 'The client as it is now.',
    examples: [EXAMPLE]
});
export const ClientWithKey = Type.Object({
    ...clientFields,
    api_key: Type.String({
        maxLength: 32,
        description: 'The client\'s `X-API-KEY`. It is shown here and never again: only its hash is kept.'
    })
}, {
    title: 'ClientWithKey',
    description: 'The client with its new API key, which is shown only this once.',
    examples: [{ ...EXAMPLE, api_key: 'pD3kq0ZrW8vYx5sN2tHc7uLmA1bEf9gJ' }]
});
export const ClientWithAmlyzeToken = Type.Object({
    ...clientFields,
    amlyze_token: Type.String({
        description: 'The client\'s bearer token for AMLYZE\'s calls. It is shown here and never again: only its hash is ' +
            'kept.'
    })
}, {
    title: 'ClientWithAmlyzeToken',
    description: 'The client with its new AMLYZE token, which is shown only this once.',
    examples: [{
            ...EXAMPLE,
            amlyze_token_created_at: '2026-01-31T08:15:30.123Z',
            amlyze_token: 'Tz6yB4nQk1JwXc9eR5vM0hUa8sLpF2dG'
        }]
});
export const ClientPage = Type.Object({ clients: Type.Array(Client), next_cursor: NextCursor }, {
    title: 'ClientPage',
    description: 'The clients in the order of their numbers.',
    examples: [{ clients: [EXAMPLE], next_cursor: null }]
});
//# sourceMappingURL=clients.js.map