// Runs compiled test files and tells at the end what failed and which took longest. tap's own runner would load a module
// loader into every process, and read all that they say beside them on the same cores.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'

/** Only what hangs takes so long, also on a machine with much else to do. */
const FILE_SECONDS_MAX = 300

const SLOWEST = 10

/** Files of these folders start no process. Some share one, because its start takes as long as their tests. */
const SHARING = /\/test\/(api|domain|exact-json|formats|http)\//

const FILES_A_PROCESS = 8

/** Puts files together that may share a process: those that say nothing about all tests of it. */
function shareProcesses (files) {
  const isSharing = (file) => SHARING.test(file) && !/^t\.(jobs|beforeEach|afterEach)/m.test(readFileSync(file, 'utf8'))
  const sharing = files.filter(isSharing)
  const shared = Array.from({ length: Math.ceil(sharing.length / FILES_A_PROCESS) }, (_, index) =>
    sharing.slice(index * FILES_A_PROCESS, (index + 1) * FILES_A_PROCESS))
  return [...files.filter((file) => !isSharing(file)).map((file) => [file]), ...shared]
}

/** Runs files in a process. @returns what it said, how many assertions passed and failed, and how long it took */
async function runFiles (files) {
  const startedMs = performance.now()
  const env = { ...process.env, TAP_TIMEOUT: String(FILE_SECONDS_MAX) }
  const program = files.map((file) => `await import(${JSON.stringify(resolve(file))})`).join('\n')
  const args = ['--enable-source-maps', '--input-type=module', '--eval', program]
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const said = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => { said.push(chunk) })
  const timer = setTimeout(() => { child.kill('SIGKILL') }, FILE_SECONDS_MAX * 1000)
  const exitCode = await new Promise((resolve, reject) => { child.on('error', reject).on('close', resolve) })
  clearTimeout(timer)
  const output = Buffer.concat(said).toString()
  const [first] = files
  const file = files.length === 1 ? first : `${first} and ${files.length - 1} behind it`
  return { file, output, seconds: (performance.now() - startedMs) / 1000, ...countIn(output, exitCode) }
}

/**
 * tap closes with a line such as "# { total: 12, pass: 11, fail: 1 }" and leaves out what is zero. A file that ends in any
 * other way has failed, also when none of its assertions did.
 */
function countIn (output, exitCode) {
  const summary = output.match(/^# \{ total: .*\}$/gm)?.at(-1) ?? ''
  const [passed, failed] = ['pass', 'fail'].map((name) => Number(new RegExp(` ${name}: (\\d+)`).exec(summary)?.[1] ?? 0))
  return { passed, failed: exitCode === 0 && passed > 0 ? failed : Math.max(1, failed) }
}

async function runNext (processes, results) {
  for (let files = processes.shift(); files !== undefined; files = processes.shift()) {
    const result = await runFiles(files)
    results.push(result)
    if (result.failed > 0) console.log(result.output)
    console.log(`${result.failed > 0 ? 'not ok' : 'ok'} ${result.seconds.toFixed(1).padStart(5)} s  ${result.file}`)
  }
}

const processes = shareProcesses(process.argv.slice(2))
const results = []
await Promise.all(Array.from({ length: availableParallelism() }, async () => { await runNext(processes, results) }))
const sum = (name) => results.reduce((total, result) => total + result[name], 0)
const listFiles = (some) => some.map(({ seconds, file }) => `${seconds.toFixed(1).padStart(6)}  ${file}`).join('\n')
const byTime = results.toSorted((one, other) => other.seconds - one.seconds)
console.log(`The slowest files, in seconds:\n${listFiles(byTime.slice(0, SLOWEST))}`)
const failures = byTime.filter(({ failed }) => failed > 0)
if (failures.length > 0) console.log(`These failed:\n${listFiles(failures)}`)
console.log(`${sum('passed')} passed, ${sum('failed')} failed`)
process.exitCode = failures.length > 0 ? 1 : 0
