import { performance } from 'node:perf_hooks'
import type { StoreObserver } from '../observer.js'
import type { SqliteDatabase } from './database.js'

/** Prepares work as one transaction that takes the write lock at its beginning. The observer is told of its commit. */
export function prepareWrite<Parameters extends unknown[], Result> (database: SqliteDatabase, observer: StoreObserver, work: (...parameters: Parameters) => Result): (...parameters: Parameters) => Result {
  let workedUntilMs = 0
  const transaction = database.transaction((...parameters: Parameters) => {
    const result = work(...parameters)
    workedUntilMs = performance.now()
    return result
  })
  return (...parameters) => {
    const result = transaction.immediate(...parameters)
    observer.committed(1, performance.now() - workedUntilMs)
    return result
  }
}
