import { mock } from 'node:test';
import t from 'tap';
import { startProgress } from '../../src/cli/progress.js';
import { makeTerminal } from '../support/terminal.js';
const SHOW_CURSOR = '\u001b[?25h';
t.beforeEach(() => { mock.timers.enable({ apis: ['setTimeout', 'Date'] }); });
t.afterEach(() => { mock.timers.reset(); });
t.test('a bar shows how much is done, once it has taken a second, and is taken away', async (t) => {
    const { errors, complained } = makeTerminal({}, '');
    const progress = startProgress(errors, 200);
    progress.update(50);
    mock.timers.tick(999);
    t.equal(complained(), '');
    mock.timers.tick(1);
    t.match(complained(), '25 %');
    progress.update(100);
    mock.timers.tick(1000);
    t.match(complained(), '50 %');
    progress.stop();
    t.match(complained(), SHOW_CURSOR, 'the cursor is back');
});
t.test('without a total only the time is shown', async (t) => {
    const { errors, complained } = makeTerminal({}, '');
    const progress = startProgress(errors, undefined);
    mock.timers.tick(1000);
    t.match(complained(), 'Waiting for the service, 0s');
    mock.timers.tick(5000);
    t.match(complained(), 'Waiting for the service, 5s');
    progress.stop();
});
t.test('what is done before its time shows nothing', async (t) => {
    const { errors, complained } = makeTerminal({}, '');
    const progress = startProgress(errors, 10);
    progress.update(10);
    progress.stop();
    mock.timers.tick(60_000);
    t.equal(complained(), '');
});
t.test('where there is no terminal nothing is shown', async (t) => {
    const { errors, complained } = makeTerminal();
    const progress = startProgress(errors, 10);
    progress.update(5);
    mock.timers.tick(60_000);
    progress.stop();
    t.equal(complained(), '');
});
//# sourceMappingURL=progress.test.js.map