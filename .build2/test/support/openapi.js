/** Reads the service's own OpenAPI document as it is sent. */
export async function readDocument(app) {
    return (await app.inject('/openapi.json')).json();
}
/** Reads the document with every reference in its paths replaced by what it refers to. */
export async function readResolved(app) {
    const document = await readDocument(app);
    return { ...document, paths: resolve(document.paths, document) };
}
function resolve(node, document) {
    if (Array.isArray(node))
        return node.map((member) => resolve(member, document));
    if (typeof node !== 'object' || node === null)
        return node;
    if ('$ref' in node) {
        const [, , kind = '', name = ''] = String(node.$ref).split('/');
        return resolve(document.components[kind]?.[name], document);
    }
    return Object.fromEntries(Object.entries(node).map(([name, member]) => [name, resolve(member, document)]));
}
/** Every call of a document, with its method and path. */
export function operationsOf({ paths }) {
    return Object.entries(paths).flatMap(([path, operations]) => Object.entries(operations).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })));
}
/** Every example of a media type, wherever OpenAPI lets it stand. */
export function examplesOf({ schema, example, examples = {} }) {
    return [
        ...schema.examples ?? [],
        ...example === undefined ? [] : [example],
        ...Object.values(examples).map(({ value }) => value)
    ];
}
//# sourceMappingURL=openapi.js.map