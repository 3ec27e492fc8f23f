import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { makeFolder } from './support/folder.js'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const TSC = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url))

/** Nothing of the test runner may reach the built service: it must run with Node alone. */
const { NODE_OPTIONS, NODE_V8_COVERAGE, ...ENVIRONMENT } = process.env

const { bin, scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { bin: Record<string, string>, scripts: Record<string, string> }

t.test('the scripts and the command run the same built file', async (t) => {
  t.equal(scripts['build'], 'tsc --project tsconfig.build.json')
  t.equal(scripts['start'], `node ${bin['stip-sandbox']} serve`)
  t.equal(scripts['demo'], `npm run build && node ${bin['stip-sandbox']} demo`)
})

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
  t.same(await (await fetch(`${address}/health/ready`)).json(), { status: 'ok' })
  const account = await fetch(`${address}/sandbox/v1/accounts/9007199254740993`, { headers: { authorization: 'Bearer secret' } })
  t.equal(account.status, 200)
  t.match(await (await fetch(`${address}/docs/`)).text(), /<html/)
  child.kill('SIGTERM')
  t.same(await once(child, 'exit'), [0, null])
})
