import { readConfig } from '../../config.js';
import { endWithoutModules } from '../../open-files.js';
import { addCommand } from '../data-command.js';
import { serveDetached, tellParent } from '../detach.js';
import { demo, nameOf, nextCommand } from '../demo.js';
import { addSettingOptions, settingsOf } from '../setting-options.js';
const LOG_FILE = 'stip-sandbox.log';
/**
 * Adds the commands about the process and its file. Their settings come from the environment; those of `serve` and
 * `demo` also from their options.
 */
export function addServeCommands(program, { environment, output, errors }) {
    addSettingOptions(addCommand(program, 'serve', 'Start the service. An option wins over the environment variable of the setting (docs/settings.md)', 'serve --port 8080 --database-path data/qa.sqlite'))
        .option('--detach', 'let it run on by itself; print where, once it is ready. "stop" ends it')
        .option('--log-file <file>', `where the log goes with --detach (${LOG_FILE} without it)`)
        .action(async ({ detach, logFile = LOG_FILE }, command) => {
        const settings = settingsOf(command, environment);
        const config = readConfig(settings);
        if (detach === true) {
            output.write(await serveDetached(config, settings, logFile));
            return;
        }
        const { startServer } = await import('../../server.js').catch(endWithoutModules);
        const server = await startServer(config, output.isTTY);
        // The log of a detached service keeps no token: it stands in the file of the admin token.
        if (tellParent(server) || config.adminToken !== undefined)
            return;
        errors.write(`ADMIN_TOKEN is not set. Until the next start it is ${server.adminToken}\nNext, in another ` +
            `terminal: ${nextCommand(server, server.adminToken)}\n`);
    });
    addSettingOptions(addCommand(program, 'demo', 'Start the service with a database of its own and the accounts of examples/demo-scenario.json', 'demo --port 8080'))
        .action(async (_options, command) => {
        output.write(await demo(settingsOf(command, environment), output.isTTY === true));
    });
    addCommand(program, 'migrate', 'Bring the database up to this version, or make it. "serve" does so by itself', 'migrate')
        .action(async () => {
        const { database } = readConfig(environment);
        const schema = await (database.kind === 'sqlite' ? migrateSqlite(database.path) : migratePostgres(database.url));
        output.write(`${nameOf(database)} has schema ${schema}, and is up to date\n`);
    });
}
/** @returns the number of its newest migration */
async function migrateSqlite(path) {
    const { openDatabase } = await import('../../store/sqlite/database.js');
    const database = openDatabase(path);
    const schema = Number(database.pragma('user_version', { simple: true }));
    database.close();
    return schema;
}
async function migratePostgres(url) {
    return await (await import('../../store/postgres/store.js')).migratePostgres(url);
}
//# sourceMappingURL=serve.js.map