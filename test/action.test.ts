import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { parse } from 'yaml'
import { packageRoot } from '../src/package-root.js'
import { makeFolder } from './support/folder.js'
import { UNCOUNTED } from './support/process.js'

const ROOT = fileURLToPath(packageRoot)
const run = promisify(execFile)

interface Action {
  readonly inputs: Record<string, { readonly default: string }>
  readonly outputs: Record<string, { readonly value: string }>
  readonly runs: { readonly steps: ReadonlyArray<{ readonly id?: string, readonly run: string }> }
}

const action = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as Action

t.test('the GitHub Action starts a sandbox with a scenario, and gives its address and its masked token', async (t) => {
  const folder = makeFolder(t)
  const checkout = join(folder, 'checkout')
  mkdirSync(checkout)
  symlinkSync(join(ROOT, '.build'), join(checkout, 'dist'))
  const output = join(folder, 'output')
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    XDG_STATE_HOME: folder,
    TMPDIR: folder,
    GITHUB_ACTION_PATH: checkout,
    GITHUB_OUTPUT: output,
    SCENARIO: 'examples/testing/scenario.json',
    SANDBOX_PORT: action.inputs['port']?.default,
    ...UNCOUNTED
  }
  const start = action.runs.steps.find(({ id }) => id === 'start')
  // As GitHub runs a step whose shell is bash.
  const options = ['--noprofile', '--norc', '-eo', 'pipefail', '-c', String(start?.run)]
  const { stdout } = await run('bash', options, { cwd: ROOT, env })
  const given = Object.fromEntries(readFileSync(output, 'utf8').trim().split('\n').map((line) => line.split('='))) as
    Record<string, string>
  const { url = '', 'admin-token': token = '' } = given
  try {
    t.same(
      Object.values(action.outputs).map(({ value }) => value),
      Object.keys(given).map((name) => `\${{ steps.start.outputs.${name} }}`)
    )
    t.equal(stdout.split('\n')[0], `::add-mask::${token}`)
    t.equal(stdout.split(token).length, 2)
    const account = await fetch(`${url}/sandbox/v1/accounts/9007199254740993`, {
      headers: { authorization: `Bearer ${token}` }
    })
    t.match(await account.json(), { available_balance: '1000.00' })
  } finally {
    await run(process.execPath, [join(checkout, 'dist/src/cli/main.js'), 'stop', '--url', url], { env })
  }
})
