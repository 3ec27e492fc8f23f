import { Writable } from 'node:stream';
import fastify, {} from 'fastify';
import t from 'tap';
import { loggerOptions } from '../../src/http/logging.js';
/** A service that logs as ours does, into a list of lines. */
function makeLogged() {
    const lines = [];
    const stream = new Writable({
        write(chunk, _encoding, done) {
            lines.push(JSON.parse(chunk.toString()));
            done();
        }
    });
    const { logger, ...options } = loggerOptions('info');
    return { app: fastify({ ...options, logger: { ...logger, stream } }), lines };
}
t.test('one line a request names the route and not the address', async (t) => {
    const { app, lines } = makeLogged();
    app.get('/cards/:token', async () => 'here');
    await app.inject('/cards/4111111111111111?also=4222222222222222');
    await app.inject('/nowhere/4333333333333333');
    t.match(lines, [
        { msg: 'request answered', method: 'GET', route: '/cards/:token', status: 200, duration_ms: Number },
        { msg: 'request answered', method: 'GET', route: 'unknown', status: 404 }
    ]);
    t.equal(lines.length, 2);
    // The time of a line may hold any digits.
    t.notMatch(JSON.stringify(lines.map((line) => ({ ...line, time: 0, pid: 0 }))), /4111|4222|4333/);
});
t.test('an answer that could not be sent says why', async (t) => {
    const { app, lines } = makeLogged();
    app.get('/', async (_request, reply) => {
        reply.raw.destroy(new Error('the wire broke'));
        return reply;
    });
    await t.rejects(app.inject('/'));
    t.match(lines, [{ msg: 'request answered', err: { message: 'the wire broke' } }]);
});
//# sourceMappingURL=logging.test.js.map