import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import type { Test } from './folder.js'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** A service that runs as a process of its own. */
export interface ServiceProcess {
  readonly child: ChildProcess
  /** Where it listens; rejected with what it said when it ends without. */
  readonly address: Promise<string>
  /** Everything that it has written so far, log and messages. */
  readonly output: () => string
  /** Its exit code, or null after a signal, once it has ended. */
  readonly ended: Promise<number | null>
}

/** What a service is started with, beside its environment. */
export interface ServiceOptions {
  readonly environment: Readonly<Record<string, string>>
  /** No file may grow beyond so many blocks of 512 bytes (of 1024 in some shells). */
  readonly fileBlocksMax?: number
  /** The user that it runs as; only root can choose. */
  readonly uid?: number | undefined
}

/** Starts services that were translated to JavaScript once, which takes a tenth of the time that a TypeScript loader takes. */
export type StartService = (options: ServiceOptions) => ServiceProcess

/** Translates the service into a folder of the test's own. Every process that is started from there ends with the test. */
export function makeStartService (t: Test): StartService {
  // Inside the package, so that its dependencies and its migrations are found.
  mkdirSync(join(ROOT, '.tap'), { recursive: true })
  const folder = mkdtempSync(join(ROOT, '.tap', 'service-'))
  chmodSync(folder, 0o755) // For a service that another user runs.
  t.teardown(() => { rmSync(folder, { recursive: true, force: true }) })
  for (const source of ['src', 'schemas'].flatMap(listSources)) translate(source, folder)
  const main = join(folder, 'src', 'cli', 'main.js')

  return ({ environment, fileBlocksMax, uid }) => {
    // What the test runner loads into processes handles signals that Node.js ignores, and the limit raises one of those.
    const limit = fileBlocksMax === undefined ? '' : `unset NODE_OPTIONS; ulimit -f ${fileBlocksMax}; `
    const child = spawn('/bin/sh', ['-c', `${limit}exec "$0" "$@"`, process.execPath, main, 'serve'], {
      env: { PORT: '0', ...environment }, stdio: ['ignore', 'pipe', 'pipe'], ...uid === undefined ? {} : { uid, gid: uid }
    })
    t.teardown(async () => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL')
        await once(child, 'exit')
      }
    })
    return watch(child)
  }
}

function watch (child: ChildProcess): ServiceProcess {
  let output = ''
  let isFound = false
  const ended = once(child, 'close').then(() => child.exitCode)
  const address = new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        output += chunk
        // The log of a long run is long, too.
        if (isFound) return
        const [, found] = /listening on (http:\/\/[\w.:]+)/.exec(output) ?? []
        if (found === undefined) return
        isFound = true
        resolve(found)
      })
    }
    ended.then(() => { reject(new Error(`the service has ended: ${output}`)) }, reject)
  })
  address.catch(() => {}) // Nobody has to wait for it.
  return { child, address, output: () => output, ended }
}

function listSources (folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts')).map((file) => join(folder, file))
}

function translate (source: string, folder: string): void {
  const { outputText } = ts.transpileModule(readFileSync(join(ROOT, source), 'utf8'), {
    compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true }
  })
  const target = join(folder, source.replace(/\.ts$/, '.js'))
  mkdirSync(dirname(target), { recursive: true })
  writeFileSync(target, outputText)
}
