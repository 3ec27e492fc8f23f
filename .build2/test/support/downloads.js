import { once } from 'node:events';
import { get, request } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ADMIN_TOKEN } from './service.js';
const AUTHORIZATION = { authorization: `Bearer ${ADMIN_TOKEN}` };
/** Asks a service for a file over the network, and does not read more than the headers of the answer. */
export async function startDownload(app, path) {
    await app.listen({ port: 0, host: '127.0.0.1' });
    const asked = get({ host: '127.0.0.1', port: portOf(app), path, headers: AUTHORIZATION });
    const [response] = await once(asked, 'response');
    return response;
}
/**
 * Begins an upload of so many bytes, which may be written slowly or never. What becomes of the connection is no matter.
 */
export async function startUpload(app, path, bytes) {
    await app.listen({ port: 0, host: '127.0.0.1' });
    const headers = { ...AUTHORIZATION, 'content-type': 'application/json', 'content-length': bytes };
    return request({ host: '127.0.0.1', port: portOf(app), method: 'PUT', path, headers }).on('error', () => { });
}
/** Waits for a condition. */
export async function until(holds) {
    while (!holds())
        await nextTurn();
}
function portOf(app) {
    return app.server.address().port;
}
//# sourceMappingURL=downloads.js.map