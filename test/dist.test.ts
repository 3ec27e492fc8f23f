import { execFile, spawn } from 'node:child_process'
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

const ROOT = fileURLToPath(packageRoot)
const TSC = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc')

/** Nothing of the test runner may reach the built service: it must run with Node alone. */
const { NODE_OPTIONS, NODE_V8_COVERAGE, ...ENVIRONMENT } = process.env

const { bin, scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { bin: Record<string, string>, scripts: Record<string, string> }

t.test('the scripts and the command run the same built file', async (t) => {
  t.equal(scripts['build'], 'tsc --project tsconfig.build.json')
  t.equal(scripts['start'], `node ${bin['stip-sandbox']} serve`)
  t.equal(scripts['demo'], `npm run build && node ${bin['stip-sandbox']} demo`)
})

/** Runs each command about the data as a process of its own. */
async function checkCommands (t: Test & { match: (found: unknown, wanted: unknown, message: string) => unknown }, main: string, address: string): Promise<void> {
  const folder = makeFolder(t)
  writeFileSync(join(folder, 'daily.csv'), `${HEADER}\nrec-1,1005,826,5000,2000,\n`)
  writeFileSync(join(folder, 'eurofxref.csv'), 'Date, USD, \n24 July 2025, 1.0842, \n')
  writeFileSync(join(folder, 'scenario.yaml'), 'clients: []\n')
  for (const [command, code, printed] of [
    ['balances show 1001', 0, / 1001 /],
    ['balances set 1001 --actual -10.00 --blocked 0 --reason test', 0, /^After +-10\.00/m],
    ['balances import daily.csv --client 123', 0, /^1 of 1 rows/],
    ['history 1001', 0, / sandbox /],
    ['snapshot save before', 0, /^before /m],
    ['snapshot list --json', 0, /"before"/],
    ['snapshot diff scenario', 0, / 1001 {2}changed /],
    ['snapshot restore before --dry-run', 0, /^Dry run/],
    ['snapshot reset', 0, /^Accounts set back to scenario: 2/],
    ['rates import eurofxref.csv', 0, /^Rates: 1/],
    ['rates list --base 978', 0, / 1\.0842 /],
    ['client create 789 --name Third', 0, /^X-API-KEY of client 789/],
    ['client rotate 789', 0, /^X-API-KEY of client 789/],
    ['scenario export', 0, /"api_key_sha256"/],
    ['scenario load scenario.yaml', 1, /^$/],
    ['prune --older-than 90d --yes', 0, /^rows of history +0$/m]
  ] as const) {
    const child = spawn(process.execPath, [main, ...command.split(' ')], { cwd: folder, env: { ...ENVIRONMENT, STIP_SANDBOX_URL: address, ADMIN_TOKEN: 'secret' }, stdio: ['ignore', 'pipe', 'ignore'] })
    const [output, [exitCode]] = await Promise.all([text(child.stdout), once(child, 'exit')])
    t.match({ exitCode, output }, { exitCode: code, output: printed }, command)
  }
}

t.test('the built service starts with Node alone, and finds its migrations and its demo', async (t) => {
  // It is built inside the project, below a folder that is ignored, because it looks for package.json from there upwards.
  const ignored = join(ROOT, 'dist')
  mkdirSync(ignored, { recursive: true })
  const built = mkdtempSync(join(ignored, 'test-'))
  t.teardown(() => { rmSync(built, { recursive: true, force: true }) })
  await promisify(execFile)(process.execPath, [TSC, '--project', 'tsconfig.build.json', '--outDir', built, '--tsBuildInfoFile', join(built, '.tsbuildinfo')], { cwd: ROOT, env: ENVIRONMENT })

  const main = join(built, String(bin['stip-sandbox']).replace('dist/', ''))
  t.match(readFileSync(main, 'utf8'), /^#!\/usr\/bin\/env node\n/)
  const child = spawn(process.execPath, [main, 'demo'], { cwd: makeFolder(t), env: { ...ENVIRONMENT, PORT: '0', ADMIN_TOKEN: 'secret' }, stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => { child.kill('SIGKILL') })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => { output += chunk })
  while (!output.includes('Stop with Ctrl+C')) await once(child.stdout, 'data')
  const [, address] = /listening on (\S+)/.exec(output) ?? []
  t.same(await (await fetch(`${address}/health/ready`)).json(), { status: 'ok', other_processes: 0 })
  const account = await fetch(`${address}/sandbox/v1/accounts/9007199254740993`, { headers: { authorization: 'Bearer secret' } })
  t.equal(account.status, 200)
  t.match(await (await fetch(`${address}/docs/`)).text(), /<html/)
  await checkCommands(t, main, String(address))
  child.kill('SIGTERM')
  t.same(await once(child, 'exit'), [0, null])
})
