// Builds the package: compiles the service, asks it for its OpenAPI document, makes the typed client of that, and
// writes the types that a program can import.
//
//   node package/build.js                   into dist
//   node package/build.js FOLDER COMPILED   into a folder, with the document of a service that is compiled and checked
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import openapiTypescript, { astToString } from 'openapi-typescript'
import ts from 'typescript'
import { textsForNumbers } from './texts-for-numbers.js'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const GENERATED = join(ROOT, 'package', 'generated')

/** What `exports` of package.json names. */
const ENTRIES = ['index.ts', 'client.ts'].map((file) => join(ROOT, 'package', file))

/** Parsed sources by their names. */
const sources = new Map()

const [folder = 'dist', compiled] = process.argv.slice(2)
const built = resolve(ROOT, folder)

/** Ends with the compiler's complaints, if it has any. */
function refuse (complaints) {
  if (complaints.length === 0) return
  process.stderr.write(ts.formatDiagnosticsWithColorAndContext(complaints, ts.createCompilerHost({})))
  process.exit(1)
}

function readProject () {
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (complaint) => { refuse([complaint]) } }
  const project = ts.getParsedCommandLineOfConfigFile(join(ROOT, 'tsconfig.build.json'), { outDir: built }, host)
  refuse(project.errors)
  return project
}

function write (file, text) {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

/** Reads the project, whose sources are parsed once for all that is made of them. */
function readProgram (options) {
  const project = readProject()
  const host = ts.createCompilerHost(project.options)
  const { getSourceFile } = host
  host.getSourceFile = (name, ...more) => {
    const file = sources.get(name) ?? getSourceFile(name, ...more)
    // What is generated comes later.
    if (file !== undefined) sources.set(name, file)
    return file
  }
  return ts.createProgram(project.fileNames, { ...project.options, ...options }, host)
}

/** Writes the JavaScript. */
function compile () {
  refuse(readProgram({ declaration: false, noCheck: true }).emit().diagnostics)
}

/**
 * Writes the types of the entries, and of what those import: no program can import the others.
 *
 * @param isWhole whether all sources are checked; else the entries alone, which nothing else checks
 */
function declare (isWhole) {
  const program = readProgram({})
  refuse(isWhole
    ? ts.getPreEmitDiagnostics(program)
    : ENTRIES.flatMap((file) => program.getSemanticDiagnostics(program.getSourceFile(file))))
  const files = new Set(ENTRIES)
  for (const file of files) {
    const { diagnostics } = program.emit(program.getSourceFile(file), (name, text) => {
      write(name, text)
      for (const [, path] of text.matchAll(/(?:from |import\()['"](\.[^'"]+)\.js['"]/g)) {
        files.add(join(dirname(file), `${path}.ts`))
      }
    }, undefined, true)
    refuse(diagnostics)
  }
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
  write(join(GENERATED, 'paths.ts'), astToString(await openapiTypescript(document)))
  write(join(GENERATED, 'calls.ts'), `export const CALLS = ${JSON.stringify(calls, null, 2)} as const\n`)
}

if (folder === 'dist') {
  // On standard error: the output of a command that is built first may be read by a script.
  console.error('Building stip-sandbox from its sources…')
  rmSync(built, { recursive: true, force: true })
}
if (compiled === undefined) compile()
await generate()
compile()
declare(compiled === undefined)
// In a clone npx runs the file itself: npm sets the mode only where it installs the package.
chmodSync(join(built, 'src', 'cli', 'main.js'), 0o755)
