/** Measures the service on PostgreSQL alone: `npm run bench:postgres`, or with `-- --quick` one short round. */
import { execFileSync } from 'node:child_process';
import { LOAD_CORE } from './processes.js';
import { measurePostgres } from './postgres.js';
import { describe } from './results.js';
import { ACCOUNTS, FEW } from './services.js';
const isQuick = process.argv.includes('--quick');
function say(line) {
    process.stdout.write(`${line}\n`);
}
execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', String(LOAD_CORE), String(process.pid)], {
    stdio: 'ignore'
});
const bench = {
    folder: '',
    say,
    memorySeconds: [0, 0],
    ...isQuick ? { rounds: 1, seconds: 2, warmUpSeconds: 2 } : { rounds: 3, seconds: 4, warmUpSeconds: 4 }
};
const rows = [];
for (const accounts of [FEW, ACCOUNTS])
    rows.push(...await measurePostgres(bench, accounts));
say(`\n${rows.map(describe).join('\n')}`);
//# sourceMappingURL=postgres-main.js.map