// Runs compiled test files, several in a process, because its start takes longer than most files. Tells at the end what
// failed and which files took longest. tap's own runner would load a module loader into every process.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

/** Only what hangs takes so long, also on a machine with much else to do. */
const PROCESS_SECONDS_MAX = 300

const SLOWEST = 10

/** What a file may say of all tests of its process. Such a file has a process of its own. */
const SAYS_OF_ALL = /^t\.(jobs|beforeEach|afterEach)|^process\.env/m

const FILES_A_PROCESS = 6

/** One more than there are processors: a test waits for its database and for its processes. */
const JOBS = availableParallelism() + 1

/** Deals files out to processes, neighbours to different ones: they take about as long as each other. */
function shareProcesses (files) {
  const isAlone = (file) => SAYS_OF_ALL.test(readFileSync(file, 'utf8'))
  const sharing = files.filter((file) => !isAlone(file))
  const count = Math.ceil(sharing.length / FILES_A_PROCESS)
  const shared = Array.from({ length: count }, (_, number) => sharing.filter((_, index) => index % count === number))
  return [...files.filter(isAlone).map((file) => [file]), ...shared]
}

/** Runs files in a process. @returns what it said, how many assertions passed and failed, and each file's seconds */
async function runProcess (files) {
  const startedMs = performance.now()
  const env = { ...process.env, TAP_TIMEOUT: String(PROCESS_SECONDS_MAX) }
  const together = files.length > 1 ? ['test/together.js'] : []
  const child = spawn(process.execPath, ['--enable-source-maps', ...together, ...files], {
    env, stdio: ['ignore', 'pipe', 'pipe'], timeout: PROCESS_SECONDS_MAX * 1000, killSignal: 'SIGKILL'
  })
  const said = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => { said.push(chunk) })
  const exitCode = await new Promise((resolve, reject) => { child.on('error', reject).on('close', resolve) })
  const output = Buffer.concat(said).toString()
  const seconds = (performance.now() - startedMs) / 1000
  const times = together.length === 0
    ? [{ seconds, file: files[0] }]
    : [...output.matchAll(/^# ([\d.]+) s (.+)$/gm)].map(([, seconds, file]) => ({ seconds: Number(seconds), file }))
  return { files, output, seconds, times, ...countIn(output, exitCode) }
}

/**
 * tap closes with a line such as "# { total: 12, pass: 11, fail: 1 }" and leaves out what is zero. A file that ends in
 * any other way has failed, also when none of its assertions did.
 */
function countIn (output, exitCode) {
  const summary = output.match(/^# \{ total: .*\}$/gm)?.at(-1) ?? ''
  const countOf = (name) => Number(new RegExp(` ${name}: (\\d+)`).exec(summary)?.[1] ?? 0)
  const [passed, failed] = [countOf('pass'), countOf('fail')]
  return { passed, failed: exitCode === 0 && passed > 0 ? failed : Math.max(1, failed) }
}

async function runNext (processes, results) {
  for (let files = processes.shift(); files !== undefined; files = processes.shift()) {
    const result = await runProcess(files)
    results.push(result)
    if (result.failed > 0) console.log(result.output)
    console.log(`${result.failed > 0 ? 'not ok' : 'ok'} ${result.seconds.toFixed(1).padStart(5)} s  ${nameOf(files)}`)
  }
}

function nameOf ([file, ...others]) {
  return others.length === 0 ? file : `${file} and ${others.length} others`
}

const processes = shareProcesses(process.argv.slice(2))
const results = []
await Promise.all(Array.from({ length: JOBS }, async () => { await runNext(processes, results) }))
const sum = (name) => results.reduce((total, result) => total + result[name], 0)
const byTime = results.flatMap(({ times }) => times).toSorted((one, other) => other.seconds - one.seconds)
const slowest = byTime.slice(0, SLOWEST).map(({ seconds, file }) => `${seconds.toFixed(1).padStart(6)}  ${file}`)
console.log(`The slowest files, in seconds:\n${slowest.join('\n')}`)
const failures = results.filter(({ failed }) => failed > 0)
if (failures.length > 0) console.log(`These failed:\n${failures.map(({ files }) => nameOf(files)).join('\n')}`)
console.log(`${sum('passed')} passed, ${sum('failed')} failed`)
process.exitCode = failures.length > 0 ? 1 : 0
