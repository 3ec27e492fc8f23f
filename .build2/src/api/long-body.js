import { Readable } from 'node:stream';
import { readDocumentParts } from '../exact-json/parts.js';
import { compileExact } from '../exact-json/validator.js';
import { describeViolation } from '../exact-json/violation.js';
import { requirePlainUtf8 } from '../http/content-encoding.js';
import { serveOthers } from '../turns.js';
/** Thrown for a body with more bytes than its route takes. */
class TooLongError extends Error {
    name = 'TooLongError';
    statusCode = 413;
}
/** Thrown for a body that its contract does not allow. */
class ContractError extends Error {
    name = 'ContractError';
    statusCode = 400;
}
/** Makes all JSON bodies of a plugin's routes streams, which the routes read by {@link makeLongBodyReader}. */
export function takeLongBodies(app) {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('application/json', (request, payload, done) => {
        requirePlainUtf8(request);
        done(null, payload);
    });
}
/** The body of a route is a stream, whose parts are checked as they come. Everything else is checked as everywhere. */
export function longBodyValidator({ schema, httpPart }) {
    return httpPart === 'body' ? () => true : compileExact(schema);
}
/**
 * Makes the reading of a document of any size part by part, each checked against the contract.
 *
 * @param schema of the whole document
 * @param longNames the long arrays among its members
 * @param inspect throws for a document that is to be refused before it is held against the contract; it is given the
 *   document as far as it has come, without the items of long arrays
 */
export function makeLongBodyReader(schema, longNames, inspect = () => { }) {
    const validateRest = compileExact(schema);
    const validators = new Map(longNames.map((name) => [name, compileExact(schema.properties[name])]));
    function check(part) {
        inspect(part.kind === 'rest' ? part.value : part.before);
        const validate = part.kind === 'rest' ? validateRest : validators.get(part.name);
        if (validate(part.kind === 'rest' ? part.value : part.items))
            return;
        const violation = validate.errors?.[0];
        throw new ContractError(describeViolation(part.kind === 'rest' ? violation : placed(violation, part), 'the body'));
    }
    return async function* (request) {
        for await (const part of readDocumentParts(bytesOf(request), longNames)) {
            check(part);
            yield part;
            // Others are served before the next part is read.
            await serveOthers();
        }
    };
}
/** Says where a violation stands in the whole document. */
function placed(violation, { name, from }) {
    const [, index, path] = /^\/(\d+)(.*)$/s.exec(violation.instancePath);
    return { ...violation, instancePath: `/${name}/${from + Number(index)}${path}` };
}
/**
 * @throws TooLongError when there are more bytes than the route's limit
 * @throws ContractError when the upload breaks off
 */
async function* bytesOf({ body, routeOptions: { bodyLimit } }) {
    if (!(body instanceof Readable))
        return;
    let bytes = 0;
    try {
        // A refusal in its midst must not destroy the connection before the client has read why.
        for await (const chunk of body.iterator({ destroyOnReturn: false })) {
            bytes += chunk.length;
            if (bytes > bodyLimit)
                throw new TooLongError();
            yield chunk;
        }
    }
    catch (error) {
        throw body.errored === null ? error : new ContractError('The upload broke off. Send the whole file again');
    }
}
//# sourceMappingURL=long-body.js.map