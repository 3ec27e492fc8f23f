import { closeSync, mkdirSync, openSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** Balances and the hashes of keys are for their user only. */
export const PRIVATE_FILE_MODE = 0o600
const PRIVATE_FOLDER_MODE = 0o700

/** Tells whether a path leads to a folder, of which SQLite and the system say something less clear. */
export function isFolder (path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

/** Makes the folder of a file where there is none, for its user only. */
export function makeFolderOf (path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: PRIVATE_FOLDER_MODE })
}

/**
 * Makes an empty file that only its user can read, where there is none. SQLite takes an empty file for a new database,
 * and gives the files beside it the same mode. Where the file cannot be made, SQLite says why.
 *
 * A file that exists is never opened: closing it would drop all of SQLite's locks on it in this process.
 */
export function makePrivateFile (path: string): void {
  try {
    closeSync(openSync(path, 'wx', PRIVATE_FILE_MODE))
  } catch {}
}

/**
 * Gives the path of a database without symbolic links: beside that path SQLite keeps its other files. The database
 * itself need not exist, its folder must.
 */
export function realPathOf (path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return join(realpathSync(dirname(path)), basename(path))
  }
}
