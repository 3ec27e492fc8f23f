import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../src/package-root.js';
import { startMockoon, startPostgres, startPrism, startWireMock } from './peers.js';
import { residentMegabytes, runPinned } from './processes.js';
import { divide, median } from './results.js';
import { CONNECTIONS, copySeed, databasePath, FASTIFY, FEW, load, measureOnce, OURS, startAgain, startOther, startOurs, waitSeconds } from './services.js';
const STATEMENTS = fileURLToPath(new URL('statements.js', import.meta.url));
const MICRO = fileURLToPath(new URL('micro.js', import.meta.url));
/**
 * Requests a second at 64 connections over a number of accounts: ours and all the others, one after the other in each
 * round.
 */
export async function compareServices(bench, accounts, goals) {
    const services = [
        [OURS, async () => await startOurs(bench, accounts)],
        [FASTIFY, async () => await startOther('no-database', bench)],
        ['WireMock', async () => await startWireMock(bench.folder)],
        ['Prism', async () => await startPrism(bench.folder)],
        ['Mockoon', async () => await startMockoon(bench.folder)],
        ['Fastify, pg and PostgreSQL', async () => await startPostgres(accounts)]
    ];
    const figures = {};
    const faults = new Map();
    for (let round = 0; round < bench.rounds; round += 1) {
        for (const [name, start] of services) {
            if (faults.has(name))
                continue;
            try {
                addTo(figures, name, await measureOnce(bench, name, start, CONNECTIONS, { accounts }));
            }
            catch (error) {
                const reason = String(error).split('\n').slice(0, 4).join(' ').replaceAll(fileURLToPath(packageRoot), '');
                faults.set(name, reason);
                bench.say(`NOT MEASURED ${name}: ${reason}`);
            }
        }
    }
    const rows = services.slice(1).map(([name]) => ({
        measure: `requests/s, ${accounts} accounts ÷ ${name}`,
        goal: goals[name] === undefined ? undefined : { atLeast: goals[name] },
        values: divide(figures[OURS]?.requestsPerSecond ?? [], figures[name]?.requestsPerSecond ?? []),
        ...faults.has(name) ? { note: String(faults.get(name)) } : {}
    }));
    return { figures, rows };
}
function addTo(figures, name, seen) {
    const all = figures[name] ??= { requestsPerSecond: [], p50Ms: [], p99Ms: [], cpuMicroseconds: [] };
    for (const key of ['requestsPerSecond', 'p50Ms', 'p99Ms', 'cpuMicroseconds'])
        all[key].push(seen[key]);
}
async function measureStatements(bench, accounts, groupSize) {
    const path = await copySeed(bench, accounts);
    const output = runPinned([
        process.execPath,
        STATEMENTS,
        path,
        String(accounts),
        String(groupSize),
        String(bench.seconds)
    ]);
    return JSON.parse(output);
}
/** What a lone client waits for, beside Fastify and SQLite, and how even the answers are at 16 connections. */
export async function measureLatency(bench) {
    const [lone, spread, emptySpread] = [[], [], []];
    for (let round = 0; round < bench.rounds; round += 1) {
        const ours = await measureOnce(bench, OURS, async () => await startOurs(bench, FEW), 1, { accounts: FEW });
        const bare = await measureOnce(bench, FASTIFY, async () => await startOther('no-database', bench), 1, { accounts: FEW });
        const sqlite = await measureStatements(bench, FEW, 1);
        bench.say(`${'the same statements, better-sqlite3 alone'.padEnd(44)} p50 ${sqlite.p50Ms.toFixed(2)} ms`);
        lone?.push(ours.p50Ms / (bare.p50Ms + sqlite.p50Ms));
        const { p50Ms, p99Ms } = await measureOnce(bench, OURS, async () => await startOurs(bench, FEW), 16, {
            accounts: FEW
        });
        spread?.push(p99Ms / p50Ms);
        const empty = await measureOnce(bench, FASTIFY, async () => await startOther('no-database', bench), 16, { accounts: FEW });
        emptySpread?.push(empty.p99Ms / empty.p50Ms);
    }
    return [
        {
            measure: 'a lone client: p50 ÷ (p50 of Fastify + p50 of the statements alone)',
            goal: { atMost: 1.25 },
            values: lone ?? []
        },
        { measure: 'p99 ÷ p50 at 16 connections', goal: { atMost: 3 }, values: spread ?? [] },
        {
            measure: 'the same of Fastify, no database: what the machine itself adds',
            goal: undefined,
            values: emptySpread ?? []
        }
    ];
}
/** How much very many accounts cost beside many. */
export async function measureScale(bench, [many, veryMany]) {
    const rates = { [many]: [], [veryMany]: [] };
    for (let round = 0; round < bench.rounds; round += 1) {
        for (const accounts of [many, veryMany]) {
            const start = async () => await startOurs(bench, accounts);
            const { requestsPerSecond } = await measureOnce(bench, `${OURS}, ${accounts} accounts`, start, CONNECTIONS, { accounts });
            rates[accounts]?.push(requestsPerSecond);
        }
    }
    const values = divide(rates[veryMany] ?? [], rates[many] ?? []);
    return [{ measure: `requests/s, ${veryMany} accounts ÷ ${many}`, goal: { atLeast: 0.7 }, values }];
}
/** How long a start takes after a kill in the middle of load, until the service is ready. */
export async function measureRestart(bench, accounts) {
    const values = [];
    for (let round = 0; round < bench.rounds; round += 1) {
        const running = await startOurs(bench, accounts);
        const broken = load(bench, running, CONNECTIONS, { accounts, warmUpSeconds: 0, seconds: 60 }).catch(() => { });
        await waitSeconds(bench.seconds);
        await running.kill();
        await broken;
        const startMs = performance.now();
        const again = await startAgain(bench);
        await untilReady(again.port);
        values.push((performance.now() - startMs) / 1000);
        await again.stop();
    }
    return [{
            measure: `start after a kill under load, ${accounts} accounts, seconds until ready`,
            goal: { atMost: 2 },
            values
        }];
}
async function untilReady(port) {
    while (!(await fetch(`http://127.0.0.1:${port}/health/ready`)).ok)
        await waitSeconds(0.01);
}
/** Where the processor time of one request goes at 64 connections. */
export async function measureParts(bench) {
    const parts = {};
    const add = (part, microseconds) => { (parts[part] ??= []).push(microseconds); };
    for (let round = 0; round < bench.rounds; round += 1) {
        const whole = await measureOnce(bench, OURS, async () => await startOurs(bench, FEW), CONNECTIONS, {
            accounts: FEW
        });
        const noStore = await measureOnce(bench, `${OURS} over an empty store`, async () => await startOther('no-store', bench), CONNECTIONS, { accounts: FEW });
        const sqlite = await measureStatements(bench, FEW, CONNECTIONS);
        const reading = Number(runPinned([process.execPath, MICRO, 'reading']));
        add('HTTP, hooks and the answer', noStore.cpuMicroseconds - reading);
        add('reading: parse, validate, translate, fingerprint', reading);
        add('statements', sqlite.statementsUs);
        add('commit', sqlite.commitUs);
        add('planning and the rest of the store', whole.cpuMicroseconds - noStore.cpuMicroseconds - sqlite.statementsUs - sqlite.commitUs);
    }
    return Object.entries(parts).map(([part, values]) => ({
        measure: `processor time a request, µs: ${part}`,
        goal: undefined,
        values
    }));
}
/** Whether memory and the write-ahead log stay bounded under lasting load. */
export async function measureMemory(bench) {
    const [first, last] = bench.memorySeconds;
    const running = await startOurs(bench);
    const wal = `${databasePath(bench)}-wal`;
    const walMegabytes = [];
    const watch = setInterval(() => { walMegabytes.push(statSync(wal, { throwIfNoEntry: false })?.size ?? 0); }, 1000);
    try {
        await load(bench, running, CONNECTIONS, { warmUpSeconds: 0, seconds: first });
        const early = residentMegabytes(running.pid);
        await load(bench, running, CONNECTIONS, { warmUpSeconds: 0, seconds: last - first });
        const late = residentMegabytes(running.pid);
        const walMax = Math.max(...walMegabytes) / 1e6;
        bench.say(`memory after ${first} s ${early.toFixed(0)} MB, after ${last} s ${late.toFixed(0)} MB; WAL median ` +
            `${(median(walMegabytes) / 1e6).toFixed(0)} MB`);
        return [
            { measure: `memory after ${last} s of load ÷ after ${first} s`, goal: { atMost: 1.1 }, values: [late / early] },
            { measure: 'largest write-ahead log, MB', goal: undefined, values: [walMax] }
        ];
    }
    finally {
        clearInterval(watch);
        await running.stop();
    }
}
//# sourceMappingURL=measures.js.map