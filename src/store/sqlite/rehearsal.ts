import type { SqliteDatabase } from './database.js'

/**
 * Carries work out and gives its result. When it is a dry run, everything that the work has written is taken back.
 * To be called inside a transaction, which rolls back itself when the work throws.
 */
export type RunOrRehearse = <Result>(dryRun: boolean, work: () => Result) => Result

/** Prepares the dry run of writing work: the same statements on the same data, so that it cannot tell another story. */
export function prepareRehearsal (database: SqliteDatabase): RunOrRehearse {
  const begin = database.prepare('SAVEPOINT rehearsal')
  const takeBack = database.prepare('ROLLBACK TO rehearsal')
  const end = database.prepare('RELEASE rehearsal')
  return (dryRun, work) => {
    if (!dryRun) return work()
    begin.run()
    const result = work()
    takeBack.run()
    end.run()
    return result
  }
}
