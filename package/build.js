// Builds the package: compiles the service, asks it for its OpenAPI document, makes the typed client of that, and
// compiles everything with its types.
//
//   node package/build.js                   into dist
//   node package/build.js FOLDER COMPILED   into a folder, unchecked, with the document of a service that is compiled
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import openapiTypescript, { astToString } from 'openapi-typescript'
import { textsForNumbers } from './texts-for-numbers.js'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const GENERATED = join(ROOT, 'package', 'generated')

const [folder = 'dist', compiled] = process.argv.slice(2)
const built = resolve(ROOT, folder)

/** Ends with the compiler's own exit code when it complains. */
function compile (...options) {
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc')
  const args = [tsc, '--project', 'tsconfig.build.json', '--outDir', built, ...options]
  const { status } = spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

async function readDocument () {
  const { startSandbox } = await import(pathToFileURL(resolve(ROOT, compiled ?? built, 'src', 'sandbox.js')).href)
  const sandbox = await startSandbox()
  const document = await (await fetch(`${sandbox.url}/openapi.json`)).json()
  await sandbox.close()
  return document
}

async function generate () {
  const { document, calls } = textsForNumbers(await readDocument())
  mkdirSync(GENERATED, { recursive: true })
  writeFileSync(join(GENERATED, 'paths.ts'), astToString(await openapiTypescript(document)))
  writeFileSync(join(GENERATED, 'calls.ts'), `export const CALLS = ${JSON.stringify(calls, null, 2)} as const\n`)
}

if (folder === 'dist') rmSync(built, { recursive: true, force: true })
if (compiled === undefined) compile('--noCheck')
await generate()
compile(...compiled === undefined ? [] : ['--noCheck'])
// In a clone npx runs the file itself: npm sets the mode only where it installs the package.
chmodSync(join(built, 'src', 'cli', 'main.js'), 0o755)
