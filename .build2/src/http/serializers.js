import buildSerializer from 'fast-json-stringify';
import fastifyPlugin from 'fastify-plugin';
/** What was compiled already. */
const compiled = new WeakMap();
/**
 * Compiles each response schema once. Fastify itself compiles a schema once for each route and status that has it, and
 * most of our answers are one problem document.
 */
export const serializers = fastifyPlugin(async (app) => {
    app.setSerializerCompiler(({ schema }) => {
        const known = compiled.get(schema);
        if (known !== undefined)
            return known;
        const serialize = buildSerializer(schema);
        compiled.set(schema, serialize);
        return serialize;
    });
}, { name: 'serializers' });
//# sourceMappingURL=serializers.js.map