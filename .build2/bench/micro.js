/** Where the time of one update goes: the pure parts, and the store without HTTP. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UpdateBalanceRequest } from '../schemas/paymentology.js';
import { readPreferences } from '../src/api/paymentology/preferences.js';
import { translateRequest } from '../src/api/paymentology/translate.js';
import { systemClock } from '../src/clock.js';
import { hashApiKey } from '../src/domain/api-key.js';
import { planBalanceUpdate } from '../src/domain/balance-update.js';
import { findCurrency } from '../src/domain/currency.js';
import { fingerprintOf } from '../src/domain/fingerprint.js';
import { parseExactJson } from '../src/exact-json/parse.js';
import { compileQuickReader } from '../src/exact-json/quick-read.js';
import { compileExact } from '../src/exact-json/validator.js';
import { openSqliteStore } from '../src/store/sqlite/store.js';
import { API_KEY, CURRENCY, prepareBodies } from './bodies.js';
import { seedDatabase } from './seed.js';
const ACCOUNTS = 200_000;
const ROUNDS = 5;
const PURE_REPEATS = 4000;
const STORE_REQUESTS = 6400;
/** Processor time is what counts here: it does not grow when other programs want the same core. */
function cpuMicroseconds() {
    const { user, system } = process.cpuUsage();
    return user + system;
}
function report(name, microseconds) {
    const sorted = [...microseconds].sort((left, right) => left - right);
    const shown = [sorted[Math.floor(sorted.length / 2)], sorted[0], sorted.at(-1)].map((value) => (value ?? NaN).toFixed(1));
    process.stdout.write(`${name.padEnd(52)}${shown[0]?.padStart(8)} µs   (${shown[1]} to ${shown[2]})\n`);
}
function measure(name, work) {
    for (let warm = 0; warm < PURE_REPEATS; warm += 1)
        work();
    report(name, Array.from({ length: ROUNDS }, () => {
        const before = cpuMicroseconds();
        for (let repeat = 0; repeat < PURE_REPEATS; repeat += 1)
            work();
        return (cpuMicroseconds() - before) / PURE_REPEATS;
    }));
}
async function measureStore(concurrent) {
    const folder = mkdtempSync(join(tmpdir(), 'stip-sandbox-bench-'));
    try {
        const path = join(folder, 'bench.sqlite');
        await seedDatabase(path, ACCOUNTS);
        const store = openSqliteStore({ path, pivotCurrency: '840', clock: systemClock });
        const next = prepareBodies(ACCOUNTS, 3000);
        const measurements = [];
        for (let round = 0; round < ROUNDS + 1; round += 1) {
            const updates = Array.from({ length: STORE_REQUESTS }, () => translateRequest(JSON.parse(next().toString()), plain, false));
            const before = cpuMicroseconds();
            for (let at = 0; at < updates.length; at += concurrent) {
                await Promise.all(updates.slice(at, at + concurrent).map(async (update) => await store.updateBalances(update)));
            }
            if (round > 0)
                measurements.push((cpuMicroseconds() - before) / STORE_REQUESTS);
        }
        await store.close();
        report(`store.updateBalances, ${concurrent} at a time`, measurements);
    }
    finally {
        rmSync(folder, { recursive: true });
    }
}
const plain = readPreferences(undefined);
const bytes = Buffer.from(prepareBodies(ACCOUNTS, 1)());
const text = bytes.toString();
const validate = compileExact(UpdateBalanceRequest);
const readQuickly = compileQuickReader(UpdateBalanceRequest);
const request = parseExactJson(bytes);
const { items } = translateRequest(request, plain, false);
const currency = findCurrency(CURRENCY);
const accounts = new Map(items.map(({ inputId, externalReference }) => [inputId, { accountId: inputId, currency, externalReference, balances: { actual: 0n, blocked: 0n } }]));
const context = {
    findAccount: (_type, id) => accounts.get(id),
    findRate: () => undefined,
    pivotCurrency: '840'
};
if (process.argv[2] === 'reading') {
    // For the bench, as one number.
    const read = () => { translateRequest((readQuickly?.(bytes) ?? request), plain, false); };
    for (let warm = 0; warm < PURE_REPEATS; warm += 1)
        read();
    const before = cpuMicroseconds();
    for (let repeat = 0; repeat < PURE_REPEATS; repeat += 1)
        read();
    process.stdout.write(String((cpuMicroseconds() - before) / PURE_REPEATS));
    process.exit();
}
process.stdout.write(`One request of 25 items, ${bytes.length} bytes; processor time, median (and range) of ` +
    `${ROUNDS} rounds\n`);
measure('hash the API key', () => hashApiKey(API_KEY));
measure('JSON.parse, for comparison', () => JSON.parse(text));
measure('parse', () => parseExactJson(bytes));
measure('validate', () => validate(request));
measure('read quickly (parse and validate)', () => readQuickly?.(bytes));
measure('translate, with fingerprint', () => translateRequest(request, plain, false));
measure('fingerprint alone', () => fingerprintOf({ items, userId: 'qa-7', remarks: 'nightly listing' }));
measure('plan', () => planBalanceUpdate(items, context));
for (const concurrent of [1, 16, 64])
    await measureStore(concurrent);
//# sourceMappingURL=micro.js.map