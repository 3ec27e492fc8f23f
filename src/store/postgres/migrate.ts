import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { packageRoot } from '../../package-root.js'
import { DatabaseError } from '../database-error.js'
import type { ConnectionPool } from './connections.js'
import type { StatementError } from './errors.js'
import { makeSend, type Send } from './send.js'

/** The SQL files of `migrations/postgres`, in their order. */
export function readMigrations (folder = new URL('migrations/postgres/', packageRoot)): readonly string[] {
  return readdirSync(folder).filter((file) => file.endsWith('.sql')).sort()
    .map((file) => readFileSync(new URL(file, folder), 'utf8'))
}

/** How long one process may migrate before another takes over. */
const LEASE_SECONDS = 60

/** How often a process that finds another at it looks again. */
const LOOK_AGAIN_MS = 50

/** What another process may have made at the same moment: a table, its type, or a row. */
const MADE_MEANWHILE = /^(23505|42P07|42710|XX000|40001)$/

/** How often the tables are tried at most. Each failure may be another process that has made one of them. */
const MAKING_ATTEMPTS = 10

/** What marks a database as one of ours. The migrations need the lease, and so these come before them. */
export const OWN_TABLES = `
  CREATE TABLE IF NOT EXISTS stip_migrations (version bigint PRIMARY KEY, applied_at_ms bigint NOT NULL);
  CREATE TABLE IF NOT EXISTS leases (
    name text COLLATE "C" PRIMARY KEY, owner text COLLATE "C" NOT NULL, expires_at timestamptz NOT NULL)`

/**
 * Applies the migrations that the database does not have yet, each in a transaction of its own. Any number of processes
 * may do so at the same moment: a row in a table says who is at it, and until when.
 *
 * @throws DatabaseError when the database is another program's, or was written by a newer version of this one
 */
export async function migrate (pool: ConnectionPool, nowMs: number): Promise<void> {
  const migrations = readMigrations()
  const connection = await pool.connect()
  const send = makeSend(connection.client)
  try {
    if (!await hasOwnTables(send)) await makeOwnTables(send)
    if (await readVersion(send) < migrations.length) await migrateUnderLease(send, migrations, nowMs)
    requireKnown(await readVersion(send), migrations.length)
    connection.release()
  } catch (error) {
    connection.discard()
    throw error
  }
}

/** @throws DatabaseError unless the database has exactly the migrations that this version knows */
export function requireKnown (version: number, known: number): void {
  if (version > known) {
    throw new DatabaseError(`the database was written by a newer version of stip-sandbox (schema ${version}, this ` +
      `version knows up to ${known}). Install that version, or use another DATABASE_URL`)
  }
  if (version < known) {
    throw new DatabaseError(`the database has schema ${version} and this version needs ${known}. ` +
      'Start stip-sandbox anew to migrate it')
  }
}

async function makeOwnTables (send: Send, attempt = 1): Promise<void> {
  try {
    await send(OWN_TABLES)
  } catch (error) {
    if (attempt === MAKING_ATTEMPTS || !MADE_MEANWHILE.test(String((error as StatementError).code))) throw error
    await makeOwnTables(send, attempt + 1)
  }
}

/** @returns how many migrations the database has */
export async function readVersion (send: Send): Promise<number> {
  const { rows: [row] } = await send('SELECT count(*) AS version FROM stip_migrations')
  return Number(row?.['version'])
}

async function migrateUnderLease (send: Send, migrations: readonly string[], nowMs: number): Promise<void> {
  const owner = randomUUID()
  while (!await takeLease(send, owner)) await wait(LOOK_AGAIN_MS)
  try {
    for (let version = await readVersion(send); version < migrations.length; version = await readVersion(send)) {
      await applyMigration(send, version, migrations[version] as string, nowMs)
    }
  } finally {
    await send('DELETE FROM leases WHERE name = $1::text AND owner = $2::text', ['migration', owner]).catch(() => {})
  }
}

/**
 * Applies one migration, or finds that another process has applied it. That happens when one takes longer than its
 * lease: the second waits for what the first has made, and is refused in words of the catalogs.
 */
async function applyMigration (send: Send, version: number, migration: string, nowMs: number): Promise<void> {
  try {
    await send(`BEGIN; ${migration};
      INSERT INTO stip_migrations (version, applied_at_ms) VALUES (${version + 1}, ${BigInt(nowMs)}); COMMIT`)
  } catch (error) {
    if (!await isAppliedMeanwhile(send, version)) throw error
  }
}

async function isAppliedMeanwhile (send: Send, version: number): Promise<boolean> {
  try {
    await send('ROLLBACK')
    return await readVersion(send) > version
  } catch {
    return false // A lost connection has said why.
  }
}

async function takeLease (send: Send, owner: string): Promise<boolean> {
  const { rowCount } = await send(`INSERT INTO leases (name, owner, expires_at)
    VALUES ('migration', $1::text, now() + interval '${LEASE_SECONDS} seconds')
    ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, expires_at = excluded.expires_at
    WHERE leases.expires_at < now()`, [owner])
  return rowCount === 1
}

/**
 * Tells whether the tables are there that come before the migrations. Then the user needs no right to make tables.
 *
 * @throws DatabaseError when there is something in the schema and it is not ours
 */
async function hasOwnTables (send: Send): Promise<boolean> {
  const { rows } = await send('SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()')
  const names = rows.map((row) => String(row['table_name']))
  const own = ['stip_migrations', 'leases'].filter((name) => names.includes(name))
  if (names.length > 0 && own.length === 0) {
    throw new DatabaseError(`the database has tables of another program (${names.slice(0, 3).join(', ')}). ` +
      'Set DATABASE_URL to an empty database or to one of stip-sandbox')
  }
  return own.length === 2
}
