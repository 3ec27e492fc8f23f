import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import t from 'tap';
import { makeProgram } from '../../src/cli/run.js';
import { addSettingOptions, settingsOf } from '../../src/cli/setting-options.js';
import { SETTINGS } from '../../src/settings.js';
import { makeFolder } from '../support/folder.js';
import { makeTerminal, runHere } from '../support/terminal.js';
function read(args, environment = {}) {
    const command = addSettingOptions(new Command('serve'));
    command.parse(args, { from: 'user' });
    return settingsOf(command, environment);
}
t.test('every setting is an option of serve and of demo, and a secret one is read from a file', async (t) => {
    for (const name of ['serve', 'demo']) {
        const command = makeProgram(makeTerminal()).commands.find((child) => child.name() === name);
        const own = command?.options.filter(({ long }) => long !== '--detach' && long !== '--log-file');
        t.equal(own?.length, Object.keys(SETTINGS).length);
        const flags = command?.options.map(({ long }) => long) ?? [];
        for (const flag of ['--port', '--database-path', '--admin-token-file', '--database-url-file']) {
            t.ok(flags.includes(flag), `${name} ${flag}`);
        }
        t.notOk(flags.includes('--admin-token') || flags.includes('--database-url'), 'no secret stands on a command line');
    }
});
t.test('an option wins over the environment, and what is not given stays', async (t) => {
    const folder = makeFolder(t);
    writeFileSync(join(folder, 'token'), 'secret-admin-token\n');
    t.same(read(['--port', '8080', '--admin-token-file', join(folder, 'token')], { PORT: '1', HOST: '::1', ADMIN_TOKEN: 'x' }), { PORT: '8080', HOST: '::1', ADMIN_TOKEN: 'secret-admin-token' });
});
t.test('a wrong option is named with what would be right, and a secret is not shown', async (t) => {
    const folder = makeFolder(t);
    writeFileSync(join(folder, 'token'), 'a b');
    t.match(await runHere(['serve', '--port', 'http']), {
        exitCode: 2, complained: '--port must be a whole number from 0 to 65535, not http\n'
    });
    t.strictSame(await runHere(['serve', '--admin-token-file', join(folder, 'token')]), {
        exitCode: 2,
        printed: '',
        complained: '--admin-token-file must be 1 to 200 visible ASCII characters without spaces\n'
    });
    t.match(await runHere(['demo', '--admin-token-file', join(folder, 'none')]), {
        exitCode: 2, complained: /none cannot be read: ENOENT/
    });
});
t.test('serve and demo take their settings from their options', async (t) => {
    const environment = { LOG_LEVEL: 'silent', DATABASE_PATH: join(makeFolder(t), 'own.sqlite') };
    for (const name of ['serve', 'demo']) {
        t.match(await runHere([name, '--scenario-file', '/dev/null/none'], environment), {
            exitCode: 1, complained: /\/dev\/null\/none cannot be read/
        });
    }
});
//# sourceMappingURL=setting-options.test.js.map