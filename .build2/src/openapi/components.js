import { isDeepStrictEqual } from 'node:util';
import { mapOperations, mapValues } from './paths.js';
/** Members of a schema that hold values, which may look like schemas with a title. */
const VALUES = new Set(['example', 'examples', 'default', 'enum', 'const']);
/**
 * Puts a reference in the place of every schema that has a title, wherever it stands. Its examples are left out: those
 * of a whole body stand beside the reference.
 *
 * @returns the paths so changed, and the schemas by their titles
 * @throws Error where two different schemas have one title
 */
export function nameSchemas(paths) {
    const schemas = {};
    function visit(node) {
        if (Array.isArray(node))
            return node.map(visit);
        if (typeof node !== 'object' || node === null)
            return node;
        const { examples, ...schema } = mapValues(node, (member, name) => VALUES.has(name) ? member : visit(member));
        // Where a schema describes a field that is called title, that is a schema and no text.
        if (typeof schema['title'] !== 'string')
            return examples === undefined ? schema : { ...schema, examples };
        return nameSchema(schema['title'], schema);
    }
    function nameSchema(title, schema) {
        schemas[title] ??= schema;
        if (!isDeepStrictEqual(schemas[title], schema))
            throw new Error(`two different schemas have the title ${title}`);
        return { $ref: `#/components/schemas/${title}` };
    }
    return { paths: visit(paths), schemas };
}
/**
 * Puts a reference in the place of every answer that more than one call gives.
 *
 * @returns the paths so changed, and the answers by the name of their schema and their status
 */
export function nameResponses(paths) {
    const calls = new Map();
    mapResponses(paths, (response, status) => {
        const key = keyOf(response, status);
        calls.set(key, (calls.get(key) ?? 0) + 1);
        return response;
    });
    const names = new Map();
    const responses = {};
    const shared = mapResponses(paths, (response, status) => {
        const key = keyOf(response, status);
        if (calls.get(key) === 1)
            return response;
        const name = names.get(key) ?? freeName(`${schemaName(response)}${status}`, responses);
        names.set(key, name);
        responses[name] = response;
        return { $ref: `#/components/responses/${name}` };
    });
    return { paths: shared, responses };
}
function mapResponses(paths, change) {
    return mapOperations(paths, (operation) => ({ ...operation, responses: mapValues(operation.responses, change) }));
}
function keyOf(response, status) {
    return `${status} ${JSON.stringify(response)}`;
}
/** Gives the name of an answer's schema, which is the last step of the reference to it. */
function schemaName({ content = {} }) {
    const [{ schema } = { schema: {} }] = Object.values(content);
    return schema.$ref?.split('/').at(-1) ?? 'Answer';
}
/** Gives a name that nothing has yet, if need be with a number behind it. */
function freeName(wanted, taken) {
    let name = wanted;
    for (let number = 2; Object.hasOwn(taken, name); number += 1)
        name = `${wanted}-${number}`;
    return name;
}
//# sourceMappingURL=components.js.map