import { Type } from '@sinclair/typebox';
import fastify, {} from 'fastify';
import t from 'tap';
import { longBodyValidator, makeLongBodyReader, takeLongBodies } from '../../src/api/long-body.js';
import { handleError } from '../../src/http/problem.js';
const Document = Type.Object({
    name: Type.String(),
    lines: Type.Array(Type.Object({ text: Type.String() }, { additionalProperties: false }))
}, { additionalProperties: false });
const readParts = makeLongBodyReader(Document, ['lines']);
/** A service that answers with what it has read. */
function makeApp(t) {
    const app = fastify();
    app.setErrorHandler(handleError);
    takeLongBodies(app);
    app.post('/', {
        bodyLimit: 60,
        validatorCompiler: longBodyValidator,
        schema: { body: Document }
    }, async (request) => {
        const parts = [];
        for await (const part of readParts(request))
            parts.push(part);
        return parts;
    });
    t.teardown(async () => { await app.close(); });
    return app;
}
for (const [payload, status, answer] of [
    [
        { name: 'a', lines: [{ text: 'b' }] },
        200,
        [
            { kind: 'items', name: 'lines', from: 0, items: [{ text: 'b' }] },
            { kind: 'rest', value: { name: 'a', lines: [] } }
        ]
    ],
    [{ name: 'a', lines: [{ text: 1 }] }, 400, { detail: 'lines[0].text must be string' }],
    [{ name: 'a', lines: [{ text: 'b' }, 7] }, 400, { detail: 'lines[1] must be object' }],
    [{ name: 'a', lines: 'b' }, 400, { detail: 'lines must be array' }],
    [{ lines: [{ text: 'b' }] }, 400, { detail: 'name is required' }],
    [[], 400, { detail: 'the body must be object' }],
    [{ name: 'a'.repeat(60), lines: [] }, 413, { detail: 'The body must not have more than 60 bytes' }]
]) {
    t.test(`${JSON.stringify(payload).slice(0, 40)} is answered with ${status}`, async (t) => {
        const response = await makeApp(t).inject({
            method: 'POST',
            url: '/',
            headers: { 'content-type': 'application/json' },
            payload: JSON.stringify(payload)
        });
        t.equal(response.statusCode, status);
        t.match(response.json(), answer);
    });
}
//# sourceMappingURL=long-body.test.js.map