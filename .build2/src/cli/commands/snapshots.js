import { Option } from 'commander';
import { MAX_PAGE_LIMIT } from '../../../schemas/address.js';
import { addDataCommand, addGroup, addPageOptions, contextOf, describeDryRun, describeNext, dryRunOption } from '../data-command.js';
import { confirm, yesOption } from '../confirm.js';
import { CommandFailure, EXIT } from '../exit.js';
import { jsonBody, pathStep } from '../service.js';
const SNAPSHOT_COLUMNS = [
    { title: 'Name', value: ({ name }) => name },
    { title: 'Saved at', value: ({ saved_at: savedAt }) => savedAt },
    { title: 'Covers', value: ({ covers }) => covers },
    { title: 'Accounts', value: ({ accounts }) => accounts, align: 'right' }
];
const DIFFERENCE_COLUMNS = [
    { title: 'Account', value: ({ account_id: accountId }) => accountId, align: 'right' },
    { title: 'Difference', value: ({ difference }) => difference },
    { title: 'Currency', value: ({ saved, now }) => (saved ?? now)?.currency },
    { title: 'Saved actual', value: ({ saved }) => saved?.actual_balance, align: 'right' },
    { title: 'Saved blocked', value: ({ saved }) => saved?.blocked_balance, align: 'right' },
    { title: 'Actual now', value: ({ now }) => now?.actual_balance, align: 'right' },
    { title: 'Blocked now', value: ({ now }) => now?.blocked_balance, align: 'right' }
];
const EXCEPTION_COLUMNS = [
    { title: 'Account', value: ({ account_id: accountId }) => accountId, align: 'right' },
    { title: 'Left as it is', value: ({ difference }) => difference }
];
/** Adds `snapshot save`, `list`, `diff`, `restore`, `reset` and `delete`. */
export function addSnapshotCommands(program, terminal) {
    const snapshots = addGroup(program, 'snapshot', 'Save balances under a name, and set them back');
    addDataCommand(snapshots, 'save <snapshot>', 'Save the balances of all accounts, or of chosen ones', 'snapshot save before-test --account 1001 1002')
        .addOption(new Option('--account <account...>', 'only these accounts').conflicts('client'))
        .option('--client <client>', 'only the accounts of this client, at most 1000')
        .action(async (name, options) => {
        const { call, print, table } = contextOf(terminal, options);
        const chosen = options.client === undefined ? options.account : await accountsOf(call, options.client);
        const body = jsonBody({ name, account_ids: chosen });
        print(await call({ method: 'POST', path: '/snapshots', body }), (snapshot) => table(SNAPSHOT_COLUMNS, [snapshot]));
    });
    addPageOptions(addDataCommand(snapshots, 'list', 'List the snapshots', 'snapshot list'))
        .action(async (options) => {
        const { call, print, table } = contextOf(terminal, options);
        const { limit, cursor } = options;
        print(await call({ method: 'GET', path: '/snapshots', query: { limit, cursor } }), (page) => `${table(SNAPSHOT_COLUMNS, page.snapshots)}${describeNext(page.next_cursor)}`);
    });
    addPageOptions(addDataCommand(snapshots, 'diff <snapshot>', 'Show what differs from a snapshot now', 'snapshot diff before-test --exit-code'))
        .option('--exit-code', 'end with 1 when anything differs, for CI')
        .action(async (name, options) => { await showDifferences(terminal, name, options); });
    addDataCommand(snapshots, 'restore <snapshot>', 'Set balances back to a snapshot', 'snapshot restore before-test --dry-run')
        .option('--client <client>', 'only the accounts of this client')
        .addOption(dryRunOption())
        .addOption(yesOption())
        .action(async (name, options) => {
        await confirm(terminal, options, `Set ${whoseBalances(options)} back to ${name}?`, 'proceed');
        await restore(terminal, `${snapshotPath(name)}/restore`, options);
    });
    addDataCommand(snapshots, 'reset', 'Set balances back to the scenario that the database was started from', 'snapshot reset')
        .option('--client <client>', 'only the accounts of this client')
        .addOption(dryRunOption())
        .addOption(yesOption())
        .action(async (options) => {
        await confirm(terminal, options, `Set ${whoseBalances(options)} back to the scenario?`, 'proceed');
        await restore(terminal, '/reset', options);
    });
    addDataCommand(snapshots, 'delete <snapshot>', 'Remove what was saved under a name. Balances stay', 'snapshot delete before-test')
        .addOption(yesOption())
        .action(async (name, options) => {
        await confirm(terminal, options, `Remove the snapshot ${name}?`, 'refuse');
        await contextOf(terminal, options).call({ method: 'DELETE', path: snapshotPath(name) });
        if (options.json !== true)
            terminal.output.write(`The snapshot ${name} is removed\n`);
    });
}
function whoseBalances({ client }) {
    return client === undefined ? 'the balances of all clients' : `the balances of client ${client}`;
}
/** Lists a client's accounts. A snapshot of chosen accounts takes no more than a page has. */
async function accountsOf(call, client) {
    const query = { client_id: client, limit: String(MAX_PAGE_LIMIT) };
    const page = JSON.parse(await call({ method: 'GET', path: '/accounts', query }));
    if (page.next_cursor !== null) {
        throw new CommandFailure(EXIT.refused, `Client ${client} has more than ${MAX_PAGE_LIMIT} accounts: save all ` +
            'without --client, and restore with --client');
    }
    if (page.accounts.length > 0)
        return page.accounts.map((account) => account.account_id);
    throw new CommandFailure(EXIT.refused, `Client ${client} has no accounts. Nothing was saved`);
}
function snapshotPath(name) {
    return `/snapshots/${pathStep(name)}`;
}
/** @throws CommandFailure also when something differs, and that is asked for */
async function showDifferences(terminal, name, options) {
    const { call, print, table } = contextOf(terminal, options);
    const { limit, cursor } = options;
    const answer = await call({ method: 'GET', path: `${snapshotPath(name)}/differences`, query: { limit, cursor } });
    print(answer, ({ differences, next_cursor: next }) => differences.length === 0
        ? 'Nothing differs.\n'
        : `${table(DIFFERENCE_COLUMNS, differences)}${describeNext(next)}`);
    const { differences } = JSON.parse(answer);
    if (options.exitCode === true && differences.length > 0) {
        throw new CommandFailure(EXIT.refused, `Balances differ from the snapshot ${name}`);
    }
}
/** @throws CommandFailure also when saved accounts are gone */
async function restore(terminal, path, options) {
    const { call, print, table } = contextOf(terminal, options);
    const query = { dry_run: options.dryRun && 'true', client_id: options.client };
    const answer = await call({ method: 'POST', path, query });
    print(answer, ({ snapshot, restored, unchanged, exceptions }) => `${describeDryRun(options.dryRun)}Accounts set back to ${snapshot}: ${restored}. As they were: ` +
        `${unchanged}\n${exceptions.length === 0 ? '' : table(EXCEPTION_COLUMNS, exceptions)}`);
    const { deleted, replaced } = JSON.parse(answer);
    if (deleted + replaced > 0) {
        throw new CommandFailure(EXIT.partly, `Saved accounts that are gone: ${deleted + replaced}`);
    }
}
//# sourceMappingURL=snapshots.js.map