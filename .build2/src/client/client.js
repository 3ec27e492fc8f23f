import createFetchClient, {} from 'openapi-fetch';
import { parseExactJson, WrittenNumber } from '../exact-json/parse.js';
import { writeExactBody } from './exact-body.js';
/**
 * Makes a client of the service. Numbers that a double could round are texts in both directions, and exact JSON numbers
 * on the wire.
 *
 * @param natures made from the same OpenAPI document as the types
 */
export function makeClient(options, natures) {
    const client = createFetchClient({ baseUrl: options.url, bodySerializer: writeBody });
    client.use(authorizing(options), writingExactly(natures), READING_EXACTLY);
    return client;
}
/** What is no JSON comes as a text. */
function writeBody(body) {
    return typeof body === 'string' ? body : JSON.stringify(body);
}
/** The credentials by the beginning of a path. */
function authorizing({ adminToken, apiKey, amlyzeToken }) {
    return {
        onRequest: ({ request, schemaPath }) => {
            const token = schemaPath.startsWith('/amlyze-ws-rest/') ? amlyzeToken : adminToken;
            const [name, value] = schemaPath.startsWith('/ppws/')
                ? ['x-api-key', apiKey]
                : ['authorization', token === undefined || schemaPath.startsWith('/health/') ? undefined : `Bearer ${token}`];
            if (value !== undefined && !request.headers.has(name))
                request.headers.set(name, value);
        }
    };
}
function writingExactly(natures) {
    return {
        onRequest: async ({ request, schemaPath }) => {
            const { numbers, contentType } = natures[`${request.method} ${schemaPath}`] ?? {};
            if (contentType !== undefined)
                request.headers.set('content-type', contentType);
            if (numbers === undefined)
                return undefined;
            return new Request(request, { body: writeExactBody(await request.json(), new Set(numbers)) });
        }
    };
}
const READING_EXACTLY = {
    onResponse: async ({ response, options: { parseAs } }) => {
        const type = String(response.headers.get('content-type'));
        if (parseAs !== 'json' || !/^application\/(?:[\w.-]+\+)?json\b/.test(type))
            return undefined;
        const content = parseExactJson(new Uint8Array(await response.arrayBuffer()));
        const headers = new Headers(response.headers);
        headers.delete('content-length');
        const { status, statusText } = response;
        return new Response(JSON.stringify(content, numbersAsTexts), { status, statusText, headers });
    }
};
function numbersAsTexts(_name, value) {
    return value instanceof WrittenNumber ? value.value : value;
}
//# sourceMappingURL=client.js.map