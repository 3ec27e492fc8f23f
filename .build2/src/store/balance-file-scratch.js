import Database from 'better-sqlite3';
/**
 * Makes the scratch of one run. Only the process that reads the file needs it, so that it is no part of the engine: it
 * is a temporary database of SQLite's own, which goes to disk when it grows, so that a file of a million records needs
 * little memory. All of it is one transaction that is never committed: it ends with the run.
 */
export function makeBalanceFileScratch() {
    const database = new Database('').defaultSafeIntegers(true);
    database.exec(`
    PRAGMA journal_mode = OFF;
    BEGIN;
    CREATE TABLE seen (record_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
    CREATE TABLE settings (
      account_id INTEGER, incarnation INTEGER, actual INTEGER, blocked INTEGER, line INTEGER,
      PRIMARY KEY (account_id, incarnation)
    ) STRICT, WITHOUT ROWID`);
    const findRecord = database.prepare('SELECT 1 FROM seen WHERE record_id = ?').pluck();
    const insertRecord = database.prepare('INSERT INTO seen VALUES (?) ON CONFLICT DO NOTHING');
    const findSetting = database.prepare('SELECT actual, blocked, line FROM settings WHERE account_id = ? AND incarnation = ?');
    const insertSetting = database.prepare('INSERT INTO settings VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING');
    return {
        isSeen: (recordId) => findRecord.get(recordId) !== undefined,
        findSetting: ({ accountId, incarnation }) => {
            const row = findSetting.get(accountId, incarnation);
            return row && { balances: { actual: row.actual, blocked: row.blocked }, line: Number(row.line), sameRun: true };
        },
        add: ({ recordIds, settings }) => {
            for (const recordId of recordIds)
                insertRecord.run(recordId);
            for (const { account: { accountId, incarnation }, setting: { balances, line } } of settings) {
                insertSetting.run(accountId, incarnation, balances.actual, balances.blocked, line);
            }
        },
        close: () => { database.close(); }
    };
}
//# sourceMappingURL=balance-file-scratch.js.map