import { exec, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { packageRoot } from '../src/package-root.js'
import { HEADER } from './support/balance-files.js'
import { makeFolder, type Test } from './support/folder.js'
import { deadLinks, packAndUnpack, runExamples, typeFaults } from './support/packed.js'
import { addressOf, UNCOUNTED, watchProcess, type CommandProcess } from './support/process.js'

const ROOT = fileURLToPath(packageRoot)

/** Nothing of the test runner may reach the built service: it must run with Node alone. */
const { NODE_OPTIONS, ...INHERITED } = process.env
const ENVIRONMENT = { ...INHERITED, ...UNCOUNTED }

const { bin, scripts } = JSON.parse(readFileSync(
  join(ROOT, 'package.json'), 'utf8'
)) as { bin: Record<string, string>, scripts: Record<string, string> }

/** Builds the package by its own script, without the check of the types. @returns where it is */
async function build (t: Test): Promise<string> {
  // Inside the project, below a folder that is ignored, because the service looks for package.json from there upwards.
  const ignored = join(ROOT, 'dist')
  mkdirSync(ignored, { recursive: true })
  const built = mkdtempSync(join(ignored, 'test-'))
  t.teardown(() => { rmSync(built, { recursive: true, force: true }) })
  await promisify(exec)(`${String(scripts['build'])} ${built} .build`, { cwd: ROOT, env: ENVIRONMENT })
  return built
}

/** Runs a script of package.json on what was built. */
function runScript (t: Test, name: string, built: string): CommandProcess {
  const command = String(scripts[name]).replace('npm run build && ', '').replace('dist/', `${built}/`)
  const env = { ...ENVIRONMENT, PORT: '0', ADMIN_TOKEN: 'secret' }
  return watchProcess(
    t, spawn('/bin/sh', ['-c', `exec ${command}`], { cwd: makeFolder(t), env, stdio: ['ignore', 'pipe', 'pipe'] })
  )
}

/** Runs commands that read each kind of file as processes of their own. */
async function checkCommands (
  t: Test & { match: (found: unknown, wanted: unknown, message: string) => unknown }, main: string, address: string
): Promise<void> {
  const folder = makeFolder(t)
  writeFileSync(join(folder, 'daily.csv'), `${HEADER}\nrec-1,1005,826,5000,2000,\n`)
  writeFileSync(join(folder, 'eurofxref.csv'), 'Date, USD, \n24 July 2025, 1.0842, \n')
  writeFileSync(join(folder, 'scenario.yaml'), 'clients: []\n')
  for (const [command, code, printed] of [
    ['balances show 1001', 0, / 1001 /],
    ['balances import daily.csv --client 123', 0, /^1 of 1 rows/],
    ['rates import eurofxref.csv', 0, /^Rates: 1/],
    ['scenario load scenario.yaml', 1, /^$/]
  ] as const) {
    // The file itself, as npx runs it in a clone.
    const child = spawn(main, command.split(' '), {
      cwd: folder,
      env: { ...ENVIRONMENT, STIP_SANDBOX_URL: address, ADMIN_TOKEN: 'secret' },
      stdio: ['ignore', 'pipe', 'ignore']
    })
    const [output, [exitCode]] = await Promise.all([text(child.stdout), once(child, 'exit')])
    t.match({ exitCode, output }, { exitCode: code, output: printed }, command)
  }
}

const builtOnce = build(t)

t.test('npm builds the package before it packs or publishes it', async (t) => {
  t.match(scripts, { prepack: 'npm run --silent build' })
})

t.test('the built service starts with Node alone, and finds its migrations and its demo', async (t) => {
  const built = await builtOnce
  const main = join(built, String(bin['stip-sandbox']).replace('dist/', ''))
  t.match(readFileSync(main, 'utf8'), /^#!\/usr\/bin\/env node\n/)

  const demo = runScript(t, 'demo', built)
  await demo.waitFor(/Stop with Ctrl\+C/)
  const address = await addressOf(demo)
  t.match(await (await fetch(`${address}/health/ready`)).json(), { status: 'ok' })
  const account = await fetch(`${address}/sandbox/v1/accounts/9007199254740993`, {
    headers: { authorization: 'Bearer secret' }
  })
  t.equal(account.status, 200)
  t.match(await (await fetch(`${address}/docs/`)).text(), /<html/)
  await checkCommands(t, main, address)
  demo.child.kill('SIGTERM')
  t.equal(await demo.exitCode, 0)

  const service = runScript(t, 'start', built)
  await addressOf(service)
  service.child.kill('SIGTERM')
  t.equal(await service.exitCode, 0)
})

/** What the tarball may weigh, in bytes. A dependency is installed beside it and does not count. */
const TARBALL_BYTES_MAX = 600_000

t.test('the packed package is small, is typed, and starts a sandbox in a test of each runner', async (t) => {
  const { folder, files, bytes } = await packAndUnpack(t, await builtOnce)
  t.ok(bytes < TARBALL_BYTES_MAX, `${bytes} bytes`)
  t.same(files.filter((file) => /\.map$|tsbuildinfo|\/test-|(?<!\.d)\.ts$/.test(file)), [])
  for (const file of ['dist/package/index.d.ts', 'dist/package/client.js', 'migrations/', 'examples/', 'LICENSE']) {
    t.ok(files.some((packed) => packed.startsWith(file)), file)
  }
  // These are for those who work on the code, in a clone.
  const others = deadLinks(folder, files).filter((link) => !/: (docs\/)?decisions\/|: CONTRIBUTING\.md$/.test(link))
  t.same(others, [], 'the documents lead somewhere')
  t.ok(files.includes('docs/stand-in.md'))
  const faults = typeFaults(folder)
  t.match(faults, [/^wrong\.ts: Type 'number' is not assignable to type 'string'/])
  t.equal(faults.length, 1)
  for (const { runner, code, output } of await runExamples(folder)) t.equal(code, 0, `${runner}: ${output}`)
})
