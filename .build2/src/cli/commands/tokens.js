import { addDataCommand, addGroup, contextOf } from '../data-command.js';
import { accountPath } from '../service.js';
/** Adds `tokens add`, `remove` and `list`. */
export function addTokenCommands(program, terminal) {
    const tokens = addGroup(program, 'tokens', 'The tokens of cards on an account');
    for (const { name, method, description } of [
        { name: 'add', method: 'PUT', description: 'Put a card\'s token on an account' },
        { name: 'remove', method: 'DELETE', description: 'Take a card\'s token off an account. Its balances stay' }
    ]) {
        addDataCommand(tokens, `${name} <account> <card-token>`, description, `tokens ${name} 1001 7001001`)
            .action(async (account, token, options) => {
            const { call, print } = contextOf(terminal, options);
            print(await call({ method, path: `${accountPath(account)}/tokens/${token}` }), describeTokens);
        });
    }
    addDataCommand(tokens, 'list <account>', 'List the tokens on an account', 'tokens list 1001')
        .action(async (account, options) => {
        const { call, print } = contextOf(terminal, options);
        print(await call({ method: 'GET', path: accountPath(account) }), describeTokens);
    });
}
function describeTokens({ account_id: accountId, tokens }) {
    return `Tokens on account ${accountId}: ${tokens.length === 0 ? 'none' : tokens.join(' ')}\n`;
}
//# sourceMappingURL=tokens.js.map