import { reading, slicedReading } from '../engine.js';
import { all, eachAll, eachFirst, int8, sql, statement } from '../sql.js';
import { knownAccountOf, SELECT_ACCOUNTS } from './known-accounts.js';
import { pageOf } from './page.js';
const FIND_ACCOUNT = statement `SELECT account_id, incarnation, client_id, currency, external_reference,
    actual, blocked, last_change_id, position, updated_at_ms
  FROM accounts JOIN balances USING (account_id) WHERE account_id = ${int8}`;
const FIND_TOKENS = statement `SELECT token FROM tokens WHERE account_id = ${int8} ORDER BY token`;
/** Reads accounts with their tokens, each undefined where there is none. */
export function* findAccounts(accountIds, context) {
    const rows = yield* eachFirst(FIND_ACCOUNT, accountIds.map((accountId) => [accountId]));
    const found = yield* recordsOf(rows.filter((row) => row !== undefined), context);
    const byNumber = new Map(found.map((account) => [account.accountId, account]));
    return accountIds.map((accountId) => byNumber.get(accountId));
}
/** Reads one account with its tokens. */
export const readAccount = reading(function* (context, accountId) {
    const [account] = yield* findAccounts([accountId], context);
    return account;
});
/** Lists the accounts by their numbers. */
export const listAccounts = reading(function* (context, filter, { from = 1n, limit }) {
    const rows = yield* all(sql `${SELECT_ACCOUNTS}
    WHERE account_id >= ${from}${conditionOf(filter)} ORDER BY account_id LIMIT ${BigInt(limit + 1)}`);
    const page = pageOf(rows, limit, (row) => row.account_id, (row) => row);
    return { items: yield* recordsOf(page.items, context), next: page.next };
});
/** How many accounts are read at a time where all are. */
const SLICE_ACCOUNTS = 500;
/** Reads all accounts by their numbers. */
export const readAllAccounts = slicedReading(function* (context, from) {
    return yield* listAccounts.work(context, EVERY_ACCOUNT, { from, limit: SLICE_ACCOUNTS });
});
const EVERY_ACCOUNT = {
    clientId: undefined,
    currency: undefined,
    externalReference: undefined,
    token: undefined
};
/** What narrows a list. A reference alone goes through each client's, because the index begins with the client. */
function conditionOf({ clientId, currency, externalReference, token }) {
    const ofClient = clientId === undefined ? sql `` : sql ` AND client_id = ${BigInt(clientId)}`;
    const inCurrency = currency === undefined ? sql `` : sql ` AND currency = ${currency}`;
    const referenced = externalReference === undefined
        ? sql ``
        : sql ` AND external_reference = ${externalReference} AND client_id IN (SELECT client_id FROM clients)`;
    const held = token === undefined
        ? sql ``
        : sql ` AND account_id = (SELECT account_id FROM tokens WHERE token = ${token})`;
    return sql `${ofClient}${inCurrency}${referenced}${held}`;
}
function* recordsOf(rows, context) {
    const tokens = yield* eachAll(FIND_TOKENS, rows.map((row) => [row.account_id]));
    return rows.map((row, index) => {
        const { accountId, clientId, currency, externalReference, balances } = knownAccountOf(row, context);
        return {
            accountId,
            clientId,
            currency,
            externalReference,
            balances,
            tokens: tokens[index].map(({ token }) => token),
            updatedAt: new Date(Number(row.updated_at_ms))
        };
    });
}
//# sourceMappingURL=account-reading.js.map