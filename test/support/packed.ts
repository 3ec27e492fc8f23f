import { execFile } from 'node:child_process'
import {
  cpSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync
} from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import ts from 'typescript'
import { packageRoot } from '../../src/package-root.js'
import { makeFolder, type Test } from './folder.js'
import { UNCOUNTED } from './process.js'

const ROOT = fileURLToPath(packageRoot)
const run = promisify(execFile)

/** Nothing of the test runner may reach a test that runs inside of one. */
const { NODE_OPTIONS, NODE_TEST_CONTEXT, TAP, ...INHERITED } = process.env
const ENVIRONMENT = { ...INHERITED, ...UNCOUNTED }

/** What Node runs for each test runner. Each runs a file of `examples/testing`. */
const RUNNERS = {
  'node:test': ['--test', 'node-test.test.js'],
  tap: ['tap.test.js'],
  vitest: ['node_modules/vitest/vitest.mjs', 'run', '--testTimeout=300000', '--hookTimeout=300000', 'vitest.test.js'],
  jest: [
    '--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--runInBand', '--testTimeout=300000', 'jest.test.js'
  ]
} as const

/** A TypeScript program that uses all of the package. */
const CONSUMER = `import { startSandbox, type Sandbox } from 'stip-sandbox'
import { createClient, type Schemas } from 'stip-sandbox/client'
const sandbox: Sandbox = await startSandbox({ scenario: { clients: [] }, clock: () => new Date(0) })
const { data } = await sandbox.client({ apiKey: 'key' }).POST('/ppws/api/v1/pws_update_balance', {
  body: {
    client_id: 123,
    api_call_unique_identifier: '1',
    balance_list: [{
      input_type: 'a', input_id: '9007199254740993', act_balance: '200', blk_balance: '0', bill_ccy: '404'
    }]
  }
})
const failed: number | undefined = data?.body.total_failed
const account: Schemas['Account'] | undefined = (await createClient({ url: sandbox.url }).GET(
  '/sandbox/v1/accounts/{account_id}', { params: { path: { account_id: '1' } } })).data
console.log(failed, account?.actual_balance)
`

/** A package as npm packs it, in the `node_modules` of a program that uses it. */
export interface PackedPackage {
  readonly folder: string
  readonly files: readonly string[]
  /** The size of the tarball. */
  readonly bytes: number
}

/** Packs what was built as npm does, and unpacks it for the examples, without a network. */
export async function packAndUnpack (t: Test, built: string): Promise<PackedPackage> {
  const folder = realpathSync(makeFolder(t))
  const staged = join(folder, 'staged')
  cpSync(built, join(staged, 'dist'), { recursive: true })
  for (const name of [
    'package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', 'migrations', 'examples',
    'docs'
  ]) {
    cpSync(join(ROOT, name), join(staged, name), { recursive: true })
  }
  const { stdout } =
    await run('npm', ['pack', '--json', '--ignore-scripts', '--offline'], { cwd: staged, env: ENVIRONMENT })
  // npm 12 answers by the names of packages, and npm 11 with a list.
  const [packed] = Object.values(JSON.parse(stdout) as object) as [
    { filename: string, size: number, files: Array<{ path: string }> }
  ]
  const installed = join(folder, 'node_modules', 'stip-sandbox')
  mkdirSync(installed, { recursive: true })
  await run('tar', ['-xzf', join(staged, packed.filename), '--strip-components=1', '-C', installed])
  // Some runners would find the examples there, too.
  rmSync(staged, { recursive: true })
  const modules = join(ROOT, 'node_modules')
  symlinkSync(modules, join(installed, 'node_modules'))
  for (const name of ['tap', 'vitest', 'jest', '@jest', '@types']) {
    symlinkSync(join(modules, name), join(folder, 'node_modules', name))
  }
  cpSync(join(installed, 'examples', 'testing'), folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  writeFileSync(join(folder, 'consumer.ts'), CONSUMER)
  writeFileSync(join(folder, 'wrong.ts'), CONSUMER.replace('\'9007199254740993\'', '9007199254740993'))
  return { folder, files: packed.files.map(({ path }) => path), bytes: packed.size }
}

/** Links of the packed documents that lead to nothing in the package, each behind the path of its document. */
export function deadLinks (folder: string, files: readonly string[]): string[] {
  const root = pathToFileURL(join(folder, 'node_modules', 'stip-sandbox/'))
  return files.filter((file) => file.endsWith('.md')).flatMap((file) => {
    const links = readFileSync(new URL(file, root), 'utf8').matchAll(/\]\(([^)\s]+)\)/g)
    return [...links].map(([, target = '']) => target).filter((target) =>
      !/^https?:/.test(target) && !existsSync(new URL(target.replace(/#.*/, ''), new URL(file, root))))
      .map((target) => `${file}: ${target}`)
  })
}

/** What TypeScript complains of in programs that use the package, each complaint behind the name of its file. */
export function typeFaults (folder: string): string[] {
  const program = ts.createProgram(['consumer.ts', 'wrong.ts'].map((file) => join(folder, file)), {
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: ['node']
  })
  return ts.getPreEmitDiagnostics(program).map(({ file, messageText }) =>
    `${basename(file?.fileName ?? '')}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`)
}

/** Runs the examples side by side, each by its own runner. */
export async function runExamples (folder: string): Promise<Array<{ runner: string, code: number, output: string }>> {
  return await Promise.all(Object.entries(RUNNERS).map(async ([runner, args]) =>
    await run(process.execPath, args, { cwd: folder, env: ENVIRONMENT }).then(
      ({ stdout }) => ({ runner, code: 0, output: stdout }),
      ({ code, stdout, stderr }: { code: number, stdout: string, stderr: string }) =>
        ({ runner, code, output: `${stdout}${stderr}` })
    )))
}
