/**
 * Measures how fast card payments are decided. `npm run bench:stand-in`, or with `-- --quick` one short round.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packageRoot } from '../src/package-root.js'
import { LOAD_CORE } from './processes.js'
import { describe } from './results.js'
import { databasePath, type Bench } from './services.js'
import { measureStandIn } from './stand-in.js'

const DATA = fileURLToPath(new URL('data/', packageRoot))

const isQuick = process.argv.includes('--quick')

execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', String(LOAD_CORE), String(process.pid)], {
  stdio: 'ignore'
})
mkdirSync(DATA, { recursive: true })
const folder = mkdtempSync(join(DATA, 'bench-stand-in-'))
const bench: Bench = {
  folder,
  say: (line) => { process.stdout.write(`${line}\n`) },
  memorySeconds: [0, 0],
  ...isQuick ? { rounds: 1, seconds: 4, warmUpSeconds: 2 } : { rounds: 4, seconds: 6, warmUpSeconds: 3 }
}
const clear = (): void => {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${databasePath(bench)}${suffix}`, { force: true })
}
try {
  for (const row of await measureStandIn(bench, clear)) bench.say(describe(row))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
