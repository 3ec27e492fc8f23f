/** Gives the token of an `Authorization: Bearer` header (RFC 6750), or undefined when there is none. */
export function readBearerToken(request) {
    return /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
}
//# sourceMappingURL=bearer-token.js.map