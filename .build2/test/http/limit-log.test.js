import t from 'tap';
import { fastify } from 'fastify';
import { makeLimitLog } from '../../src/http/limit-log.js';
t.test('a limit that bites often is logged once a minute, with how often it has bitten', async (t) => {
    const lines = [];
    let nowMs = 0;
    const { log } = fastify({ logger: { stream: { write: (line) => { lines.push(JSON.parse(line)); } } } });
    const logLimit = makeLimitLog(log, () => new Date(nowMs));
    for (nowMs of [0, 1, 59_999])
        logLimit('CONNECTIONS', 7, 'too many');
    logLimit('PIPELINED_REQUESTS', 8, 'another limit');
    for (nowMs of [60_000, 60_001])
        logLimit('CONNECTIONS', 7, 'too many');
    t.match(lines, [
        { level: 40, setting: 'CONNECTIONS', limit: 7, times: 1, msg: 'too many' },
        { level: 40, setting: 'PIPELINED_REQUESTS', limit: 8, times: 1, msg: 'another limit' },
        { level: 40, setting: 'CONNECTIONS', limit: 7, times: 3, msg: 'too many' }
    ]);
    t.equal(lines.length, 3);
});
//# sourceMappingURL=limit-log.test.js.map