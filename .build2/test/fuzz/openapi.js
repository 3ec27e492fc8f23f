import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { examplesOf, operationsOf, readResolved } from '../support/openapi.js';
const ajv = new Ajv2020({ strict: false });
addFormats.default(ajv);
/** Reads the service's own OpenAPI document. */
export async function readCalls(app) {
    return operationsOf(await readResolved(app)).map(({ method, path, operation }) => {
        const [contentType, content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
        return {
            operationId: operation.operationId,
            method: method,
            path,
            security: Object.keys(operation.security?.[0] ?? {})[0],
            parameters: (operation.parameters ?? []).filter(({ in: place }) => place !== 'header'),
            contentType,
            examples: content === undefined ? [] : examplesOf(content),
            answers: new Map(Object.entries(operation.responses).map(([status, answer]) => [Number(status), readAnswer(answer)]))
        };
    });
}
function readAnswer({ headers = {}, content = {} }) {
    const [contentType, described] = Object.entries(content)[0] ?? [];
    const names = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
    if (contentType === undefined || described === undefined) {
        return { contentType: '', headers: names, validate: undefined };
    }
    const validate = contentType.endsWith('json') ? ajv.compile(described.schema) : undefined;
    return { contentType, headers: names, validate };
}
//# sourceMappingURL=openapi.js.map