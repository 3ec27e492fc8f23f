import { createInterface } from 'node:readline';
import Database from 'better-sqlite3';
const database = new Database(process.argv[2], { readonly: true, fileMustExist: true });
const findAnswer = database.prepare('SELECT operation_id, answer_body FROM operations WHERE identifier = ? AND answer_body IS NOT NULL');
const findChanges = database.prepare('SELECT account_id, change_id, actual, blocked FROM balance_changes WHERE operation_id = ? ORDER BY item_index');
const findBalances = database.prepare('SELECT account_id, last_change_id AS change_id, actual, blocked FROM balances WHERE account_id = ?');
const findFalse = database.prepare(`SELECT balances.account_id FROM balances JOIN (
    SELECT account_id, max(change_id) AS change_id FROM balance_changes GROUP BY account_id
  ) AS newest USING (account_id)
  JOIN balance_changes AS change ON change.change_id = newest.change_id
  WHERE (balances.last_change_id, balances.actual, balances.blocked)
    <> (change.change_id, change.actual, change.blocked)`).pluck();
const look = database.transaction(({ identifier, body }) => {
    const falseAccounts = findFalse.all()
        .map((accountId) => `account ${accountId} has other balances than its newest change`);
    const operation = findAnswer.get(identifier);
    if (operation === undefined)
        return [...falseAccounts, `${identifier} is not there`];
    const changes = findChanges.all(operation.operation_id);
    const { body: { results } } = JSON.parse(body);
    const updated = results.flatMap((result) => result.status === 'updated' ? [result.account_id] : []);
    return [
        ...falseAccounts,
        ...operation.answer_body === body ? [] : [`${identifier} has another answer: ${operation.answer_body}`],
        ...changes.map((change) => String(change.account_id)).join() === updated.join()
            ? []
            : [`${identifier} has changes of ${changes.length} accounts, and answered ${updated.length}`],
        ...changes.flatMap((change) => isBehind(change) ? [`account ${change.account_id} is behind ${identifier}`] : [])
    ];
});
/** The account has been set again since, or has what the change says. */
function isBehind(change) {
    const now = findBalances.get(change.account_id);
    if (now === undefined || now.change_id < change.change_id)
        return true;
    return now.change_id === change.change_id && (now.actual !== change.actual || now.blocked !== change.blocked);
}
for await (const line of createInterface({ input: process.stdin })) {
    process.stdout.write(`${JSON.stringify(look.deferred(JSON.parse(line)))}\n`);
}
database.close();
//# sourceMappingURL=outside-reader-process.js.map