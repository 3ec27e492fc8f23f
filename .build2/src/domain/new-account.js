import { readAmount, readCurrency, readIdentifier } from './fields.js';
/**
 * Checks what a schema cannot: that nothing stands twice, and that every amount fits its currency.
 *
 * @param accounts documents that the schema has accepted
 * @param faults where each fault goes, with a place such as `accounts[3].currency`
 * @param from the place of the first of them
 * @returns the accounts; of no use when there are faults
 */
export function readNewAccounts(accounts, faults, from = 0) {
    return accounts.flatMap((account, index) => {
        const place = `accounts[${from + index}]`;
        const { client_id: clientId, external_reference: externalReference } = account;
        if (externalReference !== undefined) {
            faults.requireUnique(`external_reference of ${clientId}`, `${place}.external_reference`, externalReference);
        }
        const accountId = readIdentifier('account_id', `${place}.account_id`, account.account_id, faults);
        const tokens = (account.tokens ?? []).map((token, tokenIndex) => readIdentifier('token', `${place}.tokens[${tokenIndex}]`, token, faults));
        const currency = readCurrency(`${place}.currency`, account.currency, faults);
        if (currency === undefined)
            return [];
        const balances = {
            actual: readAmount(`${place}.actual_balance`, account.actual_balance, currency, faults),
            blocked: readAmount(`${place}.blocked_balance`, account.blocked_balance, currency, faults)
        };
        if (balances.blocked < 0n)
            faults.add(`${place}.blocked_balance`, 'must not be negative');
        return [{ clientId, accountId, currency, externalReference, balances, tokens }];
    });
}
/**
 * Compares an account that is to be made with the one that exists under its number, as it is now.
 *
 * @returns nothing when making it again would change nothing. The order of tokens does not count
 */
export function differencesOf(wanted, found) {
    const same = {
        client_id: wanted.clientId === found.clientId,
        currency: wanted.currency.numericCode === found.currency.numericCode,
        external_reference: wanted.externalReference === found.externalReference,
        actual_balance: wanted.balances.actual === found.balances.actual,
        blocked_balance: wanted.balances.blocked === found.balances.blocked,
        tokens: wanted.tokens.length === found.tokens.length && wanted.tokens.every((token) => found.tokens.includes(token))
    };
    return Object.keys(same).filter((field) => !same[field]);
}
/**
 * Tells what keeps one account from being made: nothing, when it is there already and is the same.
 *
 * A difference to the account that has the number comes first, then an unknown client; a taken reference and taken
 * tokens are named together.
 */
export function findAccountConflicts(account, index, { existing, isClientKnown, referenceHolder, tokenHolders }) {
    if (existing !== undefined) {
        const fields = differencesOf(account, existing);
        return fields.length === 0 ? [] : [{ code: 'account-differs', index, fields }];
    }
    if (!isClientKnown)
        return [{ code: 'client-unknown', index, clientId: account.clientId }];
    const conflicts = [];
    if (referenceHolder !== undefined) {
        conflicts.push({ code: 'external-reference-taken', index, accountId: referenceHolder });
    }
    tokenHolders.forEach((holder, tokenIndex) => {
        if (holder !== undefined)
            conflicts.push({ code: 'token-taken', index, tokenIndex, accountId: holder });
    });
    return conflicts;
}
//# sourceMappingURL=new-account.js.map