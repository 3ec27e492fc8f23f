import pg from 'pg'
import type { Test } from '../../support/folder.js'

/** A connection past the service, closed with the test. */
export async function connect (t: Test, url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  t.teardown(async () => { await client.end() })
  return client
}

/** Waits until somebody waits for a lock of this connection. Refused when the work ends before. */
export async function untilBlocked (t: Test, url: string, holder: pg.Client, work: Promise<unknown>): Promise<void> {
  const watcher = await connect(t, url)
  const { rows: [own] } = await holder.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  let hasEnded = false
  work.finally(() => { hasEnded = true }).catch(() => {})
  for (;;) {
    const { rows } = await watcher.query(
      'SELECT 1 FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid))', [own?.pid])
    if (rows.length > 0) return
    if (hasEnded) throw new Error('it did not wait')
  }
}

/** Waits until the server has ended all connections of this name. Then it has counted what they read. */
export async function untilEnded (watcher: pg.Client, applicationName: string): Promise<void> {
  for (;;) {
    const { rows } = await watcher.query(
      'SELECT 1 FROM pg_stat_activity WHERE application_name = $1', [applicationName])
    if (rows.length === 0) return
  }
}
