// Runs compiled test files, each in a process of its own, and tells at the end what failed and which took longest.
// tap's own runner would load a module loader into every process, and read all that they say on the same cores.
import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'

/** Only what hangs takes so long, also on a machine with much else to do. */
const FILE_SECONDS_MAX = 300

const SLOWEST = 10

/** Runs one file. @returns what it said, how many of its assertions passed and failed, and how long it took */
async function runFile (file) {
  const startedMs = performance.now()
  const env = { ...process.env, TAP_TIMEOUT: String(FILE_SECONDS_MAX) }
  const child = spawn(process.execPath, ['--enable-source-maps', file], {
    env, stdio: ['ignore', 'pipe', 'pipe'], timeout: FILE_SECONDS_MAX * 1000, killSignal: 'SIGKILL'
  })
  const said = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => { said.push(chunk) })
  const exitCode = await new Promise((resolve, reject) => { child.on('error', reject).on('close', resolve) })
  const output = Buffer.concat(said).toString()
  return { file, output, seconds: (performance.now() - startedMs) / 1000, ...countIn(output, exitCode) }
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

async function runNext (files, results) {
  for (let file = files.shift(); file !== undefined; file = files.shift()) {
    const result = await runFile(file)
    results.push(result)
    if (result.failed > 0) console.log(result.output)
    console.log(`${result.failed > 0 ? 'not ok' : 'ok'} ${result.seconds.toFixed(1).padStart(5)} s  ${file}`)
  }
}

const files = process.argv.slice(2)
const results = []
await Promise.all(Array.from({ length: availableParallelism() }, async () => { await runNext(files, results) }))
const sum = (name) => results.reduce((total, result) => total + result[name], 0)
const listFiles = (some) => some.map(({ seconds, file }) => `${seconds.toFixed(1).padStart(6)}  ${file}`).join('\n')
const byTime = results.toSorted((one, other) => other.seconds - one.seconds)
console.log(`The slowest files, in seconds:\n${listFiles(byTime.slice(0, SLOWEST))}`)
const failures = byTime.filter(({ failed }) => failed > 0)
if (failures.length > 0) console.log(`These failed:\n${listFiles(failures)}`)
console.log(`${sum('passed')} passed, ${sum('failed')} failed`)
process.exitCode = failures.length > 0 ? 1 : 0
