import { statSync } from 'node:fs'
import { StoreUnavailableError } from '../port/unavailable.js'
import type { SqliteDatabase } from './connection.js'
import { realPathOf } from './files.js'

/** A file of a database that is open, by its device and inode. */
interface KnownFile {
  readonly path: string
  /** Undefined until the file was seen for the first time. */
  identity: string | undefined
}

/**
 * Remembers the files of a database that was just opened: the main file, the write-ahead log, and the log's index.
 * SQLite goes on with files that were removed, moved or replaced, and what it writes to them is lost with the process.
 * While a database is open, none of its files changes its identity.
 *
 * @returns a check that costs three calls of `stat`, a few microseconds. It throws StoreUnavailableError when a file is
 *   gone or is another one. Call it after a commit and before the answer, so that no answer promises what nobody can
 *   find
 */
export function rememberFiles (database: SqliteDatabase): () => void {
  const path = database.name
  const real = realPathOf(path)
  const paths = [path, `${real}-wal`, `${real}-shm`]
  const files: KnownFile[] = paths.map((file) => ({ path: file, identity: identityOf(file) }))
  return () => {
    if (!database.open) return // Its closing removes the log.
    for (const file of files) {
      const identity = identityOf(file.path)
      file.identity ??= identity
      if (identity !== file.identity) throw new StoreUnavailableError(describe(file.path, identity))
    }
  }
}

function identityOf (path: string): string | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false })
  return found && `${found.dev}:${found.ino}`
}

function describe (path: string, identity: string | undefined): string {
  const what = identity === undefined ? 'was removed or moved' : 'was replaced by another file'
  return `${path} ${what} while the service uses it. ` +
    'Stop the service, put the right file in its place or restore a backup, and start again'
}
