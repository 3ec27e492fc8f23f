// Runs compiled test files, each in a process of its own, and tells at the end which took longest. tap's command would
// load a module loader into every process, which takes longer than most of our files.
import { availableParallelism } from 'node:os'
import t from 'tap'

/** Only what hangs takes so long, also on a machine with much else to do. */
const FILE_SECONDS_MAX = 600

const SLOWEST = 10

const started = []
t.on('spawn', (file) => { started.push(file) })
t.jobs = availableParallelism()
t.setTimeout(0)
const env = { ...process.env, TAP_TIMEOUT: String(FILE_SECONDS_MAX) }
for (const file of process.argv.slice(2)) {
  // Without NODE_OPTIONS, in which tap hands its loader on.
  const command = ['-u', 'NODE_OPTIONS', process.execPath, '--enable-source-maps', file]
  t.spawn('/usr/bin/env', command, { env, buffered: true, timeout: FILE_SECONDS_MAX * 1000 }, file)
}

process.once('exit', () => {
  const slowest = started.sort((one, other) => other.time - one.time).slice(0, SLOWEST)
  console.log(`The slowest files, in seconds:\n${slowest.map(({ name, time }) => `${(time / 1000).toFixed(1).padStart(6)}  ${name}`).join('\n')}`)
})
