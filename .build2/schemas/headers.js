/** The headers that answers of many calls carry. Those of single calls stand beside their answers. */
export const COMMON_HEADERS = {
    'X-Request-Id': {
        type: 'string',
        description: 'Names the request in the log: the `X-Request-Id` of the request where that is safe, else a new one.',
        examples: ['5b0c1d3e-6a39-4b5e-9d0f-2f3f0c5b8a11']
    },
    'WWW-Authenticate': {
        type: 'string',
        enum: ['Bearer'],
        description: 'The kind of credential that the call asks for (RFC 9110).'
    },
    'RateLimit-Limit': {
        type: 'integer',
        description: 'How many requests the caller may send a minute. Missing where the service has no such limit.',
        examples: [120000]
    },
    'RateLimit-Remaining': {
        type: 'integer',
        description: 'How many requests of this minute are left. Missing where the service has no such limit.',
        examples: [119999]
    },
    'RateLimit-Reset': {
        type: 'integer',
        description: 'After how many seconds the next minute begins. Missing where the service has no such limit.',
        examples: [12]
    },
    'Retry-After': {
        type: 'integer',
        description: 'After how many seconds to send the request again (RFC 9110).',
        examples: [1]
    },
    'dry-run': {
        type: 'string',
        enum: ['true'],
        description: 'Only of an answer that speaks of a dry run. Nothing was written.'
    }
};
/** Where the answer of a balance file can be read again. */
export const LOCATION = {
    Location: {
        type: 'string',
        description: 'The address at which this answer can be read again (RFC 9110). Missing while there is no such file.',
        examples: ['/sandbox/v1/balance-files/456']
    }
};
/** The name that a browser saves a file under. */
export const CONTENT_DISPOSITION = {
    'Content-Disposition': {
        type: 'string',
        description: 'Gives the file its name (RFC 6266).',
        examples: ['attachment; filename="before-test.json"']
    }
};
//# sourceMappingURL=headers.js.map