/**
 * Measures how long light updates wait while one large operation after the other runs: `npm run bench:stalls`. The
 * database has 200,000 accounts; a number as argument gives another count, and a word behind it only the operations
 * whose names begin so.
 */
import { execFile, execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { setInterval, setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { packageRoot } from '../src/package-root.js';
import { accountId, API_KEY, CLIENT_ID, CURRENCY, UPDATE_PATH } from './bodies.js';
import { LOAD_CORE, startPinned } from './processes.js';
import { seedDatabase } from './seed.js';
const ACCOUNTS = Number(process.argv[2] ?? 200_000);
const BEGINNING = process.argv[3] ?? '';
const ROWS = 1_000_000;
/** One update in this many milliseconds, over a number of accounts. */
const PERIOD_MS = 10;
const UPDATED_ACCOUNTS = 1000;
/** The goal of the longest wait. */
const GOAL_MS = 250;
const RESTORE_GOAL_MS = 2000;
const ADMIN_TOKEN = 'bench-admin-token';
const MAIN = fileURLToPath(new URL('../src/cli/main.js', import.meta.url));
const DATA = fileURLToPath(new URL('data/', packageRoot));
const run = promisify(execFile);
function say(line) {
    process.stdout.write(`${line}\n`);
}
let sent = 0;
/** Sends one update. @returns when it began, and how long its answer took */
async function update(agent, port) {
    sent += 1;
    const body = JSON.stringify({
        client_id: CLIENT_ID,
        api_call_unique_identifier: `stall-${process.pid}-${sent}`,
        balance_list: [{
                input_type: 'a',
                input_id: accountId(sent % UPDATED_ACCOUNTS),
                act_balance: sent % 100,
                blk_balance: 0,
                bill_ccy: CURRENCY
            }]
    });
    const headers = { 'x-api-key': API_KEY, 'content-type': 'application/json', 'content-length': body.length };
    const beganMs = performance.now();
    await new Promise((resolve, reject) => {
        request({ agent, port, host: '127.0.0.1', path: UPDATE_PATH, method: 'POST', headers }, (answer) => {
            answer.resume().on('end', resolve);
        }).on('error', reject).end(body);
    });
    return { beganMs, tookMs: performance.now() - beganMs };
}
/** Runs an operation from a process of its own, beside the load, and says how long updates took meanwhile. */
async function measure(running, { name, curl, goalMs = GOAL_MS }) {
    // The others need these two.
    if (!name.startsWith(BEGINNING) && !/^(scenario export|snapshot save)$/.test(name))
        return;
    const agent = new Agent({ keepAlive: true });
    const updates = [];
    const ending = new AbortController();
    const load = (async () => {
        for await (const port of setInterval(PERIOD_MS, running.port, { signal: ending.signal })) {
            updates.push(update(agent, port));
        }
    })();
    await wait(300);
    const fromMs = performance.now();
    const { stdout: status } = curl.length === 0
        ? { stdout: await wait(2000, '') }
        : await run('curl', ['-s', '-w', '%{http_code}', ...curl]);
    const toMs = performance.now();
    await wait(200);
    ending.abort();
    await load.catch(() => { });
    const waits = (await Promise.all(updates))
        .filter(({ beganMs, tookMs }) => beganMs + tookMs > fromMs && beganMs < toMs)
        .map(({ tookMs }) => tookMs)
        .sort((left, right) => left - right);
    agent.destroy();
    const at = (part) => (waits[Math.min(waits.length - 1, Math.floor(waits.length * part))] ?? NaN).toFixed(0);
    const verdict = Number(at(1)) <= goalMs ? 'reached' : 'NOT reached';
    say(`| ${name} | ${status} | ${(toMs - fromMs).toFixed(0)} | ${at(0.5)} | ${at(0.99)} | ${at(1)} | ≤ ${goalMs}: ` +
        `${verdict} |`);
}
function writeRows(path) {
    const rows = Array.from({ length: ROWS }, (_, index) => `r${index},${accountId(index % ACCOUNTS)},${CURRENCY},${index % ACCOUNTS % 50},0,`);
    writeFileSync(path, ['record_id,account_id,bill_ccy,act_balance,blk_balance,token', ...rows, ''].join('\n'));
}
/** Rows whose accounts are not there. */
function writeFailingRows(path) {
    const rows = Array.from({ length: ACCOUNTS }, (_, index) => `f${index},${index + 1},${CURRENCY},1,0,`);
    writeFileSync(path, ['record_id,account_id,bill_ccy,act_balance,blk_balance,token', ...rows, ''].join('\n'));
}
/** A history as the ECB publishes it: days, newest first, with a rate a currency. */
function writeRates(path) {
    const currencies = [
        'USD', 'JPY', 'CZK', 'DKK', 'GBP', 'HUF', 'PLN', 'SEK', 'CHF', 'ISK', 'NOK', 'TRY', 'AUD', 'BRL', 'CAD', 'CNY',
        'HKD', 'IDR', 'INR', 'KRW'
    ];
    const days = Array.from({ length: 7000 }, (_, day) => new Date(Date.UTC(2026, 0, 1) - day * 86_400_000).toISOString().slice(0, 10));
    const rows = days.map((day, index) => [day, ...currencies.map((_, place) => `${place + 1}.${1000 + index % 9000}`), ''].join(','));
    writeFileSync(path, [['Date', ...currencies, ''].join(','), ...rows, ''].join('\n'));
}
async function measureAll(folder) {
    const path = (name) => join(folder, name);
    const start = async (name) => await startPinned(() => [process.execPath, MAIN, 'serve'], {
        DATABASE_PATH: path(name), LOG_LEVEL: 'warn', ADMIN_TOKEN, RATE_LIMIT: '0'
    });
    await seedDatabase(path('full.sqlite'), ACCOUNTS);
    writeRows(path('rows.csv'));
    writeFailingRows(path('failing.csv'));
    writeRates(path('rates.csv'));
    const service = await start('full.sqlite');
    try {
        for (const operation of operationsOn(service.port, path)) {
            await measure(service, operation);
            if (operation.name === 'snapshot download')
                copyFileSync(path('answer'), path('snapshot.json'));
            if (operation.name === 'scenario export')
                copyFileSync(path('answer'), path('scenario.json'));
        }
    }
    finally {
        await service.stop();
    }
    const empty = await start('empty.sqlite');
    try {
        // The key of the updates is unknown until the scenario is there, and the service says so just as fast.
        const [, , load] = operationsOn(empty.port, path);
        if (load !== undefined)
            await measure(empty, { ...load, name: 'scenario load' });
    }
    finally {
        await empty.stop();
    }
}
function operationsOn(port, path) {
    const api = `http://127.0.0.1:${port}/sandbox/v1`;
    const common = ['-H', `authorization: Bearer ${ADMIN_TOKEN}`, '-o', path('answer')];
    const json = [...common, '-H', 'content-type: application/json'];
    const csv = [...common, '-H', 'content-type: text/csv', '--data-binary', `@${path('rows.csv')}`];
    const failing = [...common, '-H', 'content-type: text/csv', '--data-binary', `@${path('failing.csv')}`];
    return [
        { name: 'nothing', curl: [] },
        { name: 'scenario export', curl: [...common, `${api}/scenario`] },
        { name: 'scenario refused', curl: [...json, '--data-binary', `@${path('scenario.json')}`, `${api}/scenario`] },
        { name: 'snapshot save', curl: [...json, '-d', '{"name":"stalls"}', `${api}/snapshots`] },
        { name: 'snapshot download', curl: [...common, `${api}/snapshots/stalls/file`] },
        {
            name: 'snapshot upload',
            curl: [...json, '-X', 'PUT', '--data-binary', `@${path('snapshot.json')}`, `${api}/snapshots/copy/file`]
        },
        { name: 'snapshot delete', curl: [...common, '-X', 'DELETE', `${api}/snapshots/copy`] },
        { name: 'snapshot differences, few', curl: [...common, `${api}/snapshots/stalls/differences?limit=1000`] },
        {
            name: 'balance file, dry run',
            curl: [...csv, `${api}/balance-files?client_id=${CLIENT_ID}&file_name=a.csv&dry_run=true`]
        },
        { name: 'balance file', curl: [...csv, `${api}/balance-files?client_id=${CLIENT_ID}&file_name=a.csv`] },
        { name: 'balance file, sent again', curl: [...csv, `${api}/balance-files?client_id=${CLIENT_ID}&file_name=a.csv`] },
        {
            name: 'balance file of failures',
            curl: [...failing, `${api}/balance-files?client_id=${CLIENT_ID}&file_name=b.csv`]
        },
        { name: 'its feedback', curl: [...common, `${api}/balance-files/4/feedback`] },
        { name: 'snapshot differences, all', curl: [...common, `${api}/snapshots/stalls/differences?limit=1000`] },
        {
            name: 'snapshot restore, dry run',
            curl: [...common, '-X', 'POST', `${api}/snapshots/stalls/restore?dry_run=true`],
            goalMs: RESTORE_GOAL_MS
        },
        {
            name: 'snapshot restore',
            curl: [...common, '-X', 'POST', `${api}/snapshots/stalls/restore`],
            goalMs: RESTORE_GOAL_MS
        },
        {
            name: 'ECB import',
            curl: [...common, '-H', 'content-type: text/csv', '--data-binary', `@${path('rates.csv')}`, `${api}/rates/ecb`]
        },
        { name: 'prune', curl: [...json, '-d', JSON.stringify({ before: new Date().toISOString() }), `${api}/prune`] }
    ];
}
execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', String(LOAD_CORE), String(process.pid)], {
    stdio: 'ignore'
});
mkdirSync(DATA, { recursive: true });
const folder = mkdtempSync(join(DATA, 'stalls-'));
try {
    say(`Longest waits of updates, one every ${PERIOD_MS} ms, over ${ACCOUNTS} accounts:\n`);
    say('| operation | status | took ms | p50 ms | p99 ms | longest ms | goal |\n|---|---|---|---|---|---|---|');
    await measureAll(folder);
}
finally {
    rmSync(folder, { recursive: true, force: true });
}
//# sourceMappingURL=stalls.js.map