import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import fastifyPlugin from 'fastify-plugin';
import helmet, {} from 'helmet';
/**
 * Pages may load what this service has itself, call it, and do nothing else. The documentation's page needs two things
 * besides: icons at data addresses, and styles in its elements.
 */
const CONTENT_SECURITY_POLICY = {
    'default-src': ['\'none\''],
    'base-uri': ['\'none\''],
    'connect-src': ['\'self\''],
    'font-src': ['\'self\'', 'data:'],
    'form-action': ['\'none\''],
    'frame-ancestors': ['\'none\''],
    'img-src': ['\'self\'', 'data:'],
    'script-src': ['\'self\''],
    'style-src': ['\'self\'', '\'unsafe-inline\'']
};
/**
 * Tells browsers to be strict. Nothing lets pages of other origins read an answer (CORS): that is off, and stays off.
 *
 * @param isTls whether browsers reach the service by HTTPS; some headers mean nothing to them without it
 */
export const securityHeaders = fastifyPlugin(async (app, { isTls }) => {
    const headers = headersOf({
        contentSecurityPolicy: { useDefaults: false, directives: CONTENT_SECURITY_POLICY },
        // Other services may share the name of this host, or stand below it.
        strictTransportSecurity: { includeSubDomains: false },
        ...isTls ? {} : { strictTransportSecurity: false, crossOriginOpenerPolicy: false, originAgentCluster: false }
    });
    app.addHook('onRequest', (_request, reply, done) => {
        reply.headers(headers);
        done();
    });
}, { name: 'security-headers' });
/**
 * Helmet works out the same headers for every request, in a tenth of the time that the service has for one; so it is
 * asked once.
 */
function headersOf(options) {
    const request = new IncomingMessage(new Socket());
    const response = new ServerResponse(request);
    helmet(options)(request, response, () => { });
    return { ...response.getHeaders() };
}
//# sourceMappingURL=security-headers.js.map