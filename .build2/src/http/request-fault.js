import { maxHeaderSize } from 'node:http';
/**
 * What can be wrong with a request so that no route ever sees it. The dialect that owns the address says it in its own
 * shape; here are the HTTP status and the words for those that have none of their own.
 */
export const REQUEST_FAULTS = {
    'path-unknown': { status: 404, text: 'There is nothing with this method and path. See /docs' },
    'address-invalid': {
        status: 400,
        text: 'The address is not a valid one: a percent sign must be followed by two hexadecimal digits, and there is ' +
            'no fragment (#)'
    },
    'host-ambiguous': { status: 400, text: 'The request must have one header Host' },
    'host-unknown': {
        status: 421,
        text: 'The header Host must be localhost, a loopback address, or a name in the setting ALLOWED_HOSTS of the service'
    },
    'transfer-coding-unknown': { status: 501, text: 'The only Transfer-Encoding that is read is chunked' },
    malformed: { status: 400, text: 'The request is not valid HTTP/1.1' },
    'too-slow': { status: 408, text: 'The request did not arrive in time' },
    'header-too-large': {
        status: 431,
        text: `The address and the headers must not have more than ${maxHeaderSize} bytes together`
    }
};
//# sourceMappingURL=request-fault.js.map