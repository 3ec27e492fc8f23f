import { statSync } from 'node:fs'
import { isDamage, type SqliteDatabase } from './connection.js'
import { DatabaseError, WHAT_TO_DO_ABOUT_DAMAGE } from './database-error.js'
import { findSchemaFaults } from './schema-check.js'
import { accountRule } from '../verification-rules.js'
import { QUICK_RULES } from './verification-rules.js'

/**
 * How long accounts are looked through, beyond the first 2000. The rest of the check is short, whatever the size of the
 * database.
 */
const LOOK_MS = 300

/** A file of up to this many bytes is read whole. That takes less than the look through the accounts. */
const WHOLE_BYTES = 32 * 1024 * 1024

const ACCOUNTS_A_LOOK = 2000

/**
 * Refuses a database that is plainly damaged, before anybody is answered from it, within half a second whatever its
 * size: the size of the file, its tables, the newest changes and their balances, and as many other accounts as there is
 * time for, 2000 at least. `verify` checks everything.
 *
 * @param now milliseconds of a clock that never jumps
 * @throws DatabaseError with what to do
 */
export function requireSound (database: SqliteDatabase, now = () => performance.now()): void {
  const fault = findFirstFault(database, now)
  if (fault !== undefined) {
    throw new DatabaseError(`${database.name} is damaged: ${fault}. ${WHAT_TO_DO_ABOUT_DAMAGE}`)
  }
}

function findFirstFault (database: SqliteDatabase, now: () => number): string | undefined {
  try {
    const [fault] = findQuickFaults(database, now)
    return fault
  } catch (error) {
    if (!isDamage(error)) throw error
    return (error as Error).message
  }
}

function * findQuickFaults (database: SqliteDatabase, now: () => number): Generator<string> {
  const endMs = now() + LOOK_MS
  yield * findSizeFaults(database)
  yield * findSchemaFaults(database)
  for (const rule of QUICK_RULES) yield * database.prepare<[], string>(rule).pluck().iterate()
  yield * findAccountFaults(database, () => now() < endMs)
}

/** A copy that was made while the file was written may be longer or shorter than the file says of itself. */
function * findSizeFaults (database: SqliteDatabase): Generator<string> {
  const [{ log, checkpointed }] = database.pragma('wal_checkpoint(PASSIVE)') as [{ log: bigint, checkpointed: bigint }]
  if (log !== checkpointed) return // Another process is at work.
  const pageBytes = Number(database.pragma('page_size', { simple: true }))
  const wantedBytes = Number(database.pragma('page_count', { simple: true })) * pageBytes
  const { size } = statSync(database.name)
  if (size !== wantedBytes) yield `the file has ${size} bytes, and ${wantedBytes} by its own header`
  else if (size <= WHOLE_BYTES) yield * findPageFaults(database)
}

function * findPageFaults (database: SqliteDatabase): Generator<string> {
  for (const fault of database.prepare<[], string>('PRAGMA quick_check(1)').pluck().iterate()) {
    if (fault !== 'ok') yield fault
  }
}

/**
 * Looks through the accounts in the order of their numbers, as long as there is time. The first are looked through on
 * the busiest machine, too.
 */
function * findAccountFaults (database: SqliteDatabase, isTime: () => boolean): Generator<string> {
  const end = database.prepare<[bigint], bigint>(
    `SELECT account_id FROM accounts WHERE account_id > ? ORDER BY account_id LIMIT 1 OFFSET ${ACCOUNTS_A_LOOK - 1}`)
    .pluck()
  const look = database.prepare<[bigint, bigint], string>(accountRule('a.account_id > ? AND a.account_id <= ?')).pluck()
  let from: bigint | undefined = 0n
  do {
    const to: bigint | undefined = end.get(from)
    yield * look.iterate(from, to ?? 0x7fffffffffffffffn)
    from = to
  } while (from !== undefined && isTime())
}
