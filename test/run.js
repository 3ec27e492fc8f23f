// Runs compiled test files, many in a process, because its start takes longer than most files: some processes share the
// files, and each takes the next one. Tells at the end what failed and which files took longest. tap's own runner would
// load a module loader into every process.
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'

/** Only what hangs takes so long, also on a machine with much else to do. */
const PROCESS_SECONDS_MAX = 900

const SLOWEST = 10

/** What a file may say of all tests of its process. Such a file has a process of its own. */
const SAYS_OF_ALL = /^t\.(jobs|beforeEach|afterEach)|^process\.env/m

/** What tests leave behind in a process has an end. */
const FILES_A_PROCESS = 40

/** One more than there are processors: a test waits for its database and for its processes. */
const JOBS = availableParallelism() + 1

/** Runs Node. @returns what it said, how many assertions passed and failed, and its seconds */
async function runProcess (args) {
  const startedMs = performance.now()
  const env = { ...process.env, TAP_TIMEOUT: String(PROCESS_SECONDS_MAX) }
  const child = spawn(process.execPath, ['--enable-source-maps', ...args], {
    env, stdio: ['ignore', 'pipe', 'pipe'], timeout: PROCESS_SECONDS_MAX * 1000, killSignal: 'SIGKILL'
  })
  const said = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => { said.push(chunk) })
  const exitCode = await new Promise((resolve, reject) => { child.on('error', reject).on('close', resolve) })
  const output = Buffer.concat(said).toString()
  return { output, seconds: (performance.now() - startedMs) / 1000, ...countIn(output, exitCode) }
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

/** Leaves out the tests that succeeded. The end stays, which tells how a process ended. */
function failuresIn (output) {
  const parts = output.split(/^(?=# Subtest: )/m)
  return parts.filter((part, index) => /^ *not ok/m.test(part) || index === parts.length - 1).join('')
}

function report (name, { output, seconds, failed }) {
  if (failed > 0) console.log(failuresIn(output))
  console.log(`${failed > 0 ? 'not ok' : 'ok'} ${seconds.toFixed(1).padStart(5)} s  ${name}`)
}

/** Runs a file in a process of its own. */
async function runAlone (file) {
  const result = await runProcess([file])
  report(file, result)
  return { ...result, name: file, times: [{ seconds: result.seconds, file }] }
}

/** Runs some of the files, beside other processes that run the rest of them. */
async function runTogether (files, claims) {
  const result = await runProcess(['test/together.js', claims, String(FILES_A_PROCESS), ...files])
  const allOf = (pattern) => [...result.output.matchAll(pattern)]
  const times = allOf(/^# ([\d.]+) s (.+)$/gm).map(([, seconds, file]) => ({ seconds: Number(seconds), file }))
  const failures = new Set(allOf(/^# not ok (.+)$/gm).map(([, file]) => file))
  // A process that did not come to its end has failed in the last file that it read.
  const isAtEnd = times.length === FILES_A_PROCESS || /^ *ok 1 - none is left$/m.test(result.output)
  if (!isAtEnd || failures.size === 0) failures.add(allOf(/^ *# reads (.+)$/gm).at(-1)?.[1] ?? 'no file could be read')
  const name = result.failed > 0 ? [...failures].join('\n') : `${times.length} files`
  report(name, result)
  return { ...result, name, times }
}

async function runNext (alone, sharing, claims, results) {
  for (let file = alone.shift(); file !== undefined; file = alone.shift()) results.push(await runAlone(file))
  while (readdirSync(claims).length < sharing.length) {
    const result = await runTogether(sharing, claims)
    results.push(result)
    // One that ends so would end so again.
    if (result.times.length === 0 && result.failed > 0) return
  }
}

const files = process.argv.slice(2)
const alone = files.length === 1 ? files : files.filter((file) => SAYS_OF_ALL.test(readFileSync(file, 'utf8')))
const sharing = files.filter((file) => !alone.includes(file))
const claims = mkdtempSync(join(tmpdir(), 'stip-sandbox-claims-'))
const [queue, results] = [[...alone], []]
const jobs = Math.min(JOBS, files.length)
await Promise.all(Array.from({ length: jobs }, async () => { await runNext(queue, sharing, claims, results) }))
rmSync(claims, { recursive: true })
const sum = (name) => results.reduce((total, result) => total + result[name], 0)
const byTime = results.flatMap(({ times }) => times).toSorted((one, other) => other.seconds - one.seconds)
const slowest = byTime.slice(0, SLOWEST).map(({ seconds, file }) => `${seconds.toFixed(1).padStart(6)}  ${file}`)
console.log(`The slowest files, in seconds:\n${slowest.join('\n')}`)
const failures = results.filter(({ failed }) => failed > 0)
if (failures.length > 0) console.log(`These failed:\n${failures.map(({ name }) => name).join('\n')}`)
console.log(`${sum('passed')} passed, ${sum('failed')} failed`)
process.exitCode = failures.length > 0 ? 1 : 0
