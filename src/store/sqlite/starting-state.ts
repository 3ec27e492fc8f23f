import Database from 'better-sqlite3'
import type { Clock } from '../../clock.js'
import { insertEvent, READ_ANEW } from '../operations/events.js'
import { openToRead } from './connection.js'
import { makeLockWaiting } from './lock-waiting.js'
import { makePerform } from './statements.js'

/**
 * The numbers that are drawn go on. Issuers know TIDs and RIDs, listeners those of events and operations: what is still
 * under way must not be taken for something newer.
 */
const KEPT_TABLE = 'sequences'

/**
 * Remembers everything that a database holds.
 *
 * @param path the database
 * @param copy where its copy goes; must not exist
 * @returns a way back, for as long as the copy exists: one transaction that leaves every table as it was, but
 *   for the numbers that were drawn, and tells those who listen to read anew. It is a connection of its own, and so a
 *   store that has the database open reads everything anew
 */
export function rememberState (path: string, copy: string, clock: Clock): () => Promise<void> {
  const database = openToRead(path)
  try {
    database.prepare('VACUUM INTO ?').run(copy)
  } finally {
    database.close()
  }
  const waiting = makeLockWaiting()
  return async () => { await waiting.write(() => { putBack(path, copy, clock().getTime()) }) }
}

/** @throws SqliteError when another connection holds the lock; then nothing was begun */
function putBack (path: string, copy: string, nowMs: number): void {
  const database = new Database(path, { fileMustExist: true, timeout: 0 }).defaultSafeIntegers(true)
  try {
    database.pragma('synchronous = FULL')
    // Tables go one by one. What they refer to is there again at the end.
    database.pragma('foreign_keys = OFF')
    database.prepare('ATTACH ? AS remembered').run(copy)
    const tables = database.prepare<[string], string>(
      'SELECT name FROM remembered.sqlite_schema WHERE type = \'table\' AND name <> ?'
    ).pluck().all(KEPT_TABLE)
    const statements = tables.map((table) =>
      `DELETE FROM main."${table}"; INSERT INTO main."${table}" SELECT * FROM remembered."${table}";`)
    database.transaction(() => {
      database.exec(statements.join('\n'))
      makePerform(database)(insertEvent(READ_ANEW, nowMs))
    }).immediate()
  } finally {
    database.close()
  }
}
