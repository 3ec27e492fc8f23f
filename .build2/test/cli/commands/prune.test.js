import t from 'tap';
import { systemClock } from '../../../src/clock.js';
import { everythingIn } from '../../support/database.js';
import { updateBody } from '../../support/service.js';
import { serveCommands } from '../../support/terminal.js';
t.test('the count is shown first, and only who agrees has it removed', async (t) => {
    const { cli, read, update, databasePath } = await serveCommands(t, undefined, { clock: systemClock });
    await update(updateBody());
    const before = everythingIn(databasePath);
    t.match(await cli(['prune', '--older-than', '0d']), {
        exitCode: 2,
        printed: '',
        complained: /There is nobody to ask: Remove everything older than \S+Z\? Add --yes if so\. Nothing was changed\n$/
    });
    t.match(await cli(['prune', '--older-than', '0d', '--dry-run']), {
        exitCode: 0,
        printed: /^Dry run: nothing was changed.\nOlder .*\nrows of history +1\nanswers kept for repeats +1\n/
    });
    t.match(await cli(['prune', '--older-than', '0d'], 'n\n'), {
        exitCode: 1,
        complained: /rows of history +1\n[^]*Remove everything older than \S+Z\? \[y\/N\] [^]*Nothing was changed\n$/
    });
    t.same(everythingIn(databasePath), before);
    t.match(await cli(['prune', '--older-than', '0d'], 'y\n'), {
        exitCode: 0,
        printed: /^Removed what was older than \S+Z:\n/
    });
    t.match((await read('/accounts/1002/history')).json().changes, [{ operation: { identifier: '001' } }]);
    t.match(JSON.parse((await cli(['prune', '--older-than', '0d', '--yes', '--json'])).printed), { history_rows: 0 });
});
t.test('an age that is none is refused', async (t) => {
    const { cli } = await serveCommands(t);
    t.match(await cli(['prune', '--older-than', '90']), {
        exitCode: 2,
        complained: '--older-than must be such as 90d, 12h, 30m or 2w, not 90\n'
    });
});
//# sourceMappingURL=prune.test.js.map