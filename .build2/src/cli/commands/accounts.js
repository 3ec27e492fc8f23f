import { confirm, yesOption } from '../confirm.js';
import { addDataCommand, addGroup, addPageOptions, contextOf, describeDryRun, describeNext, dryRunOption } from '../data-command.js';
import { accountPath, jsonBody } from '../service.js';
import { applyAccounts } from './accounts-apply.js';
import { ACCOUNT_COLUMNS } from './balances.js';
const REPORTED_COLUMNS = [
    { title: 'Balance at', value: ({ balance_at: balanceAt }) => balanceAt },
    { title: 'Value', value: ({ value }) => value, align: 'right' },
    { title: 'Difference', value: ({ difference }) => difference, align: 'right' },
    { title: 'Type', value: ({ balance_type: balanceType }) => balanceType },
    { title: 'Business unit', value: ({ business_unit: businessUnit }) => businessUnit },
    { title: 'Communication', value: ({ communication_number: communicationNumber }) => communicationNumber }
];
/** Adds `accounts create`, `apply`, `list`, `show`, `delete` and `reported`. */
export function addAccountCommands(program, terminal) {
    const accounts = addGroup(program, 'accounts', 'Make, list and delete accounts');
    addDataCommand(accounts, 'create <account>', 'Make an account', 'accounts create 1001 --client 123 --currency KES --actual 200.00')
        .requiredOption('--client <client>', 'the client that it belongs to')
        .requiredOption('--currency <currency>', 'its currency, ISO 4217, such as EUR or 978')
        .option('--actual <amount>', 'the actual balance in major units', '0')
        .option('--blocked <amount>', 'the blocked balance in major units', '0')
        .option('--reference <text>', 'its external reference')
        .option('--card-token <card-token...>', 'tokens of cards on it')
        .addOption(dryRunOption())
        .action(async (account, options) => { await createAccount(terminal, account, options); });
    addDataCommand(accounts, 'apply <file>', 'Make the accounts of a file (CSV, JSON or YAML) that are missing, and set the balances of the others. ' +
        '- is the standard input', 'accounts apply accounts.csv --dry-run')
        .addHelpText('after', '\nCSV has account_id, client_id, currency, actual_balance, blocked_balance, and may have ' +
        'external_reference and tokens (spaces between them).')
        .addOption(dryRunOption())
        .action(async (file, options) => { await applyAccounts(terminal, file, options); });
    addPageOptions(addDataCommand(accounts, 'list', 'List accounts', 'accounts list --client 123 --currency KES')
        .option('--client <client>', 'only accounts of this client')
        .option('--currency <currency>', 'only accounts in this currency, ISO 4217, such as EUR or 978')
        .option('--reference <text>', 'only accounts with this external reference'))
        .action(async ({ client, currency, reference, limit, cursor, ...options }) => {
        const { call, print, table } = contextOf(terminal, options);
        const query = { client_id: client, currency, external_reference: reference, limit, cursor };
        print(await call({ method: 'GET', path: '/accounts', query }), (page) => `${table(ACCOUNT_COLUMNS, page.accounts)}${describeNext(page.next_cursor)}`);
    });
    addDataCommand(accounts, 'show <account>', 'Show one account', 'accounts show 1001')
        .action(async (account, options) => {
        const { call, print, table } = contextOf(terminal, options);
        print(await call({ method: 'GET', path: accountPath(account) }), (found) => table(ACCOUNT_COLUMNS, [found]));
    });
    addDataCommand(accounts, 'delete <account>', 'Delete an account with its tokens. Its history stays', 'accounts delete 1001')
        .addOption(dryRunOption())
        .addOption(yesOption())
        .action(async (account, options) => {
        const { call, print, table } = contextOf(terminal, options);
        await confirm(terminal, options, `Delete the account ${account}?`, 'refuse');
        const query = { dry_run: options.dryRun && 'true' };
        print(await call({ method: 'DELETE', path: accountPath(account), query }), (deleted) => `${describeDryRun(options.dryRun)}Deleted:\n${table(ACCOUNT_COLUMNS, [deleted])}`);
    });
    addPageOptions(addDataCommand(accounts, 'reported <account>', 'Show what was reported to AMLYZE beside the stand-in balance', 'accounts reported 1001 --series')
        .option('--series', 'all reports, and not only the newest of each type'))
        .action(async (account, options) => { await showReported(terminal, account, options); });
}
async function createAccount(terminal, account, options) {
    const { call, print, table } = contextOf(terminal, options);
    const wanted = {
        client_id: Number(options.client),
        account_id: account,
        currency: options.currency,
        actual_balance: options.actual,
        blocked_balance: options.blocked,
        ...options.reference === undefined ? {} : { external_reference: options.reference },
        ...options.cardToken === undefined ? {} : { tokens: [...options.cardToken] }
    };
    const query = { dry_run: options.dryRun && 'true' };
    const answer = await call({ method: 'POST', path: '/accounts', query, body: jsonBody({ accounts: [wanted] }) });
    print(answer, ({ created, results }) => `${describeDryRun(options.dryRun)}${created === 1 ? 'Made' : 'There already, and the same'}:\n` +
        table(ACCOUNT_COLUMNS, results.map((result) => result.account)));
}
async function showReported(terminal, account, options) {
    const { call, print, table } = contextOf(terminal, options);
    const query = { view: options.series && 'series', limit: options.limit, cursor: options.cursor };
    print(await call({ method: 'GET', path: `${accountPath(account)}/reported-balances`, query }), ({ currency, stand_in_balance: standIn, reported_balances: reported, next_cursor: next }) => `Stand-in balance: ${standIn ?? 'none, the account was deleted'}, currency ${currency}\n` +
        `${table(REPORTED_COLUMNS, reported)}${describeNext(next)}`);
}
//# sourceMappingURL=accounts.js.map