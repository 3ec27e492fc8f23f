import { sql } from '../sql.js';
/** SELECT of an {@link AccountRow}, to be followed by a condition. */
export const SELECT_ACCOUNTS = sql `SELECT account_id, incarnation, client_id, currency, external_reference,
  actual, blocked, last_change_id, position, updated_at_ms FROM accounts JOIN balances USING (account_id)`;
export function knownAccountOf(row, { currencyOf }) {
    return {
        accountId: row.account_id,
        incarnation: Number(row.incarnation),
        clientId: Number(row.client_id),
        currency: currencyOf(row.currency),
        externalReference: row.external_reference ?? undefined,
        balances: balancesOf(row)
    };
}
export function balancesOf({ actual, blocked }) {
    return { actual, blocked };
}
//# sourceMappingURL=known-accounts.js.map