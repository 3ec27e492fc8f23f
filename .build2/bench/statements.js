/**
 * The statements and the commit of one update, by better-sqlite3 alone: what SQLite itself costs. Arguments: a seeded
 * database, the number of accounts, how many requests share a commit, and for how many seconds. Prints JSON.
 */
import Database from 'better-sqlite3';
import { accountId, CLIENT_ID, CURRENCY, ITEMS_PER_REQUEST } from './bodies.js';
const [path = '', accounts = '', groupSize = '', seconds = ''] = process.argv.slice(2);
const database = new Database(path).defaultSafeIntegers(true);
database.pragma('journal_mode = WAL');
database.pragma('synchronous = FULL');
database.pragma('foreign_keys = ON');
const begin = database.prepare('BEGIN IMMEDIATE');
const commit = database.prepare('COMMIT');
const findAnswer = database.prepare('SELECT fingerprint FROM operations WHERE client_id = ? AND identifier = ? AND answer_body IS NOT NULL');
const findAccount = database.prepare('SELECT * FROM accounts JOIN balances USING (account_id) WHERE account_id = ?');
const draw = database.prepare('UPDATE sequences SET last_number = last_number + ? WHERE name = ? RETURNING last_number').pluck();
const insertOperation = database.prepare(`INSERT INTO operations (operation_id, source, client_id, identifier, fingerprint, answer_body, user_id, remarks,
    created_at_ms)
   VALUES (?, 'paymentology', ?, ?, ?, ?, 'qa-7', 'nightly listing', ?)`);
const insertChange = database.prepare(`INSERT INTO balance_changes (change_id, account_id, incarnation, position, previous_change_id, operation_id,
    item_index, currency, previous_actual, previous_blocked, actual, blocked, sent_actual, sent_blocked,
    sent_currency, rate)
   VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '1')`);
const setBalances = database.prepare(`UPDATE balances SET actual = ?, blocked = ?, last_change_id = ?, position = ?, updated_at_ms = ?
   WHERE account_id = ?`);
const FINGERPRINT = Buffer.alloc(32, 7);
const ANSWER = JSON.stringify({
    header: { error_id: 0, error_desc: 'success' },
    body: { total_failed: 0, failed_note: '' }
});
let requests = 0;
function update() {
    const identifier = `bench-${process.pid}-${requests++}`;
    findAnswer.get(CLIENT_ID, identifier);
    const operationId = draw.get(1, 'operation');
    let changeId = draw.get(ITEMS_PER_REQUEST, 'change') - BigInt(ITEMS_PER_REQUEST);
    const nowMs = BigInt(Date.now());
    insertOperation.run(operationId, CLIENT_ID, identifier, FINGERPRINT, ANSWER, nowMs);
    for (let index = 0; index < ITEMS_PER_REQUEST; index += 1) {
        const id = BigInt(accountId(Math.floor(Math.random() * Number(accounts))));
        const account = findAccount.get(id);
        if (account === undefined)
            throw new Error(`there is no account ${id}`);
        const [actual, blocked, position] = [BigInt(Math.floor(Math.random() * 1e8)), 5n, account.position + 1n];
        changeId += 1n;
        insertChange.run(changeId, id, position, account.last_change_id, operationId, index, CURRENCY, account.actual, account.blocked, actual, blocked, actual, blocked, CURRENCY);
        setBalances.run(actual, blocked, changeId, position, nowMs, id);
    }
}
function cpuMicroseconds() {
    const { user, system } = process.cpuUsage();
    return user + system;
}
/** Works for so long. @returns milliseconds of each transaction, and processor time of statements and of commits */
function work(forSeconds) {
    const latenciesMs = [];
    let [statementsUs, commitUs, count] = [0, 0, 0];
    const endMs = performance.now() + forSeconds * 1000;
    for (let startMs = performance.now(); startMs < endMs; startMs = performance.now()) {
        const beforeUs = cpuMicroseconds();
        begin.run();
        for (let request = 0; request < Number(groupSize); request += 1)
            update();
        const workedUs = cpuMicroseconds();
        commit.run();
        commitUs += cpuMicroseconds() - workedUs;
        statementsUs += workedUs - beforeUs;
        count += Number(groupSize);
        latenciesMs.push(performance.now() - startMs);
    }
    return { latenciesMs, statementsUs, commitUs, count };
}
work(1);
const { latenciesMs, statementsUs, commitUs, count } = work(Number(seconds));
const sorted = Float64Array.from(latenciesMs).sort();
const at = (share) => sorted[Math.floor((sorted.length - 1) * share)] ?? NaN;
process.stdout.write(JSON.stringify({
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    statementsUs: statementsUs / count,
    commitUs: commitUs / count
}));
database.close();
//# sourceMappingURL=statements.js.map