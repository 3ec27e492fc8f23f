import { Option } from 'commander';
import { connectionOf, DEFAULT_URL, isTokenExposed } from './connection.js';
import { interruptible } from './interruption.js';
import { startProgress } from './progress.js';
import { callService } from './service.js';
import { formatTable } from './table.js';
import { coloursFor } from './terminal.js';
/**
 * Adds a group of commands. For a command that it does not have, it names those that it has, and guesses none: a guess
 * that somebody follows in a hurry may set balances back.
 */
export function addGroup(parent, name, description) {
    return parent.command(name).description(description).showSuggestionAfterError(false).showHelpAfterError(true);
}
/** Adds a command with an example to its help. */
export function addCommand(parent, nameAndArguments, description, example) {
    return parent.command(nameAndArguments).description(description).showSuggestionAfterError(true)
        .showHelpAfterError('(add --help for what is possible)')
        .addHelpText('after', `\nExample:\n  $ stip-sandbox ${example}`);
}
const TOKEN_HELP = 'the admin token; else ADMIN_TOKEN, else the one that a service on this machine has made up. ' +
    'Other users see it in the list of processes: prefer ADMIN_TOKEN or --token-file';
/** Adds a command about the data, which talks to the running service. */
export function addDataCommand(parent, nameAndArguments, description, example) {
    return addCommand(parent, nameAndArguments, description, example)
        .addOption(urlOption())
        .addOption(new Option('--token <token>', TOKEN_HELP).conflicts('tokenFile'))
        .option('--token-file <file>', 'a file with the admin token')
        .option('--json', 'print what the API answers, for scripts');
}
export const urlOption = () => new Option('--url <address>', `where the service is; else STIP_SANDBOX_URL, else ${DEFAULT_URL}`);
export const dryRunOption = () => new Option('--dry-run', 'show what would be, and change nothing');
/** Adds the options of a list. */
export function addPageOptions(command) {
    return command
        .option('--limit <count>', 'at most this many, 1 to 1000 (100 without it)')
        .option('--cursor <cursor>', 'cursor printed by the previous page');
}
/** Makes what a command about the data works with. */
export function contextOf(terminal, options) {
    const connection = connectionOf(options, terminal.environment);
    warnWhereExposed(terminal, connection, 'the admin token');
    const colours = coloursFor(terminal);
    return {
        terminal,
        connection,
        colours,
        call: async (call) => {
            const progress = startProgress(terminal.errors, undefined);
            try {
                const describe = () => describeInterruption(call);
                return await interruptible(terminal.signals, describe, async (signal) => await callService(connection, call, signal));
            }
            finally {
                progress.stop();
            }
        },
        print: (answer, describe) => {
            terminal.output.write(options.json === true ? `${answer}\n` : describe(JSON.parse(answer)));
        },
        table: (columns, rows) => formatTable(columns, rows, colours)
    };
}
/** Warns where others can read a secret on its way. */
export function warnWhereExposed({ errors }, connection, secret) {
    if (!isTokenExposed(connection))
        return;
    errors.write(`Warning: ${connection.url.origin} is not encrypted, and others can read ${secret} on the way. ` +
        'Use https\n');
}
function describeInterruption({ method, query }) {
    if (method === 'GET' || query?.['dry_run'] === 'true')
        return 'Interrupted. Nothing was changed';
    return 'Interrupted. The service may have done it all the same: look before you repeat the command';
}
/** What follows a page, when it is not the last. */
export function describeNext(cursor) {
    return cursor === null ? '' : `There are more: --cursor ${cursor}\n`;
}
/** What stands above the result of a dry run. */
export function describeDryRun(dryRun) {
    return dryRun === true ? 'Dry run: nothing was changed.\n' : '';
}
//# sourceMappingURL=data-command.js.map