/**
 * Measures the service beside its alternatives. `npm run bench`, or `npm run bench -- --quick` for two minutes of it.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../src/package-root.js';
import { drawChart } from './chart.js';
import { compareServices, measureLatency, measureMemory, measureParts, measureRestart, measureScale } from './measures.js';
import { installPeers } from './peers.js';
import { measurePostgres } from './postgres.js';
import { LOAD_CORE } from './processes.js';
import { describe } from './results.js';
import { FEW } from './services.js';
const MANY = 200_000;
/** The goals of requests/s at 64 connections, beside each of the others. */
const FEW_GOALS = { 'Fastify, no database': 0.28, WireMock: 2, Mockoon: 2, Prism: 1.8, 'Fastify, pg and PostgreSQL': 4 };
const MANY_GOALS = { 'Fastify, no database': 0.13, WireMock: 1.1, Mockoon: 1.1, 'Fastify, pg and PostgreSQL': 2.5 };
const isQuick = process.argv.includes('--quick');
const RESULTS = fileURLToPath(new URL('bench/results/', packageRoot));
const DATA = fileURLToPath(new URL('data/', packageRoot));
function say(line) {
    process.stdout.write(`${line}\n`);
}
execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', String(LOAD_CORE), String(process.pid)], {
    stdio: 'ignore'
});
mkdirSync(DATA, { recursive: true });
const bench = {
    folder: mkdtempSync(join(DATA, 'bench-')),
    say,
    ...isQuick
        ? { rounds: 1, seconds: 1.5, warmUpSeconds: 2.5, memorySeconds: [5, 10] }
        : { rounds: 3, seconds: 4, warmUpSeconds: 6, memorySeconds: [60, 300] }
};
try {
    const startLoad = loadavg();
    const missing = installPeers();
    for (const [name, reason] of missing)
        say(`MISSING PEER ${name}: ${reason}`);
    const few = await compareServices(bench, FEW, FEW_GOALS);
    const many = await compareServices(bench, MANY, MANY_GOALS);
    const rows = [
        ...few.rows,
        ...many.rows,
        ...await measurePostgres(bench, FEW),
        ...await measurePostgres(bench, MANY),
        ...await measureLatency(bench),
        ...await measureScale(bench, [MANY, isQuick ? MANY : 1_000_000]),
        ...await measureRestart(bench, isQuick ? MANY : 1_000_000),
        ...await measureParts(bench),
        ...await measureMemory(bench)
    ];
    say(`\n${rows.map(describe).join('\n')}`);
    const machine = {
        processor: cpus()[0]?.model ?? 'unknown',
        cores: cpus().length,
        node: process.version,
        system: readFileSync('/etc/os-release', 'utf8').match(/PRETTY_NAME="(.*)"/)?.[1],
        /** Of one minute, before and after. Above 2 while the bench starts, other programs want the same cores. */
        load_average: [startLoad[0], loadavg()[0]]
    };
    const date = new Date().toISOString().slice(0, 10);
    const name = isQuick ? `${date}-quick` : date;
    mkdirSync(RESULTS, { recursive: true });
    writeFileSync(join(RESULTS, `${name}.json`), `${JSON.stringify({
        date,
        is_quick: isQuick,
        machine,
        settings: { ...bench, folder: undefined },
        missing_peers: Object.fromEntries(missing),
        services: { few: few.figures, many: many.figures },
        rows
    }, null, 2)}\n`);
    writeFileSync(join(RESULTS, `${name}.svg`), drawChart(few.figures, machine));
    say(`\nWritten to bench/results/${name}.json and .svg`);
}
finally {
    rmSync(bench.folder, { recursive: true, force: true });
}
//# sourceMappingURL=main.js.map