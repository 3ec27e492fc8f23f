import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../../src/store/sqlite/database.js'

let empty: Buffer | undefined

/** Makes an empty database where there is no file. To copy one takes less time than its migrations. */
export function makeSqlitePlace (path: string): void {
  if (existsSync(path)) return
  empty ??= makeEmpty()
  writeFileSync(path, empty, { mode: 0o600 })
}

function makeEmpty (): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'stip-sandbox-'))
  const path = join(folder, 'empty.sqlite')
  // Its closing brings all of the log into the file.
  openDatabase(path).close()
  const bytes = readFileSync(path)
  rmSync(folder, { recursive: true })
  return bytes
}
