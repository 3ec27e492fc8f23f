import { first, sql } from '../sql.js';
/**
 * Finds one of the accounts that ever had a number: at most one that is there, and all that were deleted.
 *
 * @param wanted which of them; undefined for the newest
 */
export function* findIncarnation(accountId, wanted, { currencyOf }) {
    const only = wanted === undefined ? sql `` : sql `WHERE incarnation = ${BigInt(wanted)}`;
    const row = yield* first(sql `SELECT incarnation, currency, last_change_id, deleted_at_ms FROM (
      SELECT incarnation, currency, last_change_id, NULL AS deleted_at_ms
      FROM accounts JOIN balances USING (account_id) WHERE account_id = ${accountId}
      UNION ALL SELECT incarnation, currency, last_change_id, deleted_at_ms
      FROM deleted_accounts WHERE account_id = ${accountId}) AS incarnations
    ${only} ORDER BY incarnation DESC LIMIT 1`);
    return row && {
        incarnation: Number(row.incarnation),
        currency: currencyOf(row.currency),
        lastChangeId: row.last_change_id,
        deletedAt: row.deleted_at_ms === null ? undefined : new Date(Number(row.deleted_at_ms))
    };
}
//# sourceMappingURL=incarnations.js.map