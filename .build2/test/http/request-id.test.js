import t from 'tap';
import { makeService, updateBody } from '../support/service.js';
const OWN = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
/** Serves all tests that change nothing. */
const service = await makeService(t);
t.test('every answer has an id of its own, whatever is answered', async (t) => {
    const { app, update } = await makeService(t);
    const answers = [
        await update(updateBody()),
        await update({}, { 'x-api-key': 'wrong' }),
        await app.inject('/nowhere'),
        await app.inject('/%zz'),
        await app.inject('/docs/'),
        await app.inject('/sandbox/v1/clients')
    ];
    for (const { headers } of answers)
        t.match(headers['x-request-id'], OWN);
    t.equal(new Set(answers.map(({ headers }) => headers['x-request-id'])).size, answers.length);
});
for (const id of [
    'a',
    'scenario-7.step_2',
    '2024-05-26T16-49-50.237Z',
    '1716742190237',
    'x'.repeat(64),
    '12345678-1234-1234-1234-123456789012',
    'F47AC10B-58CC-4372-A567-0E02B2C3D479',
    '2026-01-31_08-15-3'
]) {
    t.test(`the id ${id} is taken over`, async (t) => {
        const { app } = service;
        t.equal((await app.inject({ url: '/health/live', headers: { 'x-request-id': id } })).headers['x-request-id'], id);
    });
}
for (const [what, id] of [
    ['too long', 'x'.repeat(65)],
    ['empty', ''],
    ['with a space', 'a b'],
    ['with a quotation mark', '"a"'],
    ['with a letter beyond ASCII', 'ä'],
    ['that could be the number of a card', 'card-4111111111111111'],
    ['with a card in groups', '4111-1111-1111-1111'],
    ['with a card in odd groups', 'a_4111.111_1--11.11-111_b'],
    ['with a line break', 'a\nb']
]) {
    t.test(`an id ${what} is not taken over`, async (t) => {
        const { app } = service;
        t.match((await app.inject({ url: '/health/live', headers: { 'x-request-id': id } })).headers['x-request-id'], OWN);
    });
}
//# sourceMappingURL=request-id.test.js.map