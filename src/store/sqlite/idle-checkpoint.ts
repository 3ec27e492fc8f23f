import type { SqliteDatabase } from './connection.js'

/** How long nothing was written before the log goes into the database file. */
const IDLE_MS = 1000

export interface IdleCheckpoint {
  /** To be called with each transaction that may write. Costs no more than a look at a flag. */
  wrote (): void
  /** To be called before the database is closed. */
  stop (): void
}

/**
 * Writes the log into the database file, once nothing was written for a second. So a plain copy of the file
 * of an idle service is whole, and the log begins anew.
 *
 * It leaves the log alone while another process reads from before it, and tries again a second later.
 */
export function makeIdleCheckpoint (database: SqliteDatabase): IdleCheckpoint {
  const checkpoint = database.prepare<[], { busy: bigint }>('PRAGMA wal_checkpoint(TRUNCATE)')
  let timer: NodeJS.Timeout | undefined
  let wroteSince = false

  function wait (): void {
    wroteSince = false
    timer = setTimeout(look, IDLE_MS).unref()
  }

  function look (): void {
    timer = undefined
    if (wroteSince || !isDone()) wait()
  }

  function isDone (): boolean {
    if (database.inTransaction) return false
    try {
      return checkpoint.get()?.busy === 0n
    } catch {
      return false // A full disk, or a lock of another process. What was committed is safe in the log.
    }
  }

  return {
    wrote: () => {
      wroteSince = true
      if (timer === undefined) wait()
    },
    stop: () => { clearTimeout(timer) }
  }
}
