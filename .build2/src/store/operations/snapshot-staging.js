/**
 * A large snapshot is written in slices, each a transaction of its own, so that others are served between them. It has
 * no name as long as it is not whole, and without a name nobody sees it.
 */
import { change, slicedReading } from '../engine.js';
import { all, eachFirst, first, FOR_UPDATE, int8, run, sql, statement, text } from '../sql.js';
import { balancesOf } from './known-accounts.js';
import { pageOf } from './page.js';
import { findByName, insertSnapshot } from './snapshots.js';
/** Does nothing for an account that the snapshot has already. */
const STAGE_ACCOUNT = statement `INSERT INTO snapshot_balances
    (snapshot_id, account_id, incarnation, client_id, currency, actual, blocked)
  VALUES (${int8}, ${int8}, ${int8}, ${int8}, ${text}, ${int8}, ${int8})
  ON CONFLICT (snapshot_id, account_id) DO NOTHING RETURNING account_id`;
/** How many accounts are saved, and how many are removed, in one transaction. */
const SLICE_ACCOUNTS = 1000n;
const REMOVED_ACCOUNTS = 2000n;
/** Begins a snapshot. @returns its number; undefined, with nothing written, when the name is taken */
export const beginSnapshot = change(function* ({ nowMs }, name) {
    if (yield* findByName(name))
        return undefined;
    return yield* insertSnapshot({ savedAt: new Date(nowMs), coversAll: false, accountCount: 0 });
});
/** Adds accounts to a snapshot. @returns the places of those that it had already, which are as they were */
export const stageAccounts = change(function* (_context, snapshotId, accounts) {
    const added = yield* eachFirst(STAGE_ACCOUNT, accounts.map(({ accountId, incarnation, clientId, currency, balances }) => [snapshotId, accountId, incarnation, BigInt(clientId), currency, balances.actual, balances.blocked]));
    return added.flatMap((row, index) => row === undefined ? [index] : []);
});
/**
 * Gives a whole snapshot its name, and so shows it.
 *
 * @returns undefined when the name was taken meanwhile; then the snapshot is as it was
 * @throws Error when the snapshot is no longer there
 */
export const publishSnapshot = change(function* (_context, snapshot) {
    const { snapshotId, name, savedAt, coversAll, accountCount } = snapshot;
    if (yield* findByName(name))
        return undefined;
    const shown = yield* run(sql `UPDATE snapshots SET name = ${name}, saved_at_ms = ${BigInt(savedAt.getTime())},
      covers_all = ${coversAll ? 1n : 0n}, account_count = ${BigInt(accountCount)}
    WHERE snapshot_id = ${snapshotId} AND name IS NULL`);
    if (shown === 0)
        throw new Error(`the snapshot ${name} was removed while it was made`);
    return snapshot;
});
/** Takes a snapshot's name away, so that nobody sees it any more. @returns its number; undefined when there is none */
export const hideSnapshot = change(function* (_context, name) {
    const snapshot = yield* findByName(name);
    if (snapshot === undefined)
        return undefined;
    yield* run(sql `UPDATE snapshots SET name = NULL WHERE snapshot_id = ${snapshot.snapshotId}`);
    return snapshot.snapshotId;
});
/**
 * Removes a part of a snapshot that has no name. One that was shown after all stays, as after a commit whose outcome
 * was unknown. @returns whether anything is left to be removed
 */
export const removeSlice = change(function* (_context, snapshotId) {
    const unnamed = yield* first(sql `SELECT snapshot_id FROM snapshots
    WHERE snapshot_id = ${snapshotId} AND name IS NULL ${FOR_UPDATE}`);
    if (unnamed === undefined)
        return false;
    const removed = yield* run(sql `DELETE FROM snapshot_balances WHERE snapshot_id = ${snapshotId} AND account_id IN (
    SELECT account_id FROM snapshot_balances WHERE snapshot_id = ${snapshotId}
    ORDER BY account_id LIMIT ${REMOVED_ACCOUNTS})`);
    if (BigInt(removed) === REMOVED_ACCOUNTS)
        return true;
    yield* run(sql `DELETE FROM snapshots WHERE snapshot_id = ${snapshotId}`);
    return false;
});
/**
 * Removes the remains of snapshots that were made or removed when a service stopped. For the opening of a store.
 *
 * @param begunBeforeMs only those, because another process may be at work on a newer one; milliseconds since 1970
 */
export function* removeUnnamed(begunBeforeMs = Number.MAX_SAFE_INTEGER) {
    const old = sql `SELECT snapshot_id FROM snapshots WHERE name IS NULL AND saved_at_ms < ${BigInt(begunBeforeMs)}`;
    yield* run(sql `DELETE FROM snapshot_balances WHERE snapshot_id IN (${old})`);
    yield* run(sql `DELETE FROM snapshots WHERE snapshot_id IN (${old})`);
}
/** Reads all accounts to be saved. */
export const readToSave = slicedReading(function* ({ nowMs }, from) {
    const rows = yield* all(sql `SELECT account_id, incarnation, client_id, currency, actual, blocked
    FROM accounts JOIN balances USING (account_id) WHERE account_id >= ${from ?? 1n}
    ORDER BY account_id LIMIT ${SLICE_ACCOUNTS + 1n}`);
    const { items, next } = pageOf(rows, Number(SLICE_ACCOUNTS), (row) => row.account_id, stagedOf);
    return { items: [{ savedAtMs: nowMs, accounts: items }], next };
});
function stagedOf(row) {
    return {
        accountId: row.account_id,
        incarnation: row.incarnation,
        clientId: Number(row.client_id),
        currency: row.currency,
        balances: balancesOf(row)
    };
}
//# sourceMappingURL=snapshot-staging.js.map