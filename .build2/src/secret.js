import { randomBytes } from 'node:crypto';
/** Makes a secret of 192 random bits, 32 characters of base64url: as long as an `X-API-KEY` may be. */
export function makeSecret() {
    return randomBytes(24).toString('base64url');
}
//# sourceMappingURL=secret.js.map