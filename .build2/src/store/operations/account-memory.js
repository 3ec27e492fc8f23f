import { eachFirst, int8, locking, statement } from '../sql.js';
import { knownAccountOf } from './known-accounts.js';
const FIND_BY_TOKEN = locking(statement `SELECT account_id FROM tokens WHERE token = ${int8}`);
/**
 * Who sets balances locks them alone. Their account stays as it is meanwhile: who deletes it locks its balances, too.
 */
const FIND_BY_NUMBER = locking(statement `SELECT account_id, incarnation, client_id, currency, external_reference,
    actual, blocked, last_change_id, position
  FROM accounts JOIN balances USING (account_id) WHERE account_id = ${int8}`, 'balances');
/** The accounts that updates have read or set. All of them are in the database, or will be in this transaction. */
export class AccountMemory {
    #accounts = new Map();
    #accountOfToken = new Map();
    /** Where the history of each account ends. */
    ends = new Map();
    get size() {
        return this.#accounts.size + this.#accountOfToken.size;
    }
    find(inputType, inputId) {
        const accountId = inputType === 'account' ? inputId : this.#accountOfToken.get(inputId);
        return accountId === undefined ? undefined : this.#accounts.get(accountId);
    }
    /** Finds an account of a client; another client's account is not found. */
    findOf(clientId, inputType, inputId) {
        const account = this.find(inputType, inputId);
        return account?.clientId === clientId ? account : undefined;
    }
    addToken(token, accountId) {
        this.#accountOfToken.set(token, accountId);
    }
    /** @param end where its history ends */
    add(account, end) {
        this.#accounts.set(account.accountId, account);
        this.ends.set(account.accountId, end);
    }
    /** Sets the balances of an account that is in the memory. */
    setBalances(accountId, balances) {
        this.#accounts.set(accountId, { ...this.#accounts.get(accountId), balances });
    }
}
/**
 * Reads the accounts of items that are not in the memory yet. Tokens, and then accounts, are locked in ascending order
 * of their numbers, so that two who need some of the same never wait for each other. Later reads stay true.
 */
export function* loadAccounts(memory, items, context) {
    const [numbers, tokens] = [new Set(), new Set()];
    for (const { inputType, inputId } of items) {
        if (memory.find(inputType, inputId) === undefined)
            (inputType === 'account' ? numbers : tokens).add(inputId);
    }
    const asked = ascending(tokens);
    const holders = yield* eachFirst(FIND_BY_TOKEN, asked.map((token) => [token]));
    holders.forEach((holder, index) => {
        if (holder === undefined)
            return;
        memory.addToken(asked[index], holder.account_id);
        if (memory.find('account', holder.account_id) === undefined)
            numbers.add(holder.account_id);
    });
    const asking = ascending(numbers);
    const rows = yield* eachFirst(FIND_BY_NUMBER, asking.map((accountId) => [accountId]));
    for (const row of rows) {
        if (row === undefined)
            continue;
        memory.add(knownAccountOf(row, context), { changeId: row.last_change_id, position: row.position });
    }
}
/** Gives each number once. */
export function ascending(numbers) {
    return [...new Set(numbers)].sort((left, right) => left < right ? -1 : 1);
}
//# sourceMappingURL=account-memory.js.map