import {
  chmodSync, closeSync, constants, copyFileSync, existsSync, fsyncSync, linkSync, openSync, renameSync, rmSync, statSync
} from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { openDatabase } from './database.js'
import { isDamage, openToRead } from './connection.js'
import { DatabaseError } from './database-error.js'
import { isFolder, makeFolderOf, makePrivateFile, PRIVATE_FILE_MODE } from './files.js'
import { refuseForeign } from './migrate.js'
import { occupy } from './occupancy.js'
import { findFileFaults, verifyDatabase } from './verify.js'

/** How long a restore waits for a service that is just closing. */
const RELEASE_TIMEOUT_MS = 1000

/**
 * The files that SQLite keeps beside a database. They belong to that database only, and must not be read into
 * another.
 */
const COMPANIONS = ['-wal', '-shm', '-journal']

/**
 * Copies a database as of one moment, while a service may be using it. The copy is whole and on disk before it gets
 * its name.
 *
 * @param file must not exist
 * @throws DatabaseError when the file is there already, or the database or its copy is damaged
 */
export function backupDatabase (path: string, file: string): void {
  if (existsSync(file)) throw new DatabaseError(`${file} is there already. Give the backup another name`)
  const partial = `${file}.partial`
  rmSync(partial, { force: true })
  makePrivateFile(partial)
  try {
    copyDatabase(path, partial)
    putInPlace(partial, file)
  } finally {
    rmSync(partial, { force: true })
  }
}

function copyDatabase (path: string, copy: string): void {
  const database = openToRead(path)
  try {
    refuseForeign(database)
    database.prepare('VACUUM INTO ?').run(copy)
  } catch (error) {
    throw isDamage(error)
      ? new DatabaseError(`${path} is damaged, and cannot be backed up: ${(error as Error).message}`)
      : error
  } finally {
    database.close()
  }
  const copied = openToRead(copy)
  try {
    const [fault] = findFileFaults(copied)
    if (fault !== undefined) throw new DatabaseError(`the copy of ${path} is not sound: ${fault}`)
  } finally {
    copied.close()
  }
}

/**
 * Puts a backup in the place of a database, once it is brought up to the newest migration and found sound. The
 * database that was there stays beside it under another name.
 *
 * @param now names the old database
 * @returns the path under which the old database is kept; undefined when there was none
 * @throws DatabaseError, with nothing changed, when the backup has a fault or a service holds the database
 */
export function restoreDatabase (backup: string, path: string, now: Date): string | undefined {
  const folder = [backup, path].find(isFolder)
  if (folder !== undefined) throw new DatabaseError(`${folder} is a folder, and no database file`)
  const unwritten = COMPANIONS.find((companion) => statSync(backup + companion, { throwIfNoEntry: false })?.size)
  if (unwritten !== undefined) {
    throw new DatabaseError(`${backup} is no backup, because a part of it is still in ${backup}${unwritten}. Make ` +
      'one of it with "stip-sandbox backup", and restore that')
  }
  makeFolderOf(path)
  const occupancy = occupy(path)
  const candidate = `${path}.restoring`
  try {
    if (occupancy.countOthers() > 0) {
      throw new DatabaseError(`${path} is in use by a service, even if it is not there any more. Stop the service, ` +
        'and restore again')
    }
    removeWithCompanions(candidate)
    copyFileSync(backup, candidate, constants.COPYFILE_FICLONE)
    chmodSync(candidate, statSync(path, { throwIfNoEntry: false })?.mode ?? PRIVATE_FILE_MODE)
    openDatabase(candidate).close()
    const [fault] = verifyDatabase(candidate)
    if (fault !== undefined) throw new DatabaseError(`${backup} is not put in place, because it is not sound: ${fault}`)
    if (!existsSync(path)) {
      removeCompanions(path)
      putInPlace(candidate, path)
      return undefined
    }
    return replace(path, candidate, `${path}.replaced-${now.toISOString().replaceAll(':', '-')}`)
  } finally {
    removeWithCompanions(candidate)
    occupancy.release()
  }
}

/** Replaces a database while nobody else can open it, so that there is a whole one under its name at every moment. */
function replace (path: string, candidate: string, aside: string): string {
  const release = takeAlone(path)
  try {
    linkSync(path, aside)
    // Only a damaged database can leave some.
    removeCompanions(path)
    putInPlace(candidate, path)
    return aside
  } finally {
    release()
  }
}

/**
 * Takes a database for this process alone, with everything in its main file.
 *
 * @returns how to let go of it
 * @throws DatabaseError when another process has it open
 */
function takeAlone (path: string): () => void {
  const database = new Database(path, { timeout: RELEASE_TIMEOUT_MS })
  try {
    // SQLite leaves the WAL mode only when no other connection is open, be it idle, and then keeps its lock.
    database.pragma('locking_mode = EXCLUSIVE')
    database.pragma('journal_mode = DELETE')
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    // Nobody can be using a file that SQLite cannot read.
    if (isDamage(error)) return () => {}
    throw new DatabaseError(`${path} is in use (${(error as Error).message}). Stop the service, and restore again`)
  }
  return () => { database.close() }
}

/** Gives a file its name, when all of it is on disk. */
function putInPlace (from: string, to: string): void {
  sync(from, 'r+')
  renameSync(from, to)
  sync(dirname(to), 'r')
}

function sync (path: string, flags: string): void {
  const descriptor = openSync(path, flags)
  fsyncSync(descriptor)
  closeSync(descriptor)
}

function removeWithCompanions (path: string): void {
  rmSync(path, { force: true })
  removeCompanions(path)
}

function removeCompanions (path: string): void {
  for (const companion of COMPANIONS) rmSync(path + companion, { force: true })
}
