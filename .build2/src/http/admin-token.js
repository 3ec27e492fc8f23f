import { timingSafeEqual } from 'node:crypto';
import { hashApiKey } from '../domain/api-key.js';
import { readBearerToken } from './bearer-token.js';
import { sendProblem } from './problem.js';
/**
 * Makes the hook that lets only bearers of the admin token in. Tokens are compared as hashes, in constant time.
 *
 * @param caller whose budget of requests is used
 */
export function requireAdminToken(adminToken, caller = 'admin') {
    const expected = hashApiKey(adminToken);
    return async (request, reply) => {
        const given = readBearerToken(request);
        if (given !== undefined && timingSafeEqual(hashApiKey(given), expected)) {
            request.caller = caller;
            return undefined;
        }
        reply.header('www-authenticate', 'Bearer');
        return sendProblem(reply, 401, 'Send the header "Authorization: Bearer", followed by the ADMIN_TOKEN that the service was started with');
    };
}
//# sourceMappingURL=admin-token.js.map