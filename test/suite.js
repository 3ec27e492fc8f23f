// The gate: lint, types, all tests, complete coverage. Everything is compiled once, and tap runs the JavaScript.
//
//   npm test                          everything
//   npm test -- test/domain/*.ts      these test files alone, without lint and coverage
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const BUILD = '.build'
const TAP_CLASS = 'node_modules/@tapjs/test/test-built/dist/esm/index.js'
const SLOWEST = 10

/** Runs a command of node_modules. @returns its exit code, and the seconds that it took */
async function run (command, args) {
  const startedMs = performance.now()
  const child = spawn(join('node_modules', '.bin', command), args, { stdio: 'inherit' })
  const status = await new Promise((resolve, reject) => { child.on('error', reject).on('close', resolve) })
  return { status: status ?? 1, seconds: (performance.now() - startedMs) / 1000 }
}

/** Runs a command without which nothing else makes sense. @returns the seconds that it took */
async function mustRun (command, args) {
  const { status, seconds } = await run(command, args)
  if (status !== 0) process.exit(status)
  return seconds
}

/** The files below a folder whose names end so. */
function listFiles (folder, ending) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending) && !file.includes('node_modules'))
    .map((file) => join(folder, file))
}

/** tap is built with the plugins of `.taprc` alone: two of the others load something into every process. */
async function buildTap () {
  const built = readFileSync(TAP_CLASS, 'utf8')
  const unwanted = [...readFileSync('.taprc', 'utf8').matchAll(/"!(.*)"/g)].map(([, plugin]) => plugin)
  return unwanted.some((plugin) => built.includes(`from "${plugin}"`)) ? await mustRun('tap', ['build']) : 0
}

/** Removes what was compiled from sources that are gone: a deleted test would still run. */
function removeStale () {
  for (const file of listFiles(BUILD, '.js')) {
    if (!existsSync(file.slice(BUILD.length + 1).replace(/\.js$/, '.ts'))) rmSync(file)
  }
}

async function compile () {
  const seconds = await buildTap() + await mustRun('tsc', [])
  removeStale()
  return seconds
}

/** The coverage counts only files that were loaded. @returns the compiled sources that no test has loaded */
function findUnloaded () {
  const loaded = new Set(listFiles('.tap/processinfo', '.json').flatMap((file) => JSON.parse(readFileSync(file, 'utf8')).files))
  return ['src', 'schemas'].flatMap((folder) => listFiles(join(BUILD, folder), '.js'))
    .filter((file) => !loaded.has(join(process.cwd(), file)))
}

/** @returns the test files that took longest, and their seconds */
function findSlowest () {
  return listFiles('.tap/test-results', '.tap')
    .map((file) => ({ file, ms: Number(/^# time=([\d.]+)ms/m.exec(readFileSync(file, 'utf8').slice(-200))?.[1] ?? 0) }))
    .sort((one, other) => other.ms - one.ms)
    .slice(0, SLOWEST)
    .map(({ file, ms }) => `${(ms / 1000).toFixed(1).padStart(6)}  ${file.replace(/^.*\.build./, '').replace(/\.js\.tap$/, '.ts')}`)
}

const files = process.argv.slice(2)
if (files.length > 0) {
  await compile()
  process.exitCode = (await run('tap', ['run', '--disable-coverage', '--allow-empty-coverage', ...files.map((file) => join(BUILD, file.replace(/\.ts$/, '.js')))])).status
} else {
  const [compileSeconds, lintSeconds] = await Promise.all([compile(), mustRun('eslint', ['--cache', '--cache-location', `${BUILD}/.eslintcache`, '.'])])
  const { status, seconds } = await run('tap', ['run'])
  process.exitCode = status
  console.log(`Slowest files, in seconds:\n${findSlowest().join('\n')}`)
  console.log(`Lint ${lintSeconds.toFixed(0)} s, beside types and translation ${compileSeconds.toFixed(0)} s; then tests ${seconds.toFixed(0)} s.`)
  const unloaded = findUnloaded()
  if (unloaded.length > 0) {
    console.error(`No test loads ${unloaded.join(', ')}: test it, or delete it.`)
    process.exitCode = 1
  }
}
