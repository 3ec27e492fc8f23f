import fastifyPlugin from 'fastify-plugin';
import { sendFault } from './unmatched.js';
/** What the header `Host` names this machine by, when the machine itself calls. */
const LOOPBACK_NAME = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;
/** The only transfer coding that we read (RFC 9112, section 7). */
const CHUNKED = /^chunked$/i;
/**
 * Refuses requests whose head Node's parser takes, and that we must not: what one reader takes for one thing, another
 * may take for something else. Register it before all routes.
 */
export const requestHead = fastifyPlugin(async (app, { answer, allowedHosts }) => {
    app.addHook('onRequest', (request, reply, done) => {
        const fault = findFault(request.raw, allowedHosts);
        if (fault === undefined)
            done();
        else
            sendFault(reply, answer, fault);
    });
}, { name: 'request-head' });
function findFault(request, allowedHosts) {
    const { url = '', headers, httpVersion } = request;
    const hosts = countHosts(request);
    // Only HTTP/1.0 has requests without it (RFC 9112, section 3.2).
    if (hosts > 1 || (hosts === 0 && httpVersion === '1.1'))
        return 'host-ambiguous';
    if (allowedHosts !== undefined && hosts === 1 && !isAllowed(String(headers.host), allowedHosts))
        return 'host-unknown';
    const coding = headers['transfer-encoding'];
    if (coding !== undefined && !CHUNKED.test(coding))
        return 'transfer-coding-unknown';
    // A fragment is never sent (RFC 9112, section 3.2). The router would take it for the query.
    return url.includes('#') ? 'address-invalid' : undefined;
}
/** Counts the headers `Host`, of which Node keeps the first. */
function countHosts({ rawHeaders }) {
    let count = 0;
    for (let at = 0; at < rawHeaders.length; at += 2) {
        const name = rawHeaders[at];
        if (name?.length === 4 && name.toLowerCase() === 'host')
            count += 1;
    }
    return count;
}
function isAllowed(host, allowedHosts) {
    const name = host.toLowerCase().replace(/:\d{0,5}$/, '');
    return LOOPBACK_NAME.test(name) || allowedHosts.has(name.replace(/^\[(.*)\]$/, '$1'));
}
//# sourceMappingURL=request-head.js.map