import { addDataCommand, addPageOptions, contextOf, describeNext } from '../data-command.js';
import { CommandFailure, EXIT } from '../exit.js';
import { accountPath } from '../service.js';
import { printable } from '../../printable.js';
import { balanceColumns } from './balances.js';
const CHANGE_COLUMNS = [
    { title: 'When', value: ({ operation }) => operation.created_at },
    { title: 'Source', value: ({ operation }) => operation.source },
    { title: 'Account', value: (change) => change.account_id, align: 'right' },
    ...balanceColumns((change) => change.after),
    { title: 'Actual before', value: (change) => change.before?.actual_balance, align: 'right' },
    { title: 'Blocked before', value: (change) => change.before?.blocked_balance, align: 'right' },
    { title: 'Currency', value: (change) => change.currency },
    { title: 'Rate', value: (change) => change.rate, align: 'right' },
    { title: 'Identifier', value: ({ operation, record_id: recordId }) => operation.identifier ?? recordId },
    { title: 'User', value: ({ operation }) => operation.user_id },
    { title: 'Why', value: ({ operation }) => operation.reason ?? operation.remarks }
];
/** Adds `history`, of an account or of a request. */
export function addHistoryCommand(program, terminal) {
    addPageOptions(addDataCommand(program, 'history [account]', 'Show what changed an account, newest first, or what one request did', 'history 1001\n  $ stip-sandbox history --client 123 --identifier 001')
        .option('--client <client>', 'the client that sent the request')
        .option('--identifier <text>', 'the request\'s api_call_unique_identifier'))
        .action(async (account, options) => {
        const { client, identifier, limit, cursor } = options;
        if (account === undefined && (limit ?? cursor) !== undefined) {
            throw new CommandFailure(EXIT.usage, 'What a request did is shown as a whole: --limit and --cursor go with an account');
        }
        if (account !== undefined && client === undefined && identifier === undefined) {
            await showAccount(terminal, account, options);
        }
        else if (account === undefined && client !== undefined && identifier !== undefined) {
            await showRequest(terminal, client, identifier, options);
        }
        else {
            throw new CommandFailure(EXIT.usage, 'Give either an account, or --client and --identifier');
        }
    });
}
async function showAccount(terminal, accountId, options) {
    const { call, print, table } = contextOf(terminal, options);
    const { limit, cursor } = options;
    print(await call({ method: 'GET', path: `${accountPath(accountId)}/history`, query: { limit, cursor } }), ({ deleted_at: deletedAt, changes, next_cursor: next }) => {
        const deletion = deletedAt === null ? '' : `The account was deleted at ${deletedAt}\n`;
        return `${deletion}${table(CHANGE_COLUMNS, changes)}${describeNext(next)}`;
    });
}
async function showRequest(terminal, client, identifier, options) {
    const { call, print, table } = contextOf(terminal, options);
    print(await call({ method: 'GET', path: '/operations', query: { client_id: client, identifier } }), ({ changes, answer }) => `${table(CHANGE_COLUMNS, changes)}Answered: ${printable(answer)}\n`);
}
//# sourceMappingURL=history.js.map