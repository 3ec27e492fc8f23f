import { systemClock } from '../../clock.js';
import { addDataCommand, contextOf, describeDryRun, dryRunOption } from '../data-command.js';
import { parseDuration } from '../duration.js';
import { confirm, yesOption } from '../confirm.js';
import { CommandFailure, EXIT } from '../exit.js';
import { jsonBody } from '../service.js';
const COUNT_COLUMNS = [
    { title: 'Older', value: ([what]) => what },
    { title: 'Count', value: ([, count]) => count, align: 'right' }
];
/** Adds `prune`. */
export function addPruneCommand(program, terminal) {
    addDataCommand(program, 'prune', 'Remove old history and answers kept for repeated requests, after showing the count', 'prune --older-than 90d')
        .requiredOption('--older-than <age>', 'such as 90d: minutes (m), hours (h), days (d) or weeks (w)')
        .addOption(yesOption())
        .addOption(dryRunOption())
        .action(async (options) => { await prune(terminal, options); });
}
async function prune(terminal, options) {
    const { call, print, table } = contextOf(terminal, options);
    const ageMs = parseDuration(options.olderThan);
    if (ageMs === undefined) {
        throw new CommandFailure(EXIT.usage, `--older-than must be such as 90d, 12h, 30m or 2w, not ${options.olderThan}`);
    }
    const body = { before: new Date(systemClock().getTime() - ageMs).toISOString() };
    const send = async (dryRun) => await call({ method: 'POST', path: '/prune', query: { dry_run: String(dryRun) }, body: jsonBody(body) });
    const describe = (report) => table(COUNT_COLUMNS, countsOf(report));
    const count = await send(true);
    if (options.dryRun === true) {
        return print(count, (report) => `${describeDryRun(true)}${describe(report)}`);
    }
    if (options.yes !== true)
        terminal.errors.write(describe(JSON.parse(count)));
    await confirm(terminal, options, `Remove everything older than ${body.before}?`, 'refuse');
    print(await send(false), (report) => `Removed what was older than ${report.before}:\n${describe(report)}`);
}
function countsOf(report) {
    return [
        ['rows of history', report.history_rows],
        ['answers kept for repeats', report.replay_records],
        ['deleted accounts', report.deleted_accounts],
        ['runs of balance files', report.balance_files],
        ['records of those files', report.balance_file_records]
    ];
}
//# sourceMappingURL=prune.js.map