/**
 * Measures what the journal of requests costs: the same load with and without it, in turn. `npm run bench:journal`, or
 * with `-- --quick` two short rounds.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../src/package-root.js';
import { LOAD_CORE } from './processes.js';
import { describe, divide } from './results.js';
import { CONNECTIONS, FEW, measureOnce, startOurs } from './services.js';
const DATA = fileURLToPath(new URL('data/', packageRoot));
/** As a quotient of requests a second it allows the same as 1.03 does of times. */
const SLOWER_AT_MOST = 1.03;
const isQuick = process.argv.includes('--quick');
execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', String(LOAD_CORE), String(process.pid)], {
    stdio: 'ignore'
});
mkdirSync(DATA, { recursive: true });
const folder = mkdtempSync(join(DATA, 'bench-journal-'));
const bench = {
    folder,
    say: (line) => { process.stdout.write(`${line}\n`); },
    memorySeconds: [0, 0],
    ...isQuick ? { rounds: 2, seconds: 4, warmUpSeconds: 2 } : { rounds: 6, seconds: 6, warmUpSeconds: 3 }
};
try {
    for (const [connections, figure] of [[CONNECTIONS, 'requestsPerSecond'], [1, 'p50Ms']]) {
        const seen = {};
        for (let round = 0; round < bench.rounds; round += 1) {
            const turns = ['1000', '0'];
            for (const requests of round % 2 === 0 ? turns : turns.reverse()) {
                const name = requests === '0' ? 'without a journal' : 'with the journal';
                const start = async () => await startOurs(bench, FEW, { JOURNAL_REQUESTS: requests });
                const result = await measureOnce(bench, name, start, connections, { accounts: FEW });
                const { wire, processor } = seen[requests] ??= { wire: [], processor: [] };
                wire.push(figure === 'p50Ms' ? result.p50Ms : 1 / result.requestsPerSecond);
                processor.push(result.cpuMicroseconds);
            }
        }
        for (const [measure, of] of [[figure, 'wire'], ['processor time a request', 'processor']]) {
            bench.say(describe({
                measure: `${measure}, ${connections} connections, with the journal ÷ without`,
                goal: of === 'wire' ? { atMost: SLOWER_AT_MOST } : undefined,
                values: divide(seen['1000']?.[of] ?? [], seen['0']?.[of] ?? [])
            }));
        }
    }
}
finally {
    rmSync(folder, { recursive: true, force: true });
}
//# sourceMappingURL=journal-main.js.map