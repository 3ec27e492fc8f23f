import { hashApiKey } from '../domain/api-key.js';
/**
 * Makes the hooks that find the client whose key a request has. It is looked at before the body is read. A key may be
 * revoked while a body arrives, which may take minutes; so it is looked at again behind a body that did not come
 * together with its head.
 */
export function requireClientKey({ findClientByKey }, { kind, resends, read, refuse }) {
    const late = new WeakSet();
    async function authenticate(request, reply) {
        const key = read(request);
        const clientId = key === undefined
            ? resends.get(request.id)?.clientId
            : await findClientByKey(kind, hashApiKey(key));
        if (clientId === undefined)
            return refuse(reply);
        request.clientId = clientId;
        request.caller = `client ${clientId}`;
        return undefined;
    }
    return {
        before: async (request, reply) => {
            const refusal = await authenticate(request, reply);
            // Undefined where nothing came over a wire.
            if (request.raw.complete === false)
                late.add(request);
            return refusal;
        },
        after: async (request, reply) => late.has(request) ? await authenticate(request, reply) : undefined
    };
}
//# sourceMappingURL=client-key.js.map