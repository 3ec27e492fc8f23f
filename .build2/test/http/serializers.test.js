import fastify from 'fastify';
import t from 'tap';
import { serializers } from '../../src/http/serializers.js';
t.test('a response schema is compiled once, however many routes have it', async (t) => {
    let readings = 0;
    const properties = { amount: { type: 'string' } };
    const schema = { type: 'object', get properties() { readings += 1; return properties; } };
    async function answer(paths) {
        const app = fastify();
        await app.register(serializers);
        for (const path of paths) {
            app.get(path, { schema: { response: { 200: schema } } }, async () => ({ amount: '1.00', other: 1 }));
        }
        return await Promise.all(paths.map(async (path) => (await app.inject(path)).body));
    }
    t.same(await answer(['/first']), ['{"amount":"1.00"}']);
    const readingsOnce = readings;
    t.same(await answer(['/second', '/third']), ['{"amount":"1.00"}', '{"amount":"1.00"}']);
    t.equal(readings, readingsOnce);
});
//# sourceMappingURL=serializers.test.js.map