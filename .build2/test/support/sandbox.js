import { ADMIN_TOKEN } from './service.js';
/** Calls the sandbox's own API, with a body where one is given. Text goes out as it is, and anything else as JSON. */
export async function callSandbox(app, method, path, body, contentType = 'application/json') {
    return await app.inject({
        method,
        url: `/sandbox/v1${path}`,
        headers: { authorization: `Bearer ${ADMIN_TOKEN}`, ...body === undefined ? {} : { 'content-type': contentType } },
        ...body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }
    });
}
//# sourceMappingURL=sandbox.js.map