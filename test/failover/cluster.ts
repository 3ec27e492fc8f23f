import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdirSync, rmSync, statSync, writeFileSync, chmodSync, chownSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import type { Test } from '../support/folder.js'
import { findPort } from '../support/ports.js'
import { CREDENTIALS, makeDatabaseFiles, ownerOf, programOf } from '../support/postgres-server.js'

/** Processes are killed here, never the machine: what was written is in the files, also without a sync. */
const SETTINGS = {
  fsync: 'off',
  listen_addresses: '127.0.0.1',
  shared_buffers: '32MB',
  max_connections: '60',
  // In the server's own folder. A server that is killed leaves its segments in the machine's memory for ever.
  dynamic_shared_memory_type: 'mmap',
  wal_keep_size: '256MB',
  log_min_messages: 'error'
}

/** How often a condition of a server is looked at. */
const LOOK_AGAIN_MS = 20

/** Only what never comes takes so long, also on a machine with much else to do. */
const START_SECONDS_MAX = 300

/** A PostgreSQL server as a process of its own. */
export interface Node {
  readonly port: number
  readonly folder: string
  /** Runs a statement. @returns its rows */
  readonly query: (sql: string, values?: readonly unknown[]) => Promise<ReadonlyArray<Record<string, unknown>>>
  /** Ends the server and all of its processes at once, as a machine that is gone. */
  readonly kill: () => Promise<void>
}

/** A primary, and a standby for whose word each commit waits. */
export interface Cluster {
  /** `postgresql://…` of both hosts. */
  readonly url: string
  /** The primary, for tools that know one host only. */
  readonly primaryUrl: () => string
  /** Kills the primary and makes the standby the new one. */
  readonly failOver: () => Promise<void>
  /** Makes a new standby in the place of the primary that was killed, and waits until commits wait for it. */
  readonly addStandby: () => Promise<void>
}

/** Starts a cluster, whose processes end with the test. */
export async function startCluster (t: Test, folder: string): Promise<Cluster> {
  chmodSync(folder, 0o755)
  const ports = [await findPort(), await findPort()] as const
  let made = 0
  const nextFolder = (): string => {
    made += 1
    const next = join(folder, `node-${made}`)
    mkdirSync(next)
    return next
  }
  let primary = await startNode(t, ports[0], makeDatabaseFiles(nextFolder()))
  let standby: Node | undefined

  async function addStandby (): Promise<void> {
    const port = primary.port === ports[0] ? ports[1] : ports[0]
    standby = await startStandby(t, primary, join(nextFolder(), 'data'), port)
  }

  await addStandby()
  const urlOf = (...hosts: readonly number[]): string =>
    `postgresql://${CREDENTIALS.user}:${CREDENTIALS.password}@` +
    `${hosts.map((port) => `127.0.0.1:${port}`).join()}/postgres`
  return {
    url: urlOf(...ports),
    primaryUrl: () => urlOf(primary.port),
    failOver: async () => {
      if (standby === undefined) throw new Error('there is no standby')
      await primary.kill()
      await standby.query('SELECT pg_promote()')
      rmSync(primary.folder, { recursive: true })
      primary = standby
      standby = undefined
    },
    addStandby
  }
}

async function startNode (t: Test, port: number, folder: string): Promise<Node> {
  const settings = Object.entries({ ...SETTINGS, port }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  // A process group of its own: a kill of the server alone would leave its processes for a moment.
  const child = spawn(programOf('postgres'), ['-D', folder, '-k', '', ...settings], {
    ...ownerOf(), cwd: folder, detached: true, stdio: ['ignore', 'ignore', 'pipe']
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => { said = `${said}${chunk}`.slice(-2000) })
  const kill = async (): Promise<void> => { await killGroup(child) }
  t.teardown(kill)
  const query: Node['query'] = async (sql, values = []) => {
    const client = new pg.Client({ ...CREDENTIALS, host: '127.0.0.1', port, database: 'postgres' })
    client.on('error', () => {})
    await client.connect()
    try {
      return (await client.query(sql, [...values])).rows
    } finally {
      await client.end()
    }
  }
  await until(`the server at ${port} answers`, async () => {
    if (child.exitCode !== null) throw new Error(`the server ended: ${said}`)
    return await query('SELECT 1').then(() => true, () => false)
  })
  return { port, folder, query, kill }
}

async function killGroup (child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  process.kill(-(child.pid as number), 'SIGKILL')
  await ended
}

/**
 * Copies a primary that runs into a standby, as the manual's section "Making a Base Backup Using the Low Level API"
 * says, and makes commits wait for it.
 */
async function startStandby (t: Test, primary: Node, folder: string, port: number): Promise<Node> {
  const name = `standby_${port}`
  const client = new pg.Client({ ...CREDENTIALS, host: '127.0.0.1', port: primary.port, database: 'postgres' })
  await client.connect()
  await client.query('SELECT pg_backup_start($1, true)', [name])
  execFileSync('cp', ['-a', primary.folder, folder])
  const { rows: [backup] } = await client.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop(false)')
  await client.end()
  for (const file of ['postmaster.pid', 'postmaster.opts']) rmSync(join(folder, file), { force: true })
  const write = (file: string, text: string): void => {
    writeFileSync(join(folder, file), text)
    const { uid, gid } = statSync(primary.folder)
    chownSync(join(folder, file), uid, gid)
  }
  write('backup_label', String(backup?.labelfile))
  write('standby.signal', '')
  const { user, password } = CREDENTIALS
  const way = `host=127.0.0.1 port=${primary.port} user=${user} password=${password} application_name=${name}`
  appendFileSync(
    join(folder, 'postgresql.auto.conf'), `\nprimary_conninfo = '${way}'\nsynchronous_standby_names = ''\n`)
  const standby = await startNode(t, port, folder)
  await primary.query(`ALTER SYSTEM SET synchronous_standby_names = '${name}'`)
  await primary.query('SELECT pg_reload_conf()')
  await until('commits wait for the standby', async () => {
    const rows = await primary.query('SELECT 1 FROM pg_stat_replication WHERE sync_state = \'sync\'')
    return rows.length > 0
  })
  return standby
}

async function until (what: string, isSo: () => Promise<boolean>): Promise<void> {
  const endMs = performance.now() + START_SECONDS_MAX * 1000
  while (!await isSo()) {
    if (performance.now() > endMs) throw new Error(`not within ${START_SECONDS_MAX} s: ${what}`)
    await wait(LOOK_AGAIN_MS)
  }
}
