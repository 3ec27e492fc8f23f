import { change, reading, slicedReading } from '../engine.js';
import { all, draw, eachFirst, eachRun, first, FOR_UPDATE, int8, locking, run, sql, statement } from '../sql.js';
import { ascending } from './account-memory.js';
import { balancesOf } from './known-accounts.js';
import { pageOf } from './page.js';
/** SELECT of a {@link SnapshotRow}. One without a name is not seen. */
const SELECT_SNAPSHOTS = sql `SELECT snapshot_id, name, saved_at_ms, covers_all, account_count FROM snapshots
  WHERE name IS NOT NULL`;
const ACCOUNT_EXISTS = locking(statement `SELECT account_id FROM balances WHERE account_id = ${int8}`);
const SAVE_ACCOUNT = statement `INSERT INTO snapshot_balances
    (snapshot_id, account_id, incarnation, client_id, currency, actual, blocked)
  SELECT ${int8}, account_id, incarnation, client_id, currency, actual, blocked
  FROM accounts JOIN balances USING (account_id) WHERE account_id = ${int8}`;
/** How many accounts of a snapshot are read at a time. */
const SLICE_ACCOUNTS = 1000n;
/** Finds a snapshot by its name, as a part of an operation. */
export function* findByName(name) {
    const row = yield* first(sql `${SELECT_SNAPSHOTS} AND name = ${name}`);
    return row && snapshotOf(row);
}
/** Finds it, and lets nobody hide or remove it before the end of the transaction. */
export function* lockByName(name) {
    const row = yield* first(sql `${SELECT_SNAPSHOTS} AND name = ${name} ${FOR_UPDATE}`);
    return row && snapshotOf(row);
}
export const findSnapshot = reading(function* (_context, name) {
    return yield* findByName(name);
});
/** Lists snapshots in the order in which they were begun. */
export const listSnapshots = reading(function* (_context, { from = 1n, limit }) {
    const rows = yield* all(sql `${SELECT_SNAPSHOTS} AND snapshot_id >= ${from} ORDER BY snapshot_id LIMIT ${BigInt(limit + 1)}`);
    return pageOf(rows, limit, (row) => row.snapshot_id, snapshotOf);
});
/** Reads a snapshot and its accounts by number. Gives nothing when there is no such snapshot. */
export const readSnapshot = slicedReading(function* (context, from, name) {
    const snapshot = yield* findByName(name);
    if (snapshot === undefined)
        return { items: [], next: undefined };
    const rows = yield* all(sql `SELECT account_id, client_id, currency, actual, blocked
    FROM snapshot_balances WHERE snapshot_id = ${snapshot.snapshotId} AND account_id >= ${from ?? 1n}
    ORDER BY account_id LIMIT ${SLICE_ACCOUNTS + 1n}`);
    const { items, next } = pageOf(rows, Number(SLICE_ACCOUNTS), (row) => row.account_id, (row) => savedAccountOf(row, context));
    return { items: [{ snapshot, accounts: items }], next };
});
/** Saves the balances of up to 1000 chosen accounts. */
export const saveChosen = change(function* ({ nowMs }, name, accountIds) {
    if (yield* findByName(name))
        return { kind: 'name-taken' };
    // Locked until all are saved, so that they are of one moment.
    const numbers = ascending(accountIds);
    const found = yield* eachFirst(ACCOUNT_EXISTS, numbers.map((accountId) => [accountId]));
    const known = new Set(found.map((row) => row?.account_id));
    const unknown = accountIds.flatMap((accountId, index) => known.has(accountId) ? [] : [index]);
    if (unknown.length > 0)
        return { kind: 'accounts-unknown', indexes: unknown };
    const snapshot = { name, savedAt: new Date(nowMs), coversAll: false, accountCount: accountIds.length };
    const snapshotId = yield* insertSnapshot(snapshot);
    yield* eachRun(SAVE_ACCOUNT, accountIds.map((accountId) => [snapshotId, accountId]));
    return { kind: 'saved', snapshot: { snapshotId, ...snapshot } };
});
/** Writes a snapshot without its accounts, as a part of an operation. @returns its number */
export function* insertSnapshot({ name, savedAt, coversAll, accountCount }) {
    const snapshotId = yield* draw('snapshot');
    yield* run(sql `INSERT INTO snapshots (snapshot_id, name, saved_at_ms, covers_all, account_count)
    VALUES (${snapshotId}, ${name}, ${BigInt(savedAt.getTime())}, ${coversAll ? 1n : 0n}, ${BigInt(accountCount)})`);
    return snapshotId;
}
function snapshotOf(row) {
    return {
        snapshotId: row.snapshot_id,
        name: row.name,
        savedAt: new Date(Number(row.saved_at_ms)),
        coversAll: row.covers_all === 1n,
        accountCount: Number(row.account_count)
    };
}
function savedAccountOf(row, { currencyOf }) {
    return {
        accountId: row.account_id,
        clientId: Number(row.client_id),
        currency: currencyOf(row.currency),
        balances: balancesOf(row)
    };
}
//# sourceMappingURL=snapshots.js.map