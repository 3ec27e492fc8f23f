import { EventEmitter, once } from 'node:events';
import t from 'tap';
import { makeService } from '../support/service.js';
/** A log whose lines can be waited for, by their message. */
function makeLog() {
    const lines = new EventEmitter();
    return {
        lines,
        log: {
            write: (text) => {
                const line = JSON.parse(text);
                lines.emit(line.msg, line);
            }
        }
    };
}
t.test('two services on one file know of each other, in their logs and in their readiness', async (t) => {
    const [first, second] = [makeLog(), makeLog()];
    const { app, databasePath } = await makeService(t, undefined, { logLevel: 'info', log: first.log });
    await app.listen({ host: '127.0.0.1', port: 0 });
    t.match((await app.inject('/health/ready')).json(), { status: 'ok', other_processes: 0 });
    const came = [first, second].map(async ({ lines }) => await once(lines, 'another process uses the same database file'));
    const other = await makeService(t, undefined, { logLevel: 'info', log: second.log, databasePath });
    await other.app.ready();
    t.match(await Promise.all(came), [[{ level: 40, other_processes: 1 }], [{ level: 40, other_processes: 1 }]]);
    for (const service of [app, other.app]) {
        t.match((await service.inject('/health/ready')).json(), { status: 'ok', other_processes: 1 });
    }
    const gone = once(first.lines, 'a process uses the same database file no more');
    await other.app.close();
    t.match(await gone, [{ level: 30, other_processes: 0 }]);
    t.match((await app.inject('/health/ready')).json(), { status: 'ok', other_processes: 0 });
});
//# sourceMappingURL=neighbours.test.js.map